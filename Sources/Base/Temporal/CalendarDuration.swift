// Cypher's `Duration`: months, days and seconds are kept apart, since none has a fixed length in
// terms of another.

/// A duration whose calendar parts are kept apart.
public struct CalendarDuration: Sendable, Hashable {
  public var months: Int64
  public var days: Int64
  public var seconds: Int64
  /// 0 ..< 1,000,000,000, added to `seconds` (which may be negative).
  public var nanosecondsOfSecond: Int32

  public init(months: Int64, days: Int64, seconds: Int64, nanosecondsOfSecond: Int32) {
    self.months = months
    self.days = days
    self.seconds = seconds
    self.nanosecondsOfSecond = nanosecondsOfSecond
  }
}
