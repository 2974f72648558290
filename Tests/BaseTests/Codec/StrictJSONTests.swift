// The JSON reader: strictness, ranges, depth; and that it never traps on damaged texts.

import Base
import Testing

@Suite struct StrictJSONTests {
  static func read(_ text: String, refusesWideIntegers: Bool = false) -> Value? {
    let limits = StrictJSON.Limits(bytes: 1 << 20, refusesWideIntegers: refusesWideIntegers)
    return try? StrictJSON.parse(Array(text.utf8), limits: limits)
  }

  @Test func valuesAreRead() {
    #expect(Self.read(" null ") == .null)
    #expect(Self.read("-9223372036854775808") == .integer(.min))
    #expect(Self.read("1.0") == .float(1))
    #expect(Self.read("1e3") == .float(1000))
    #expect(Self.read("\"\\u00e9\\ud83e\\uddec\\n\"") == .text("é🧬\n"))
    #expect(
      Self.read("{\"b\":[],\"a\":[1,{}]}")
        == .map(ValueMap([("a", .list([.integer(1), .map(ValueMap())])), ("b", .list([]))])))
  }

  @Test func wideIntegersAreFloatsOrRefused() {
    #expect(Self.read("9223372036854775808") == .float(9_223_372_036_854_775_808))
    #expect(Self.read("9223372036854775808", refusesWideIntegers: true) == nil)
  }

  @Test(arguments: [
    "", "nul", "01", "-", "1.", ".5", "1e", "+1", "1e999", "NaN", "'a'", "\"a", "\"\t\"",
    "\"\\x\"", "\"\\ud800\"", "\"\\u+123\"", "[1,]", "[1 2]", "{\"a\":1,}", "{a:1}",
    "{\"a\":1,\"a\":2}", "1 2", "[", "{\"a\"", "tru e",
  ])
  func wrongTextsAreRefused(text: String) {
    #expect(Self.read(text) == nil)
  }

  /// Many or few, in order or not: each name once, and all of them found.
  @Test func namesStandOnce() {
    var random = SplitMix64(seed: 6)
    for _ in 0..<400 {
      let names = (0..<1 + random.next() % 40).map { _ in Int(random.next() % 900) }
      let order = random.next() % 2 == 0 ? names : names.sorted()
      let text = "{" + order.map { "\"\($0)\":\($0)" }.joined(separator: ",") + "}"
      let isOnce = Set(names).count == names.count
      let map = ValueMap(names.map { (Text("\($0)"), .integer(Int64($0))) })
      #expect(Self.read(text) == (isOnce ? .map(map) : nil))
    }
  }

  @Test func escapesStandAmongPlainText() {
    #expect(Self.read("\"a\\nb\\u0041c\"") == .text("a\nbAc"))
    #expect(Self.read("\"\\\\\"") == .text("\\"))
    #expect(Self.read("\"é\\\"é\"") == .text("é\"é"))
    #expect(Self.read("\"\"") == .text(""))
  }

  @Test func depthAndLengthAreLimited() {
    #expect(Self.read(String(repeating: "[", count: 100_000)) == nil)
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(Self.read(nested(64)) != nil)
    #expect(Self.read(nested(65)) == nil)
    #expect((try? StrictJSON.parse([49, 49], limits: .init(bytes: 1))) == nil)
  }

  @Test func damagedTextsNeverTrap() {
    let original = Array("{\"node\":1,\"labels\":[\"A\"],\"properties\":{\"x\":-1.5e3}}".utf8)
    var random = SplitMix64(seed: 9)
    var refused = 0
    for _ in 0..<2_000 {
      var bytes = original
      bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      if (try? StrictJSON.parse(bytes, limits: .init(bytes: 1_000))) == nil { refused += 1 }
    }
    #expect(refused > 500)
  }
}
