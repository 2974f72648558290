// Durations: fractions, arithmetic, differences between moments, and the ends of the range.

import Base
import Testing

@Suite struct DurationTests {
  private func value(_ text: Text) throws -> Value {
    let string = text.string
    let type: TemporalType =
      string.utf8.contains(UInt8(ascii: "T"))
      ? (string.utf8.contains(UInt8(ascii: "+")) || string.hasSuffix("]")
        ? .dateTime : .localDateTime)
      : string.utf8.contains(UInt8(ascii: ":"))
        ? (string.utf8.contains(UInt8(ascii: "+")) ? .time : .localTime) : .date
    return try type.make(.string(text), now: Timestamp(rawValue: 0))
  }

  @Test(arguments: [
    ("1984-10-11", "2015-06-24", "P30Y8M13D", "P30Y8M", "P11213D"),
    ("2015-06-24", "1984-10-11", "P-30Y-8M-13D", "P-30Y-8M", "P-11213D"),
    ("1984-10-11", "16:30", "PT16H30M", "PT0S", "PT0S"),
    ("2018-01-01T12:00", "2018-01-02T10:00", "PT22H", "PT0S", "PT0S"),
    ("2018-01-31T12:00", "2018-03-01T11:00", "P28DT23H", "PT0S", "P28D"),
    ("2018-01-31T12:00", "2018-03-01T12:00", "P1M1D", "P1M", "P29D"),
    (
      "2017-10-28T23:00+02:00[Europe/Stockholm]", "2017-10-29T04:00+01:00[Europe/Stockholm]",
      "PT6H", "PT0S", "PT0S"
    ),
    (
      "-999999999-01-01", "+999999999-12-31", "P1999999998Y11M30D", "P1999999998Y11M",
      "P730484999633D"
    ),
  ])
  func between(
    _ from: Text, _ to: Text, _ calendar: String, _ months: String, _ days: String
  ) throws {
    let (first, second) = (try value(from), try value(to))
    #expect(try CalendarDuration.between(first, second, in: .calendar).temporalText == calendar)
    #expect(try CalendarDuration.between(first, second, in: .months).temporalText == months)
    #expect(try CalendarDuration.between(first, second, in: .days).temporalText == days)
  }

  /// Adding what lies between leads from one to the other, whatever the two are.
  @Test func addingTheDifferenceArrives() throws {
    var random = AnyValues(seed: 23)
    for _ in 0..<5_000 {
      let from = LocalDateTime(date: random.date(), time: random.time())
      let to = LocalDateTime(date: random.date(), time: random.time())
      for measure in [DurationMeasure.calendar, .seconds] {
        let between = try CalendarDuration.between(
          .localDateTime(from), .localDateTime(to), in: measure)
        guard case .duration(let duration) = between else {
          Issue.record("\(between) is no duration")
          return
        }
        #expect(try from.adding(duration) == to, "\(from) \(to) \(duration)")
      }
    }
  }

  @Test func fractionsGoDownToTheNextUnit() throws {
    var builder = DurationBuilder()
    try builder.add(.years, 12.5)
    try builder.add(.months, 5.5)
    try builder.add(.days, 14.5)
    try builder.add(.hours, 16.5)
    builder.add(.nanoseconds, Int64(3))
    #expect(try builder.duration().description == "P12Y11M29DT33H44M33.000000003S")
    let half = try CalendarDuration(parsing: "P12Y5M14DT16H12M70.000000001S").divided(by: 2)
    #expect(half.description == "P6Y2M22DT13H21M8S")
  }

  @Test func nothingTrapsAtTheEnds() throws {
    let extremes: [Int64] = [.min, .max, 0, -1, 1]
    for months in extremes {
      for days in extremes {
        for seconds in extremes {
          let duration = CalendarDuration(
            months: months, days: days, seconds: seconds, nanosecondsOfSecond: 999_999_999)
          _ = try? duration.negated()
          _ = try? duration.adding(duration)
          _ = try? duration.multiplied(by: Int64.min)
          _ = try? duration.multiplied(by: Double.infinity)
          _ = try? duration.divided(by: 0)
          _ = duration.description
          _ = try? CalendarDate(daysSinceEpoch: 0).adding(months: months).adding(days: days)
          let moment = ZonedDateTime(
            secondsSinceEpoch: 0, nanosecondsOfSecond: 0, offsetSeconds: 3_600,
            zoneName: "Europe/Stockholm")
          _ = try? moment.adding(duration)
          _ = LocalTime(nanosecondsOfDay: 1).adding(duration)
          for part: Text in ["nanoseconds", "milliseconds", "years", "minutesOfHour"] {
            _ = try? Value.duration(duration).temporalComponent(part)
          }
        }
      }
    }
    #expect(throws: StemmaError.self) { try ZonedDateTime(epochSeconds: .max, nanoseconds: .max) }
    let last = try ZonedDateTime(parsing: "+999999999-12-31T23:59:59Z")
    #expect(throws: StemmaError.self) { try Value.dateTime(last).temporalComponent("epochMillis") }
  }

  /// Values that only a damaged file can hold are shown and computed with, wrongly but calmly.
  @Test func impossibleValuesDoNotTrap() throws {
    let names: [Text] = [
      "year", "week", "weekYear", "ordinalDay", "dayOfQuarter", "dayOfWeek", "hour", "nanosecond",
      "epochMillis", "offset", "timezone",
    ]
    let duration = CalendarDuration(months: 1, days: 1, seconds: -1, nanosecondsOfSecond: -5)
    for number: Int64 in [.min, .max, -1] {
      let date = CalendarDate(daysSinceEpoch: number)
      let time = LocalTime(nanosecondsOfDay: number)
      let values: [Value] = [
        .date(date), .localTime(time), .time(ZonedTime(local: time, offsetSeconds: .min)),
        .localDateTime(LocalDateTime(date: date, time: time)),
        .dateTime(
          ZonedDateTime(
            secondsSinceEpoch: number, nanosecondsOfSecond: .min, offsetSeconds: .max,
            zoneName: "Europe/Stockholm")),
      ]
      for value in values {
        #expect(!value.description.isEmpty)
        for name in names { _ = try? value.temporalComponent(name) }
        for other in values {
          _ = value.order(against: other)
          for measure in [DurationMeasure.calendar, .months, .days, .seconds] {
            _ = try? CalendarDuration.between(value, other, in: measure)
          }
        }
        for type in TemporalType.allCases {
          _ = try? type.make(value, now: Timestamp(rawValue: number))
          _ = try? type.truncate(
            .text("week"), value, .map(ValueMap()), now: Timestamp(rawValue: number))
        }
      }
      _ = try? date.adding(months: duration.months)
      _ = time.adding(duration)
    }
  }
}
