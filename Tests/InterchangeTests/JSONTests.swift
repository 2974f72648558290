// The JSON reader: strictness, ranges, depth; and that it never traps on damaged texts.

import Base
import Testing

@testable import Interchange

@Suite struct JSONTests {
  static func read(_ text: String) -> JSONValue? {
    var fault = 0
    return JSONReader.read(Substring(text), fault: &fault)
  }

  @Test func valuesAreRead() {
    #expect(Self.read(" null ") == .null)
    #expect(Self.read("-9223372036854775808") == .integer(.min))
    #expect(Self.read("1.0") == .float(1))
    #expect(Self.read("1e3") == .float(1000))
    #expect(Self.read("\"\\u00e9\\ud83e\\uddec\\n\"") == .string("é🧬\n"))
    #expect(
      Self.read("{\"a\":[1,{}],\"b\":[]}")
        == .object([
          .init(name: "a", value: .array([.integer(1), .object([])])),
          .init(name: "b", value: .array([])),
        ]))
  }

  @Test(arguments: [
    "", "nul", "01", "-", "1.", ".5", "1e", "+1", "9223372036854775808", "1e999", "NaN", "'a'",
    "\"a", "\"\t\"", "\"\\x\"", "\"\\ud800\"", "[1,]", "[1 2]", "{\"a\":1,}", "{a:1}",
    "{\"a\":1,\"a\":2}", "1 2", "[", "{\"a\"", "tru e",
  ])
  func wrongTextsAreRefused(text: String) {
    #expect(Self.read(text) == nil)
  }

  @Test func depthIsLimited() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(Self.read(deep) == nil)
    let allowed = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
    #expect(Self.read(allowed) != nil)
  }

  @Test func damagedTextsNeverTrap() {
    let original = Array("{\"node\":1,\"labels\":[\"A\"],\"properties\":{\"x\":-1.5e3}}".utf8)
    var random = SplitMix64(seed: 9)
    var refused = 0
    for _ in 0..<2_000 {
      var bytes = original
      bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      if Self.read(String(decoding: bytes, as: UTF8.self)) == nil { refused += 1 }
    }
    #expect(refused > 500)
  }
}
