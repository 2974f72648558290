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

  /// Parts that were written before, in any order, make the same text as the whole.
  @Test func partsMakeTheWhole() {
    var random = SplitMix64(seed: 4)
    func value(_ depth: Int) -> Value {
      switch random.next() % (depth == 0 ? 5 : 7) {
      case 0: .null
      case 1: .integer(Int64(truncatingIfNeeded: random.next()))
      case 2: .float(Double(Int64(truncatingIfNeeded: random.next())) / 1_000)
      case 3: .boolean(random.next() % 2 == 0)
      case 4: .text(["", "a", "\"\\\n\r\t\u{1}\u{7F}", "é🧬"][Int(random.next() % 4)])
      case 5: .list((0..<random.next() % 4).map { _ in value(depth - 1) })
      default: .object(members(depth))
      }
    }
    func members(_ depth: Int) -> [(Text, Value?)] {
      let names = Set((0..<random.next() % 6).map { _ in "n\(random.next() % 30)" }).sorted()
      return names.reversed().map { (Text($0), value(depth - 1)) }
    }
    for _ in 0..<300 {
      let members = members(3)
      #expect(WrittenJSON.object(.init(members)).bytes == JSONWriter.bytes(.object(members)))
      let elements = members.compactMap(\.1)
      #expect(
        WrittenJSON.list(elements.map { WrittenJSON($0) }).bytes
          == JSONWriter.bytes(.list(elements)))
      let text = JSONWriter.write(.object(members))
      #expect(try! JSONReader.read(Array(text.utf8), limitBytes: 1 << 20) == .object(members))
    }
  }
}
