// JSON: what is read, what is refused, and that writing is canonical.

import Base
import Testing

@testable import Models

@Suite struct JSONTests {
  private func read(_ text: String) throws -> Value {
    try JSONReader.read(Array(text.utf8), limitBytes: 1 << 20)
  }

  @Test(arguments: [
    (" {\"b\":1, \"a\":[true,null,-0.5e1]} ", "{\"a\":[true,null,-5.0],\"b\":1}"),
    ("\"\\u00e9\\ud83d\\ude00\\n\\/\"", "\"é😀\\n/\""),
    ("9223372036854775807", "9223372036854775807"),
    ("9223372036854775808", "9.223372036854776e+18"), ("[]", "[]"), ("{}", "{}"), ("1e-7", "1e-07"),
  ])
  func roundTrip(text: String, canonical: String) throws {
    let value = try read(text)
    #expect(JSONWriter.write(value) == canonical)
    #expect(try read(canonical) == value)
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "01", "+1", ".5", "1.", "1e", "NaN",
    "Infinity",
    "1e999", "\"\\x\"", "\"a", "\"\u{1}\"", "\"\\ud800\"", "tru", "1 2", "{a:1}", "'a'", "[1 2]",
  ])
  func refuses(text: String) {
    #expect(throws: StemmaError.self) { try read(text) }
  }

  @Test func limits() {
    #expect(throws: StemmaError.self) { try read(String(repeating: "[", count: 100_000)) }
    #expect(throws: StemmaError.self) { try JSONReader.read([49, 49], limitBytes: 1) }
    #expect(throws: StemmaError.self) { try JSONReader.read([34, 0xFF, 34], limitBytes: 10) }
  }

  /// Random bytes and random edits never trap.
  @Test func hostileBytes() {
    var random = SplitMix64(seed: 3)
    let base = Array("{\"a\":[1,2.5e3,\"x\\u0041\"],\"b\":{\"c\":null}}".utf8)
    for _ in 0..<3_000 {
      var bytes = base
      for _ in 0..<3 {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      if let value = try? JSONReader.read(bytes, limitBytes: 1_000) {
        #expect((try? JSONReader.read(JSONWriter.bytes(value), limitBytes: 5_000)) == value)
      }
    }
  }
}
