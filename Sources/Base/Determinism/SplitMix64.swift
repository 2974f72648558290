// The seeded generator for tests, simulations and search (Steele, Lea and Flood, "Fast splittable
// pseudorandom number generators", OOPSLA 2014). Not for secrets.

/// A small, fast, seedable random number generator.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Uniform in 0 ..< 1.
  public mutating func unitInterval() -> Double { Double(next() >> 11) * 0x1p-53 }
}
