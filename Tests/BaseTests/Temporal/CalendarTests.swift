// The calendar against a naive one that counts days one by one, and over the whole range of years.

import Base
import Testing

@Suite struct CalendarTests {
  /// Every day of 1200 years, counted from a day that is known.
  @Test func civilDatesAgreeWithCounting() throws {
    var (year, month, day): (Int64, Int64, Int64) = (1400, 1, 1)
    var number = GregorianCalendar.days(year: 1400, month: 1, day: 1)
    // 1970-01-01 was a Thursday, and everything else is counted.
    while year < 2600 {
      let parts = GregorianCalendar.civil(number)
      guard parts == (year, month, day),
        GregorianCalendar.days(year: year, month: month, day: day) == number
      else {
        Issue.record("day \(number) is not \(year)-\(month)-\(day)")
        return
      }
      if (year, month, day) == (1970, 1, 1) { #expect(number == 0) }
      number += 1
      day += 1
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      if day > lengths[Int(month) - 1] { (day, month) = (1, month + 1) }
      if month > 12 { (month, year) = (1, year + 1) }
    }
  }

  @Test func partsMakeTheDateAgainOverTheWholeRange() throws {
    var random = SplitMix64(seed: 3)
    let range = GregorianCalendar.days
    let span = UInt64(range.upperBound - range.lowerBound)
    for step in 0..<20_000 {
      let days =
        step < 2
        ? (step == 0 ? range.lowerBound + 366 : range.upperBound - 366)
        : range.lowerBound + 366 + Int64(random.next() % (span - 732))
      let date = CalendarDate(daysSinceEpoch: days)
      #expect(try CalendarDate(year: date.year, month: date.month, day: date.day) == date)
      #expect(try CalendarDate(year: date.year, ordinalDay: date.ordinalDay) == date)
      #expect(
        try CalendarDate(
          weekYear: date.weekYear, week: date.week, dayOfWeek: date.dayOfWeek) == date)
      #expect(
        try CalendarDate(
          year: date.year, quarter: date.quarter, dayOfQuarter: date.dayOfQuarter) == date)
      #expect(try CalendarDate(parsing: Text(date.description)) == date)
    }
  }

  @Test func rangesEndWhereTheyShould() {
    #expect(
      GregorianCalendar.days(year: -999_999_999, month: 1, day: 1)
        == GregorianCalendar.days.lowerBound)
    #expect(
      GregorianCalendar.days(year: 999_999_999, month: 12, day: 31)
        == GregorianCalendar.days.upperBound)
  }

  @Test func monthsAreAddedToTheLastDay() throws {
    let date = try CalendarDate(year: 2012, month: 1, day: 31)
    #expect(try date.adding(months: 1).description == "2012-02-29")
    #expect(try date.adding(months: -11).description == "2011-02-28")
    #expect(throws: StemmaError.self) { try date.adding(months: .max) }
    #expect(throws: StemmaError.self) { try date.adding(days: .min) }
  }
}
