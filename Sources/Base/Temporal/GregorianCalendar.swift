// The arithmetic of the proleptic Gregorian calendar and of ISO 8601 weeks, on plain integers. The
// conversions between days and civil dates are Howard Hinnant's ("chrono-Compatible Low-Level Date
// Algorithms"). Values are checked where they are made; numbers of days beyond the range of years,
// which only a damaged file can hold, are taken for the nearest day inside, so nothing here traps.

/// Calendar arithmetic on plain integers.
package enum GregorianCalendar {
  /// The years that Cypher's temporal values may have.
  package static let years: ClosedRange<Int64> = -999_999_999...999_999_999

  /// The days since 1970-01-01 that `years` cover.
  package static let days: ClosedRange<Int64> = -365_243_219_162...365_241_780_471

  /// Days since 1970-01-01 of a civil date. `month` must be 1...12; `day` may be any small number.
  package static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = floorDivide(shifted, 400)
    let yearOfEra = shifted - era * 400
    let monthFromMarch = (month + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The civil date of a number of days since 1970-01-01.
  package static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = clamped(days) + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, day)
  }

  package static func isLeap(_ year: Int64) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  package static func length(ofYear year: Int64) -> Int64 { isLeap(year) ? 366 : 365 }

  /// The number of days of a month, 1...12.
  package static func length(ofMonth month: Int64, year: Int64) -> Int64 {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Monday is 1, Sunday 7.
  package static func weekday(_ days: Int64) -> Int64 { floorModulo(clamped(days) + 3, 7) + 1 }

  /// The nearest day that the range of years has.
  static func clamped(_ number: Int64) -> Int64 {
    min(max(number, days.lowerBound), days.upperBound)
  }

  /// The Monday of the first ISO week of a week-based year.
  package static func firstMonday(ofWeekYear year: Int64) -> Int64 {
    let fourth = days(year: year, month: 1, day: 4)
    return fourth - (weekday(fourth) - 1)
  }

  /// 52 or 53.
  package static func weeks(inWeekYear year: Int64) -> Int64 {
    (firstMonday(ofWeekYear: year + 1) - firstMonday(ofWeekYear: year)) / 7
  }

  /// The ISO week of a day and the year that the week belongs to.
  package static func week(_ days: Int64) -> (year: Int64, week: Int64) {
    let inside = clamped(days)
    let thursday = inside - (weekday(inside) - 1) + 3
    let year = civil(thursday).year
    return (year, (inside - firstMonday(ofWeekYear: year)) / 7 + 1)
  }
}

/// Division that rounds towards negative infinity; `divisor` must be positive.
@inlinable
package func floorDivide<Number: FixedWidthInteger & SignedInteger>(
  _ value: Number, _ divisor: Number
) -> Number {
  let quotient = value / divisor
  return value % divisor < 0 ? quotient - 1 : quotient
}

/// The remainder of `floorDivide`, never negative; `divisor` must be positive.
@inlinable
package func floorModulo<Number: FixedWidthInteger & SignedInteger>(
  _ value: Number, _ divisor: Number
) -> Number {
  let remainder = value % divisor
  return remainder < 0 ? remainder + divisor : remainder
}
