// `duration.between`, `.inMonths`, `.inDays`, `.inSeconds`. Two values of different types meet by
// lending each other what one lacks: the date, midnight, the zone (CIP2015-08-06).

/// Which parts the duration between two moments has.
package enum DurationMeasure: Sendable {
  /// Months, then days, then seconds.
  case calendar
  case months, days, seconds
}

extension CalendarDuration {
  /// The duration from one moment to another; null where either is null.
  package static func between(
    _ from: Value, _ to: Value, in measure: DurationMeasure
  ) throws -> Value {
    if from.isNull || to.isNull { return .null }
    guard let first = try TemporalParts(from), let second = try TemporalParts(to) else {
      throw StemmaError.temporalType(
        "a duration is measured between dates, times and date-times only")
    }
    return .duration(try TemporalSpan(first, second).duration(in: measure))
  }
}

/// Two moments that a duration can be measured between.
private struct TemporalSpan {
  /// What the clock in the common zone shows; with no zone at all, in UTC.
  let start: LocalDateTime
  let end: LocalDateTime
  let startInstant: Int64
  let endInstant: Int64
  let zone: TimeZone
  /// Calendar parts exist only where both sides have a date.
  let hasDates: Bool

  init(_ first: TemporalParts, _ second: TemporalParts) throws {
    hasDates = first.date != nil && second.date != nil
    let day = CalendarDate(daysSinceEpoch: 0)
    let from = LocalDateTime(
      date: first.date ?? second.date ?? day, time: first.time ?? .midnight)
    let to = LocalDateTime(
      date: second.date ?? first.date ?? day, time: second.time ?? .midnight)
    zone = first.zone ?? second.zone ?? .utc
    startInstant = first.instant ?? zone.resolve(localSeconds: from.localSeconds).instant
    endInstant =
      second.instant ?? (second.zone ?? zone).resolve(localSeconds: to.localSeconds).instant
    start = LocalDateTime(
      localSeconds: startInstant + Int64(zone.offset(at: startInstant)),
      nanosecond: from.time.nanosecond)
    end = LocalDateTime(
      localSeconds: endInstant + Int64(zone.offset(at: endInstant)),
      nanosecond: to.time.nanosecond)
  }

  func duration(in measure: DurationMeasure) throws -> CalendarDuration {
    switch measure {
    case .months:
      return try CalendarDuration(
        months: hasDates ? Int128(months(from: start)) : 0, days: 0, nanoseconds: 0)
    case .days:
      return try CalendarDuration(
        months: 0, days: hasDates ? Int128(days(from: start)) : 0, nanoseconds: 0)
    case .seconds:
      return try CalendarDuration(
        months: 0, days: 0,
        nanoseconds: nanoseconds(fromInstant: startInstant, start.time.nanosecond))
    case .calendar: return try calendarDuration()
    }
  }

  private func calendarDuration() throws -> CalendarDuration {
    var months: Int64 = 0
    var days: Int64 = 0
    var instant = startInstant
    if hasDates {
      months = self.months(from: start)
      var cursor = start
      cursor.date = try cursor.date.adding(months: months)
      days = self.days(from: cursor)
      cursor.date = try cursor.date.adding(days: days)
      if months != 0 || days != 0 {
        instant = zone.resolve(localSeconds: cursor.localSeconds).instant
      }
    }
    return try CalendarDuration(
      months: Int128(months), days: Int128(days),
      nanoseconds: nanoseconds(fromInstant: instant, start.time.nanosecond))
  }

  /// The last day that is a whole number of days away from `from`.
  private func lastDay(from start: LocalDateTime) -> Int64 {
    let day = end.date.daysSinceEpoch
    if end.date > start.date, end.time < start.time { return day - 1 }
    if end.date < start.date, end.time > start.time { return day + 1 }
    return day
  }

  private func days(from start: LocalDateTime) -> Int64 {
    lastDay(from: start) - start.date.daysSinceEpoch
  }

  private func months(from start: LocalDateTime) -> Int64 {
    func packed(_ civil: (year: Int64, month: Int64, day: Int64)) -> Int64 {
      (civil.year * 12 + civil.month - 1) * 32 + civil.day
    }
    let last = GregorianCalendar.civil(lastDay(from: start))
    return (packed(last) - packed(start.date.civil)) / 32
  }

  private func nanoseconds(fromInstant instant: Int64, _ nanosecond: Int64) -> Int128 {
    Int128(endInstant - instant) * Int128(nanosecondsPerSecond)
      + Int128(end.time.nanosecond - nanosecond)
  }
}
