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

extension LocalDateTime {
  /// The date and time that many seconds after 1970-01-01T00:00, as a clock with no zone counts.
  package init(localSeconds: Int64, nanosecond: Int64) {
    let days = floorDivide(localSeconds, secondsPerDay)
    self.init(
      date: CalendarDate(daysSinceEpoch: days),
      time: LocalTime(
        secondOfDay: floorModulo(localSeconds, secondsPerDay), nanosecond: nanosecond))
  }

  /// Seconds since 1970-01-01T00:00 with no zone.
  package var localSeconds: Int64 {
    GregorianCalendar.clamped(date.daysSinceEpoch) * secondsPerDay + time.secondOfDay
  }

  /// Months first, then days, then seconds, as openCypher's CIP2015-08-06 says.
  package func adding(_ duration: CalendarDuration) throws -> LocalDateTime {
    let date = try date.adding(months: duration.months).adding(days: duration.days)
    return try LocalDateTime(date: date, time: time).adding(
      seconds: duration.seconds, nanoseconds: Int64(duration.nanosecondsOfSecond))
  }

  /// `nanoseconds` must be 0 ..< 1,000,000,000.
  func adding(seconds: Int64, nanoseconds: Int64) throws -> LocalDateTime {
    let fraction = time.nanosecond + nanoseconds
    let carry = fraction / nanosecondsPerSecond
    let (sum, overflow) = localSeconds.addingReportingOverflow(seconds)
    let (total, overflowAgain) = sum.addingReportingOverflow(carry)
    guard !overflow, !overflowAgain,
      GregorianCalendar.days.contains(floorDivide(total, secondsPerDay))
    else {
      throw StemmaError.temporalOverflow("the date lies outside the range of years")
    }
    return LocalDateTime(
      localSeconds: total, nanosecond: fraction - carry * nanosecondsPerSecond)
  }
}
