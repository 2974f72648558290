// Cypher's `LocalTime`: a time of day with no zone.

/// A time of day with nanosecond precision and no zone.
public struct LocalTime: Sendable, Hashable, Comparable {
  /// 0 ..< 86,400,000,000,000.
  public var nanosecondsOfDay: Int64

  public init(nanosecondsOfDay: Int64) { self.nanosecondsOfDay = nanosecondsOfDay }

  public static func < (left: LocalTime, right: LocalTime) -> Bool {
    left.nanosecondsOfDay < right.nanosecondsOfDay
  }
}
