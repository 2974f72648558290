// The public half of a key: its text form and identity after C2SP signed-note, and verification.

import Base
import CCrypto

/// A named Ed25519 public key.
public struct VerificationKey: Sendable, Hashable {
  public let name: String
  /// 32 bytes.
  public let bytes: [UInt8]
  /// Eight hexadecimal digits: the first four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key).
  public let keyHash: String

  /// Throws `argument.invalid` for a name with spaces or plus signs, or a key of another length.
  public init(name: String, bytes: [UInt8]) throws {
    let isUsable = name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x2B }
    guard isUsable, !name.isEmpty, name.utf8.count <= 128 else {
      throw StemmaError(
        .argumentInvalid, "a key's name is one word of plain letters, without spaces and '+'")
    }
    guard bytes.count == 32 else {
      throw StemmaError(.argumentInvalid, "an Ed25519 public key has 32 bytes, not \(bytes.count)")
    }
    self.name = name
    self.bytes = bytes
    keyHash = String(SHA256.hash(Array(name.utf8) + [10, 1] + bytes).hex.prefix(8))
  }

  /// `<name>+<hash>+<base64>`: a verifier key of signed-note.
  public var text: String { "\(name)+\(keyHash)+" + Base64.encode([1] + bytes) }

  /// Reads the text form. Throws `argument.invalid`.
  public init(text: String) throws {
    let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let data = Base64.decode(String(parts[2])), data.count == 33,
      data[0] == 1
    else {
      throw KeyRefusal.notAVerifierKey(text)
    }
    let key = try VerificationKey(name: String(parts[0]), bytes: Array(data.dropFirst()))
    guard key.keyHash == String(parts[1]) else {
      throw StemmaError(.argumentInvalid, "the hash in '\(text)' does not belong to its key")
    }
    self = key
  }

  /// Whether a signature over exactly these bytes was made with the private half.
  public func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    guard signature.count == 64, let handle = try? LibraryKey(publicBytes: bytes) else {
      return false
    }
    return handle.verify(signature, of: message)
  }
}
