// What the outside world gives: time, randomness. They come in as values so that every failure
// replays from a seed; only programs make the real ones.

/// The clock and the random source that the programs hand down.
public struct Surroundings: Sendable {
  /// The present moment; need not be monotone, the log makes it so.
  public var now: @Sendable () -> Timestamp
  /// Sixty-four random bits per call; a seeded generator in tests.
  public var random: @Sendable () -> UInt64

  public init(
    now: @escaping @Sendable () -> Timestamp, random: @escaping @Sendable () -> UInt64
  ) {
    self.now = now
    self.random = random
  }
}
