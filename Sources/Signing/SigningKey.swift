// Ed25519 keys (RFC 8032) by libcrypto, written as C2SP signed-note spells them, so that other
// tools of that family can verify what Stemma signs. Randomness comes in as a value. A private key
// must never appear in a graph, a log, an error or a sandbox.

import Base
import CCrypto

/// A named private key.
public struct SigningKey: Sendable {
  /// 32 bytes from which everything else follows.
  package let seed: [UInt8]
  public let publicKey: VerificationKey
  /// Made once, as that costs as much as a signature.
  private let handle: LibraryKey

  /// From 32 bytes of seed. Throws `argument.invalid` for another length or an unusable name.
  public init(name: String, seed: [UInt8]) throws {
    guard seed.count == 32 else {
      throw StemmaError(.argumentInvalid, "an Ed25519 seed has 32 bytes, not \(seed.count)")
    }
    self.seed = seed
    handle = try LibraryKey(privateSeed: seed)
    publicKey = try VerificationKey(name: name, bytes: handle.publicBytes())
  }

  /// A fresh key from 256 random bits; `random` must be fit for secrets.
  public static func generate(name: String, random: () -> UInt64) throws -> SigningKey {
    var seed: [UInt8] = []
    for _ in 0..<4 {
      let word = random()
      for shift in stride(from: 0, to: 64, by: 8) {
        seed.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
    return try SigningKey(name: name, seed: seed)
  }

  /// The 64 bytes of the signature. Deterministic.
  public func sign(_ message: [UInt8]) throws -> [UInt8] {
    try handle.sign(message)
  }

  /// `PRIVATE+KEY+<name>+<hash>+<base64>`, one line.
  public var text: String {
    "PRIVATE+KEY+\(publicKey.name)+\(publicKey.keyHash)+" + Base64.encode([1] + seed)
  }

  /// Reads the text form. Throws `argument.invalid`; the message never repeats the text.
  public init(text: String) throws {
    let broken = StemmaError(
      .argumentInvalid, "this is not a private key of Stemma",
      advice: "A key is one line that starts with PRIVATE+KEY+.")
    guard text.hasPrefix("PRIVATE+KEY+") else { throw broken }
    let line = text.dropFirst("PRIVATE+KEY+".count).prefix { $0 != "\n" }
    let parts = line.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let data = Base64.decode(String(parts[2])), data.count == 33,
      data[0] == 1
    else { throw broken }
    let key = try SigningKey(name: String(parts[0]), seed: Array(data.dropFirst()))
    guard key.publicKey.keyHash == String(parts[1]) else { throw broken }
    self = key
  }
}
