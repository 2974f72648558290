// Texts are ordered by their bytes, however many of them are compared at once, and maps find what
// they hold, whether they are gone through or searched.

import Base
import Testing

@Suite struct TextOrderTests {
  /// Texts of a few letters that often begin alike, of lengths around the eight that are compared
  /// at once.
  private func text(_ random: inout SplitMix64) -> Text {
    let letters: [Character] = ["a", "b", "é", "\u{0}", "\u{7F}", "🧬"]
    let count = random.next() % 20
    let changes = random.next() % 3
    var characters = [Character](repeating: "a", count: Int(count))
    for _ in 0..<changes where count > 0 {
      characters[Int(random.next() % count)] = letters[Int(random.next() % 6)]
    }
    return Text(String(characters))
  }

  @Test func orderIsThatOfBytes() {
    var random = SplitMix64(seed: 8)
    for _ in 0..<20_000 {
      let (left, right) = (text(&random), text(&random))
      let (first, second) = (Array(left.string.utf8), Array(right.string.utf8))
      #expect((left < right) == first.lexicographicallyPrecedes(second))
      #expect((left == right) == (first == second))
      #expect((left.order(against: right) == 0) == (first == second))
    }
  }

  @Test func mapsOfAnySizeHoldTheirLatestValues() {
    var random = SplitMix64(seed: 9)
    for size in [0, 1, 5, 23, 24, 25, 80] {
      var map = ValueMap()
      var expected: [Text: Value] = [:]
      for turn in 0..<size * 3 {
        let key = Text("key \(random.next() % UInt64(size))")
        let value: Value? = random.next() % 4 == 0 ? nil : .integer(Int64(turn))
        map[key] = value
        expected[key] = value
      }
      for key in 0..<size { #expect(map[Text("key \(key)")] == expected[Text("key \(key)")]) }
      #expect(map.entries.map(\.key) == expected.keys.sorted())
      let shuffled = expected.map { ValueMap.Entry(key: $0.key, value: $0.value) }
      #expect(ValueMap(distinct: shuffled) == map)
    }
  }
}
