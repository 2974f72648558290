// Cypher's `LocalDateTime`: a date and a time of day with no zone.

/// A date and time of day with no zone.
public struct LocalDateTime: Sendable, Hashable, Comparable {
  public var date: CalendarDate
  public var time: LocalTime

  public init(date: CalendarDate, time: LocalTime) {
    self.date = date
    self.time = time
  }

  public static func < (left: LocalDateTime, right: LocalDateTime) -> Bool {
    left.date == right.date ? left.time < right.time : left.date < right.date
  }
}
