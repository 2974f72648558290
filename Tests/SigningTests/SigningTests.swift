// Signatures against RFC 8032's vectors, key texts, key files, sealing.

import Base
import Foundation
import Testing

@testable import Signing

@Suite struct SigningTests {
  private func bytes(_ hex: String) -> [UInt8] {
    stride(from: 0, to: hex.count, by: 2).compactMap {
      let start = hex.index(hex.startIndex, offsetBy: $0)
      return UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16)
    }
  }

  private var key: SigningKey {
    get throws { try SigningKey(name: "ada", seed: [UInt8](0..<32)) }
  }

  /// RFC 8032, 7.1, tests 1 and 3.
  @Test(arguments: [
    (
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    ),
    (
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    ),
  ])
  func vectors(seed: String, publicKey: String, message: String, signature: String) throws {
    let key = try SigningKey(name: "rfc", seed: bytes(seed))
    #expect(key.publicKey.bytes == bytes(publicKey))
    #expect(try key.sign(bytes(message)) == bytes(signature))
    #expect(key.publicKey.verifies(bytes(signature), of: bytes(message)))
    #expect(!key.publicKey.verifies(bytes(signature), of: bytes(message) + [0]))
    #expect(!key.publicKey.verifies([], of: bytes(message)))
  }

  /// The verifier key in the documentation of C2SP signed-note's reference implementation.
  @Test func textFormsAreSignedNotes() throws {
    let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    let verifier = try VerificationKey(text: text)
    #expect(verifier.name == "PeterNeumann")
    #expect(verifier.keyHash == "c74f20a3")
    #expect(verifier.text == text)
    #expect(throws: StemmaError.self) {
      try VerificationKey(text: text.replacingOccurrences(of: "Peter", with: "Paul"))
    }
    let again = try SigningKey(text: key.text)
    #expect(try again.publicKey == key.publicKey)
  }

  @Test func keyFilesAreTheOwnersOnly() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("stemma-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("ada.key").path
    try KeyFile.create(key, at: path)
    #expect(try KeyFile.read(path).publicKey == key.publicKey)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(throws: StemmaError.self) { try KeyFile.create(key, at: path) }
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    #expect(throws: StemmaError.self) { try KeyFile.read(path) }
  }

  @Test func decisionsAreSignedAsReadableText() throws {
    let statement = DecisionStatement(
      campaign: "c0ffee", subject: "P7", gate: "proposal", action: "reject",
      reason: "tried twice\ngate: report", transaction: TransactionNumber(41))
    let signature = try statement.signature(by: key)
    let verifier = try key.publicKey
    #expect(DecisionStatement.verify(text: statement.text, signature: signature, by: verifier))
    #expect(statement.text.contains("reason: tried twice\\ngate: report\n"))
    let forged = statement.text.replacingOccurrences(of: "reject", with: "approve")
    #expect(!DecisionStatement.verify(text: forged, signature: signature, by: verifier))
    #expect(!DecisionStatement.verify(text: statement.text, signature: "AAAA", by: verifier))
  }

  @Test func sealedValuesOpenOnlyWithTheirKey() throws {
    let value = Array("2.0631".utf8)
    let context = Array("holdout E7".utf8)
    let sealed = try Sealing.seal(value, context: context, with: key)
    #expect(try Sealing.open(sealed, context: context, with: key) == value)
    #expect(try Sealing.seal(value, context: context, with: key) == sealed)
    let other = try SigningKey(name: "eve", seed: [UInt8](1...32))
    #expect(throws: StemmaError.self) { try Sealing.open(sealed, context: context, with: other) }
    #expect(throws: StemmaError.self) { try Sealing.open(sealed, context: [1], with: key) }
    // Each bit: this is what a vault's files are, which `verify` has no key for.
    for bit in 0..<sealed.count * 8 {
      var changed = sealed
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: StemmaError.self) { try Sealing.open(changed, context: context, with: key) }
    }
    #expect(
      try Sealing.open(Sealing.seal([], context: [], with: key), context: [], with: key) == [])
  }

  @Test func base64IsStrict() {
    for count in 0..<40 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }
    for text in ["A", "AA==\n", "AB==", "A===", "!!!!", "AA=A"] {
      #expect(Base64.decode(text) == nil)
    }
  }
}
