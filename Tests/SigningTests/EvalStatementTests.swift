// Signatures over evals: those that this process made itself are known by heart, and nothing else
// may be taken for one of them.

import Base
import Testing

@testable import Signing

@Suite struct EvalStatementTests {
  private let key: SigningKey

  init() throws { key = try SigningKey(name: "runner", seed: Array(1...32)) }

  @Test func onlyWhatWasSignedIsKnown() throws {
    let statement = "{\"run\":\"R1\"}"
    let signature = try EvalStatement.signature(over: statement, by: key)
    let runner = NoteKey(key.publicKey)
    #expect(EvalStatement.isSigned(Text(statement), Text(signature), byAnyOf: [runner]))
    #expect(!EvalStatement.isSigned("{\"run\":\"R2\"}", Text(signature), byAnyOf: [runner]))
    let other = try SigningKey(name: "runner", seed: Array(2...33))
    #expect(
      !EvalStatement.isSigned(
        Text(statement), Text(signature), byAnyOf: [NoteKey(other.publicKey)]))
    // The other's signature under our key's name.
    let foreign = try EvalStatement.signature(over: statement, by: other).split(separator: " ")[1]
    let forged = "\(key.publicKey.name)+\(key.publicKey.keyHash) \(foreign)"
    #expect(!EvalStatement.isSigned(Text(statement), Text(forged), byAnyOf: [runner]))
  }

  @Test func whatIsNotRememberedIsComputed() throws {
    let message = Array("a message".utf8)
    let signature = try key.sign(message)
    #expect(!OwnSignatures.contains(signature, over: message, by: key.publicKey.bytes))
    OwnSignatures.remember(signature, over: message, by: key.publicKey.bytes)
    #expect(OwnSignatures.contains(signature, over: message, by: key.publicKey.bytes))
    #expect(!OwnSignatures.contains(signature, over: message + [0], by: key.publicKey.bytes))
    let short = Array(signature.dropLast())
    #expect(!OwnSignatures.contains(short, over: message, by: key.publicKey.bytes))
    #expect(key.publicKey.verifies(signature, of: message))
  }
}
