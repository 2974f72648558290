// Commit times and every other moment that Stemma itself notes. A timestamp is handed in from the
// programs' edge; nothing below the façade asks a clock.

/// A moment in microseconds since 1970-01-01T00:00:00Z.
public struct Timestamp: RawRepresentable, Hashable, Comparable, BitwiseCopyable, Sendable {
  public var rawValue: Int64

  @inlinable
  public init(rawValue: Int64) { self.rawValue = rawValue }

  @inlinable
  public init(microsecondsSinceEpoch: Int64) { rawValue = microsecondsSinceEpoch }

  public var microsecondsSinceEpoch: Int64 { rawValue }

  @inlinable
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.rawValue < right.rawValue
  }
}
