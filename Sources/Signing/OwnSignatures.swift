// Signatures that this process has just made: a rule that asks for them before they are written
// need not compute them again. It knows whole triples of key, message and signature by their hash,
// and never says yes to anything else; whoever reads a store later checks every signature itself.

import Base
import Synchronization

/// The newest signatures of this process.
enum OwnSignatures {
  /// More than one group of records has.
  private static let limit = 1_024
  private static let known = Mutex<Set<Digest>>([])

  private static func hash(_ signature: [UInt8], _ message: [UInt8], _ key: [UInt8]) -> Digest {
    var hasher = SHA256()
    // Signatures and keys have one length each, so the parts cannot be shifted.
    for part in [key, signature, message] { hasher.update(part) }
    return hasher.digest()
  }

  static func remember(_ signature: [UInt8], over message: [UInt8], by key: [UInt8]) {
    let entry = hash(signature, message, key)
    known.withLock { known in
      if known.count >= limit { known = [] }
      known.insert(entry)
    }
  }

  static func contains(_ signature: [UInt8], over message: [UInt8], by key: [UInt8]) -> Bool {
    guard signature.count == 64, key.count == 32 else { return false }
    let entry = hash(signature, message, key)
    return known.withLock { $0.contains(entry) }
  }
}
