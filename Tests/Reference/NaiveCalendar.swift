// Dates counted day by day: slow, and with no formula in common with the engine.

/// A day of the Gregorian calendar.
public struct NaiveDate: Hashable, Sendable {
  var year: Int
  var month: Int
  var day: Int

  private static func length(_ month: Int, _ year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  var next: NaiveDate {
    if day < Self.length(month, year) { return NaiveDate(year: year, month: month, day: day + 1) }
    return month < 12
      ? NaiveDate(year: year, month: month + 1, day: 1)
      : NaiveDate(year: year + 1, month: 1, day: 1)
  }

  var previous: NaiveDate {
    if day > 1 { return NaiveDate(year: year, month: month, day: day - 1) }
    let (before, inYear) = month > 1 ? (month - 1, year) : (12, year - 1)
    return NaiveDate(year: inYear, month: before, day: Self.length(before, inYear))
  }

  /// Months first, to the last day where a month is too short; then days.
  func adding(months: Int, days: Int) -> NaiveDate {
    var date = self
    for _ in 0..<abs(months) {
      date.month += months > 0 ? 1 : -1
      if date.month == 13 { (date.year, date.month) = (date.year + 1, 1) }
      if date.month == 0 { (date.year, date.month) = (date.year - 1, 12) }
    }
    date.day = min(date.day, Self.length(date.month, date.year))
    for _ in 0..<abs(days) { date = days > 0 ? date.next : date.previous }
    return date
  }

  func days(until other: NaiveDate) -> Int {
    var (date, count) = (self, 0)
    while date < other { (date, count) = (date.next, count + 1) }
    while other < date { (date, count) = (date.previous, count - 1) }
    return count
  }

  var text: String {
    func padded(_ number: Int, _ width: Int) -> String {
      String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}

extension NaiveDate: Comparable {
  public static func < (left: NaiveDate, right: NaiveDate) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }
}

extension NaiveValue {
  /// `date('2024-02-29')` as it is written, from its text.
  public static func date(_ text: String) -> NaiveValue? {
    let parts = text.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3 else { return nil }
    return .date(NaiveDate(year: parts[0], month: parts[1], day: parts[2]))
  }

  /// A component of a date or a duration.
  func component(_ name: String) -> NaiveValue? {
    switch (self, name) {
    case (.date(let date), "year"): .integer(Int64(date.year))
    case (.date(let date), "month"): .integer(Int64(date.month))
    case (.date(let date), "day"): .integer(Int64(date.day))
    case (.duration(_, let days), "days"): .integer(Int64(days))
    default: nil
    }
  }
}
