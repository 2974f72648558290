// Seeded random values of every type, with the awkward ones well represented.

import Base

struct RandomValues {
  var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

  mutating func integer() -> Int64 {
    switch below(6) {
    case 0: Int64(below(7)) - 3
    case 1: Int64(bitPattern: random.next())
    case 2: (1 << 53) + Int64(below(9)) - 4
    case 3: -(1 << 53) + Int64(below(9)) - 4
    case 4: [Int64.min, .min + 1, .max, .max - 1, .max - 1023, .max - 1024][below(6)]
    default: Int64(bitPattern: random.next()) >> Int64(below(60))
    }
  }

  mutating func float() -> Double {
    switch below(7) {
    case 0: [0.0, -0.0, .nan, .infinity, -.infinity, 0x1p63, -0x1p63, 0x1p-24, 65504][below(9)]
    case 1: Double(bitPattern: random.next())
    case 2: Double(integer())
    case 3: Double(integer()).nextUp
    case 4: Double(below(2000)) / 8
    case 5: Double(Float(bitPattern: UInt32(truncatingIfNeeded: random.next())))
    default: Double(below(7)) - 3
    }
  }

  mutating func text() -> Text {
    let letters = ["a", "b", "\0", "é", "ß", "中", "\u{1}", "\u{10FFFF}", "z"]
    let count = below(12) == 0 ? 380 + below(50) : below(6)
    return Text((0..<count).map { _ in letters[below(letters.count)] }.joined())
  }

  mutating func temporal() -> Value {
    let nanoseconds = Int64(below(3)) * 43_000_000_000_000 + Int64(below(3))
    let offset = Int32(below(5) - 2) * 3600
    switch below(6) {
    case 0: return .date(CalendarDate(daysSinceEpoch: Int64(below(2000)) - 1000))
    case 1: return .localTime(LocalTime(nanosecondsOfDay: nanoseconds))
    case 2:
      return .time(
        ZonedTime(local: LocalTime(nanosecondsOfDay: nanoseconds), offsetSeconds: offset))
    case 3:
      return .localDateTime(
        LocalDateTime(
          date: CalendarDate(daysSinceEpoch: Int64(below(5)) - 2),
          time: LocalTime(nanosecondsOfDay: nanoseconds)))
    case 4:
      return .dateTime(
        ZonedDateTime(
          secondsSinceEpoch: Int64(below(5)) - 2, nanosecondsOfSecond: Int32(below(3)),
          offsetSeconds: offset, zoneName: below(2) == 0 ? nil : text()))
    default:
      return .duration(
        CalendarDuration(
          months: Int64(below(5)) - 2, days: Int64(below(70)) - 35,
          seconds: Int64(below(200_000)) - 100_000, nanosecondsOfSecond: Int32(below(3))))
    }
  }

  /// Anything that a record can hold.
  mutating func value(depth: Int = 0) -> Value {
    switch below(depth < 3 ? 11 : 9) {
    case 0: return .null
    case 1: return .boolean(below(2) == 0)
    case 2, 3: return .integer(integer())
    case 4, 5: return .float(float())
    case 6: return .string(text())
    case 7: return .bytes((0..<below(5)).map { _ in UInt8(below(3)) })
    case 8: return temporal()
    case 9: return .list((0..<below(4)).map { _ in value(depth: depth + 1) })
    default:
      return .map(ValueMap((0..<below(4)).map { _ in (text(), value(depth: depth + 1)) }))
    }
  }

  /// Anything at all.
  mutating func anyValue() -> Value {
    switch below(12) {
    case 0: return .node(NodeID(UInt64(below(4))))
    case 1: return .edge(EdgeID(UInt64(below(4))))
    case 2:
      let count = below(3)
      return .path(
        Path(
          nodes: (0...count).map { _ in NodeID(UInt64(below(3))) },
          edges: (0..<count).map { _ in EdgeID(UInt64(below(3))) }))
    default: return value()
    }
  }
}
