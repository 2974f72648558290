// Seeds of runs, derived from a sealed key: nobody who proposes can know them beforehand, and the
// same campaign always derives the same ones. What is shown in the graph afterwards tells nothing
// of the next.

import Base

/// Derives seeds by HMAC-SHA-256.
struct SeedSource {
  /// 32 bytes.
  let key: [UInt8]

  /// The campaign's key from the vault; made from `random` where it is not there yet.
  init(campaign: String, vault: some Vault, random: () -> UInt64) throws {
    let name = "seed-key-\(campaign)"
    if try vault.read(name) == nil {
      var fresh: [UInt8] = []
      for _ in 0..<4 {
        let word = random()
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
          fresh.append(UInt8(truncatingIfNeeded: word >> shift))
        }
      }
      try vault.write(fresh, as: name)
    }
    guard let kept = try vault.read(name), kept.count == 32 else {
      throw StemmaError(
        .loopState, "the seed key of campaign '\(campaign)' cannot be read back from the vault")
    }
    key = kept
  }

  /// A seed in 0 ..< 2^31, which every program's generator takes.
  func seed(_ purpose: String, _ ordinal: Int) -> Int64 {
    let digest = SHA256.authenticate(Array("\(purpose) \(ordinal)".utf8), key: key).bytes
    let word = digest[0..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int64(word >> 33)
  }
}
