// Texts in, texts out: the golden table lists every form that is read, with the value that it
// gives or the error; random values survive their own text.

import Base
import TestSupport
import Testing

@Suite struct TemporalTextTests {
  private static let now = Timestamp(microsecondsSinceEpoch: 1_500_000_000_000_000)

  private static let inputs: [(TemporalType, [Text])] = [
    (
      .date,
      [
        "2015-07-21", "20150721", "2015-07", "201507", "2015-W30-2", "2015W302", "2015-W30",
        "2015W30", "2015-202", "2015202", "2015", "2015-Q3-21", "2015Q321", "2015-Q3",
        "-0044-03-15", "+12345-01-01", "-999999999-01-01", "+999999999-12-31", "2015-13-01",
        "2015-02-29", "2015-366", "2015-W54", "2015-7-1", "15-07-21", "2015-07-21T10", "", "x",
        "+9999999999-01-01", "2015--1", "99999999999999999999",
      ]
    ),
    (
      .localTime,
      [
        "21:40:32.142", "214032.142", "21:40:32", "214032", "21:40", "2140", "21", "9:5", "24:00",
        "21:60", "21:40:32.1234567890", "21:40:32.", "21:40:32,5", "2", "214",
      ]
    ),
    (
      .time,
      [
        "21:40:32.142+0100", "214032.142Z", "21:40:32+01:00", "214032-0100", "21:40-01:30",
        "2140-00:00", "2140-02", "22+18:00", "22+18:01", "12:34:56-02:05:07", "12:34", "12:34+1",
      ]
    ),
    (
      .localDateTime,
      [
        "2015-07-21T21:40:32.142", "2015-W30-2T214032.142", "2015-202T21:40:32", "2015T214032",
        "20150721T21:40", "2015-W30T2140", "2015202T21", "2015-07-21", "2015-07-21T",
        "2015-07-21 21:40",
      ]
    ),
    (
      .dateTime,
      [
        "2015-07-21T21:40:32.142+0100", "2015-W30-2T214032.142Z", "2015-202T21:40:32+01:00",
        "2015T214032-0100", "20150721T21:40-01:30", "2015-W30T2140-00:00", "2015-W30T2140-02",
        "2015202T21+18:00", "2015-07-21T21:40:32.142+02:00[Europe/Stockholm]",
        "2015-07-21T21:40:32.142[Europe/London]", "2015-07-21T21:40+05:00[Europe/London]",
        "1818-07-21T21:40:32.142[Europe/Stockholm]", "2015-07-21T21:40[Nowhere]", "2015-07-21",
      ]
    ),
  ]

  private static let durations: [Text] = [
    "P14DT16H12M", "P5M1.5D", "P0.75M", "PT0.75M", "P2.5W", "P12Y5M14DT16H12M70S",
    "P2012-02-02T14:37:21.545", "P20120202T143721", "-P1DT1S", "PT-0.001S", "P1Y-1M", "PT1,5S",
    "PT", "P", "P1", "P1S", "P1DT", "PT1H1H", "P1D1Y", "P9223372036854775807D",
    "P99999999999999999999D", "P999999999999999999Y", "PT0.000000001S",
  ]

  @Test func everyFormIsRead() throws {
    var table = ""
    for (type, texts) in Self.inputs {
      for text in texts {
        table += "\(type.rawValue)('\(text)') "
        table += Self.outcome { try type.make(.string(text), now: Self.now) }
      }
    }
    for text in Self.durations {
      table += "duration('\(text)') " + Self.outcome { try CalendarDuration.make(.string(text)) }
    }
    try Golden.expect(table, matches: "Golden/temporal-texts.txt")
  }

  static func outcome(_ make: () throws -> Value) -> String {
    do { return "= " + (try make().temporalText ?? "null") + "\n" } catch {
      return "! " + ((error as? StemmaError)?.message ?? "\(error)") + "\n"
    }
  }

  @Test func randomValuesSurviveTheirText() throws {
    var random = AnyValues(seed: 19)
    for _ in 0..<5_000 {
      let local = LocalDateTime(date: random.date(), time: random.time())
      #expect(try LocalDateTime(parsing: Text(local.description)) == local)
      #expect(try LocalTime(parsing: Text(local.time.description)) == local.time)
      let duration = random.duration()
      #expect(try CalendarDuration(parsing: Text(duration.description)) == duration)
      let zone = try TimeZone(parsing: random.pick(["Z", "+05:30", "Europe/Stockholm"]))
      let moment = try ZonedDateTime(local: local, zone: zone)
      #expect(try ZonedDateTime(parsing: Text(moment.description)) == moment)
    }
  }
}
