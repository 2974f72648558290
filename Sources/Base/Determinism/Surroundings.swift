// What the outside world gives: time, randomness, room on disk. They come in as values so that
// every failure replays from a seed; only programs make the real ones.

/// The clock, the random source and the room for scratch files that the programs hand down.
public struct Surroundings: Sendable {
  /// The present moment; need not be monotone, the log makes it so.
  public var now: @Sendable () -> Timestamp
  /// Microseconds on a clock that never jumps, since some moment: what limits of time go by.
  public var steadyMicroseconds: @Sendable () -> Int64
  /// Sixty-four random bits per call; a seeded generator in tests.
  public var random: @Sendable () -> UInt64
  /// Where queries may put rows that do not fit into memory; `nil`: nowhere. No file in there ever
  /// has a name, so none is left behind, however the process ends.
  public var temporaryFolder: String?

  /// Without a steady clock limits of time go by `now`.
  public init(
    now: @escaping @Sendable () -> Timestamp, random: @escaping @Sendable () -> UInt64,
    steadyMicroseconds: (@Sendable () -> Int64)? = nil, temporaryFolder: String? = nil
  ) {
    self.now = now
    self.steadyMicroseconds = steadyMicroseconds ?? { now().rawValue }
    self.random = random
    self.temporaryFolder = temporaryFolder
  }
}
