// What a runner signs about an eval: an in-toto statement about the evaluator's answer, with the
// hashes of what went into it and the facts that the eval has. It is carried by the eval itself, so
// that it is found, exported and checked wherever the eval is.

import Base
import Lineage
import Signing

/// The form of statements and their signatures.
package enum Attestation {
  /// The properties of an eval that its statement repeats, where the eval has them.
  static let measured: Set<Text> = [
    "metric", "value", "unit", "split", "status", "seed", "items", "commitment", "answerHash",
    "failure",
  ]

  /// `standing` in JSON.
  static let attested = Array("\"attested\"".utf8)

  /// What DSSE signs (in-toto attestation framework, envelope v1).
  static func message(_ statement: Text) -> [UInt8] {
    let payload = Array(statement.string.utf8)
    return Array("DSSEv1 28 application/vnd.in-toto+json \(payload.count) ".utf8) + payload
  }

  /// Whether a signature `name+hash base64` over a statement is of one of the keys.
  static func isSigned(_ statement: Text, _ signature: Text, byAnyOf keys: [NoteKey]) -> Bool {
    let words = signature.string.split(
      separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    guard words.count == 2, let bytes = Base64.decode(String(words[1])) else { return false }
    return keys.contains { key in
      guard key.kind == NoteKey.Algorithm.ed25519.rawValue, words[0] == "\(key.name)+\(key.keyHash)"
      else { return false }
      let verifier = try? VerificationKey(name: key.name, bytes: key.bytes)
      return verifier?.verifies(bytes, of: message(statement)) == true
    }
  }

  /// The facts that a statement is about.
  static func measured(_ statement: Text) throws -> ValueMap {
    let limits = StrictJSON.Limits(bytes: 1 << 20, depth: 16)
    let json = try StrictJSON.parse(Array(statement.string.utf8), limits: limits)
    guard case .map(let members) = json, case .map(let predicate)? = members["predicate"],
      case .map(let measured)? = predicate["measured"]
    else { throw StemmaError(.argumentInvalid, "its statement is about no eval") }
    return measured
  }
}
