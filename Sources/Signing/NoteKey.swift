// Public keys of every kind that a signed note may carry: the kind is a byte, so a note signed by
// an algorithm of tomorrow can be kept and passed on by a program of today, which says that it
// could not check it.

import Base

/// A verifier key of signed-note.
public struct NoteKey: Sendable, Hashable {
  /// The signature types that this program can check.
  public enum Algorithm: UInt8, Sendable {
    case ed25519 = 1
    /// C2SP tlog-cosignature: a time, and Ed25519 over it and the note.
    case cosignature = 4
  }

  public let name: String
  public let kind: UInt8
  public let bytes: [UInt8]
  /// Eight hexadecimal digits: the first four bytes of SHA-256(name ‖ 0x0A ‖ kind ‖ key).
  public let keyHash: String

  public enum Outcome: Sendable, Hashable {
    case valid
    /// A witness's signature, with its time in seconds since 1970.
    case cosigned(at: UInt64)
    case wrong
    case unknownAlgorithm

    public var isValid: Bool {
      switch self {
      case .valid, .cosigned: true
      case .wrong, .unknownAlgorithm: false
      }
    }
  }

  public init(_ key: VerificationKey) {
    name = key.name
    kind = Algorithm.ed25519.rawValue
    bytes = key.bytes
    keyHash = key.keyHash
  }

  /// The same key as a witness, whose signatures carry a time.
  public init(cosigner key: VerificationKey) {
    name = key.name
    kind = Algorithm.cosignature.rawValue
    bytes = key.bytes
    keyHash = Self.hash(key.name, kind, key.bytes)
  }

  /// Reads `name+hash+base64(kind ‖ key)`. Throws `argument.invalid`.
  public init(text: String) throws {
    let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let data = Base64.decode(String(parts[2])), data.count >= 33,
      !parts[0].isEmpty, !parts[0].unicodeScalars.contains(where: \.properties.isWhitespace)
    else {
      throw KeyRefusal.notAVerifierKey(text)
    }
    name = String(parts[0])
    kind = data[0]
    bytes = Array(data.dropFirst())
    keyHash = Self.hash(name, kind, bytes)
    guard keyHash == String(parts[1]), Algorithm(rawValue: kind) == nil || bytes.count == 32 else {
      throw StemmaError(.argumentInvalid, "the hash in '\(text)' does not belong to its key")
    }
  }

  public var text: String { "\(name)+\(keyHash)+" + Base64.encode([kind] + bytes) }

  private static func hash(_ name: String, _ kind: UInt8, _ bytes: [UInt8]) -> String {
    String(SHA256.hash(Array(name.utf8) + [10, kind] + bytes).hex.prefix(8))
  }

  /// Checks one signature over a note's text.
  public func check(_ signature: NoteSignature, of text: String) -> Outcome {
    guard let algorithm = Algorithm(rawValue: kind) else { return .unknownAlgorithm }
    guard let key = try? VerificationKey(name: name, bytes: bytes) else { return .wrong }
    switch algorithm {
    case .ed25519: return key.verifies(signature.bytes, of: Array(text.utf8)) ? .valid : .wrong
    case .cosignature:
      guard signature.bytes.count == 72 else { return .wrong }
      let time = signature.bytes[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      let message = Self.cosigned(text, at: time)
      return key.verifies(Array(signature.bytes[8...]), of: message) ? .cosigned(at: time) : .wrong
    }
  }

  /// What a witness signs: the time and the note's text.
  static func cosigned(_ text: String, at time: UInt64) -> [UInt8] {
    Array("cosignature/v1\ntime \(time)\n\(text)".utf8)
  }
}

extension SigningKey {
  /// Signs a checkpoint's text as a witness (C2SP tlog-cosignature, Ed25519).
  public func cosign(_ text: String, at time: UInt64) throws -> NoteSignature {
    let signature = try sign(NoteKey.cosigned(text, at: time))
    let key = NoteKey(cosigner: publicKey)
    return NoteSignature(
      name: key.name, keyHash: key.keyHash,
      bytes: (0..<8).map { UInt8(truncatingIfNeeded: time >> UInt64(56 - 8 * $0)) } + signature)
  }
}
