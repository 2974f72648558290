// Seeded values of every type for property tests, with the awkward ones (NaN, both zeros, numbers
// around 2^53, texts with combining marks) met often.

import Base

/// Draws values from a seed.
struct AnyValues {
  var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

  mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }

  private static let awkward: [Int64] = [
    Int64.min, Int64.max, Int64.min + 1, Int64.max - 1, 9_007_199_254_740_992,
    9_007_199_254_740_993, -9_007_199_254_740_993,
  ]

  mutating func integer() -> Int64 {
    switch below(4) {
    case 0: Int64(below(5)) - 2
    case 1: pick(Self.awkward)
    default: Int64(bitPattern: random.next()) >> Int64(below(64))
    }
  }

  mutating func float() -> Double {
    switch below(4) {
    case 0: Double(below(5)) - 2
    case 1:
      pick([
        .nan, .infinity, -.infinity, 0.0, -0.0, 0x1p53, 0x1p63, -0x1p63, 0.1,
        .greatestFiniteMagnitude, .leastNonzeroMagnitude,
      ])
    default: Double(integer()) / Double(1 << below(20))
    }
  }

  mutating func text() -> Text {
    let letters = ["a", "b", "\u{0}", "é", "e\u{301}", "\u{1F600}", "z", " "]
    var string = ""
    for _ in 0..<below(4) { string += pick(letters) }
    return Text(string)
  }

  mutating func date() -> CalendarDate {
    CalendarDate(
      daysSinceEpoch: below(3) == 0 ? Int64(below(3)) : Int64(below(4_000_000)) - 2_000_000)
  }

  mutating func time() -> LocalTime {
    LocalTime(nanosecondsOfDay: Int64(random.next() % 86_400_000_000_000))
  }

  mutating func duration() -> CalendarDuration {
    CalendarDuration(
      months: Int64(below(5)) - 2, days: Int64(below(90)) - 45, seconds: integer() >> 20,
      nanosecondsOfSecond: Int32(below(2) * 500))
  }

  mutating func value(depth: Int = 2) -> Value {
    switch below(depth > 0 ? 17 : 14) {
    case 0: return .null
    case 1: return .boolean(below(2) == 0)
    case 2, 3: return .integer(integer())
    case 4, 5: return .float(float())
    case 6: return .string(text())
    case 7: return .bytes(Array(text().string.utf8))
    case 8: return temporal()
    case 9: return temporal()
    case 10: return .duration(duration())
    case 11: return .node(NodeID(UInt64(below(4))))
    case 12: return .edge(EdgeID(UInt64(below(4))))
    case 13: return path()
    case 14: return .list((0..<below(4)).map { _ in value(depth: depth - 1) })
    default:
      return .map(ValueMap((0..<below(3)).map { _ in (text(), value(depth: depth - 1)) }))
    }
  }

  private mutating func temporal() -> Value {
    let offset = Int32(below(5) - 2) * 3_600
    switch below(5) {
    case 0: return .date(date())
    case 1: return .localTime(time())
    case 2: return .time(ZonedTime(local: time(), offsetSeconds: offset))
    case 3: return .localDateTime(LocalDateTime(date: date(), time: time()))
    default:
      return .dateTime(
        ZonedDateTime(
          secondsSinceEpoch: Int64(below(100)) - 50, nanosecondsOfSecond: Int32(below(2)),
          offsetSeconds: offset, zoneName: below(2) == 0 ? nil : pick(["Africa/Abidjan", "UTC"])))
    }
  }

  private mutating func path() -> Value {
    let length = below(3)
    return .path(
      Path(
        nodes: (0...length).map { _ in NodeID(UInt64(below(3))) },
        edges: (0..<length).map { _ in EdgeID(UInt64(below(3))) }))
  }
}
