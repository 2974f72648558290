// The proleptic Gregorian calendar of Cypher's `Date`. Dates made here are inside
// `GregorianCalendar.days`; whoever sets the stored number directly vouches for that.

/// A day of the proleptic Gregorian calendar.
public struct CalendarDate: Sendable, Hashable, Comparable {
  /// Days since 1970-01-01; negative before.
  public var daysSinceEpoch: Int64

  public init(daysSinceEpoch: Int64) { self.daysSinceEpoch = daysSinceEpoch }

  public static func < (left: CalendarDate, right: CalendarDate) -> Bool {
    left.daysSinceEpoch < right.daysSinceEpoch
  }
}

extension CalendarDate {
  /// A civil date. Throws where there is no such day.
  package init(year: Int64, month: Int64 = 1, day: Int64 = 1) throws {
    let year = try checkedPart("year", year, GregorianCalendar.years)
    let month = try checkedPart("month", month, 1...12)
    guard day >= 1, day <= GregorianCalendar.length(ofMonth: month, year: year) else {
      throw StemmaError.temporalArgument(
        "day \(day) does not exist in month \(month) of year \(year)")
    }
    self.init(daysSinceEpoch: GregorianCalendar.days(year: year, month: month, day: day))
  }

  /// An ISO 8601 week date. Throws where there is no such day.
  package init(weekYear: Int64, week: Int64, dayOfWeek: Int64 = 1) throws {
    let year = try checkedPart("year", weekYear, GregorianCalendar.years)
    let week = try checkedPart("week", week, 1...GregorianCalendar.weeks(inWeekYear: year))
    let day = try checkedPart("dayOfWeek", dayOfWeek, 1...7)
    try self.init(
      checkingDays: GregorianCalendar.firstMonday(ofWeekYear: year) + (week - 1) * 7 + day - 1)
  }

  /// The `ordinalDay`th day of a year. Throws where there is no such day.
  package init(year: Int64, ordinalDay: Int64) throws {
    let year = try checkedPart("year", year, GregorianCalendar.years)
    let day = try checkedPart(
      "ordinalDay", ordinalDay, 1...GregorianCalendar.length(ofYear: year))
    self.init(
      daysSinceEpoch: GregorianCalendar.days(year: year, month: 1, day: 1) + day - 1)
  }

  /// The `dayOfQuarter`th day of a quarter. Throws where there is no such day.
  package init(year: Int64, quarter: Int64, dayOfQuarter: Int64) throws {
    let year = try checkedPart("year", year, GregorianCalendar.years)
    let quarter = try checkedPart("quarter", quarter, 1...4)
    let first = GregorianCalendar.days(year: year, month: quarter * 3 - 2, day: 1)
    let next =
      quarter == 4
      ? GregorianCalendar.days(year: year + 1, month: 1, day: 1)
      : GregorianCalendar.days(year: year, month: quarter * 3 + 1, day: 1)
    let day = try checkedPart("dayOfQuarter", dayOfQuarter, 1...(next - first))
    self.init(daysSinceEpoch: first + day - 1)
  }

  /// A number of days since 1970-01-01, checked against the range of years.
  package init(checkingDays days: Int64) throws {
    guard GregorianCalendar.days.contains(days) else {
      throw StemmaError.temporalOverflow("the date lies outside the range of years")
    }
    self.init(daysSinceEpoch: days)
  }

  package var civil: (year: Int64, month: Int64, day: Int64) {
    GregorianCalendar.civil(daysSinceEpoch)
  }

  package var year: Int64 { civil.year }
  package var month: Int64 { civil.month }
  package var day: Int64 { civil.day }
  package var quarter: Int64 { (civil.month - 1) / 3 + 1 }
  package var dayOfWeek: Int64 { GregorianCalendar.weekday(daysSinceEpoch) }
  package var week: Int64 { GregorianCalendar.week(daysSinceEpoch).week }
  package var weekYear: Int64 { GregorianCalendar.week(daysSinceEpoch).year }

  package var ordinalDay: Int64 {
    GregorianCalendar.clamped(daysSinceEpoch)
      - GregorianCalendar.days(year: year, month: 1, day: 1) + 1
  }

  package var dayOfQuarter: Int64 {
    let parts = civil
    let month = (parts.month - 1) / 3 * 3 + 1
    let first = GregorianCalendar.days(year: parts.year, month: month, day: 1)
    return GregorianCalendar.clamped(daysSinceEpoch) - first + 1
  }
}

extension CalendarDate {
  /// The date `count` months later; a day that the month lacks becomes its last.
  package func adding(months count: Int64) throws -> CalendarDate {
    if count == 0 { return self }
    let parts = civil
    let (total, overflow) = (parts.year * 12 + parts.month - 1).addingReportingOverflow(count)
    let year = floorDivide(total, 12)
    guard !overflow, GregorianCalendar.years.contains(year) else {
      throw StemmaError.temporalOverflow("the date lies outside the range of years")
    }
    return CalendarDate.clamped(year: year, month: floorModulo(total, 12) + 1, day: parts.day)
  }

  package func adding(days count: Int64) throws -> CalendarDate {
    let (total, overflow) = daysSinceEpoch.addingReportingOverflow(count)
    guard !overflow else {
      throw StemmaError.temporalOverflow("the date lies outside the range of years")
    }
    return try CalendarDate(checkingDays: total)
  }

  /// A civil date whose day is at most the last of its month; year and month must be in range.
  static func clamped(year: Int64, month: Int64, day: Int64) -> CalendarDate {
    let last = GregorianCalendar.length(ofMonth: month, year: year)
    return CalendarDate(
      daysSinceEpoch: GregorianCalendar.days(year: year, month: month, day: min(day, last)))
  }
}
