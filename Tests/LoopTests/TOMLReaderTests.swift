// TOML 1.0: values of every kind, structure, and errors that point at their place.

import Base
import Testing

@testable import Loop

@Suite struct TOMLReaderTests {
  private func read(_ text: String) throws -> TOMLTable {
    try TOMLReader.read(Array(text.utf8), name: "t.toml")
  }

  private func content(_ text: String) throws -> String {
    guard let entry = try read("a = " + text)["a"] else { return "nothing" }
    return describe(entry.value)
  }

  private func describe(_ value: TOMLValue) -> String {
    switch value.content {
    case .string(let text): "s:" + text
    case .integer(let number): "i:\(number)"
    case .float(let number): "f:\(number)"
    case .boolean(let flag): "b:\(flag)"
    case .dateTime(let text): "d:" + text
    case .array(let elements): "[" + elements.map(describe).joined(separator: ",") + "]"
    case .table(let table):
      "{" + table.entries.map { $0.key + "=" + describe($0.value) }.joined(separator: ",") + "}"
    }
  }

  @Test(arguments: [
    ("1_000", "i:1000"), ("-17", "i:-17"), ("+0", "i:0"), ("0xDEAD_beef", "i:3735928559"),
    ("0o755", "i:493"), ("0b1101", "i:13"), ("1.5", "f:1.5"), ("5e+2", "f:500.0"),
    ("6.626e-34", "f:6.626e-34"), ("inf", "f:inf"), ("true", "b:true"), ("false", "b:false"),
    ("\"a\\tb\\u00e9\"", "s:a\tbé"), ("'C:\\x'", "s:C:\\x"), ("\"\"\"\nx\\\n   y\"\"\"", "s:xy"),
    ("'''a'b\n'''", "s:a'b\n"), ("\"\"\"a\"\"\"\"\"", "s:a\"\""),
    ("1979-05-27 07:32:00Z", "d:1979-05-27 07:32:00Z"),
    ("[1, 2, # c\n 3,]", "[i:1,i:2,i:3]"), ("{ b = 1, c.d = 'x' }", "{b=i:1,c={d=s:x}}"),
    ("[{x=1},{x=2}]", "[{x=i:1},{x=i:2}]"), ("[]", "[]"), ("{}", "{}"),
  ])
  func values(text: String, expected: String) throws {
    #expect(try content(text) == expected)
  }

  @Test func structure() throws {
    let table = try read(
      """
      top = 1
      [a.b]
      x = 1
      [a]
      y.z = 2
      [[list]]
      n = 1
      [list.inner]
      m = 2
      [[list]]
      "quoted key" = 3
      """)
    #expect(
      describe(TOMLValue(content: .table(table), place: table.place))
        == "{top=i:1,a={b={x=i:1},y={z=i:2}},list=[{n=i:1,inner={m=i:2}},{quoted key=i:3}]}")
  }

  @Test(arguments: [
    ("a = 1\na = 2", 2, 1), ("a = \n", 1, 5), ("a = 01", 1, 5), ("a = \"x", 1, 5),
    ("[a\nb=1", 1, 3),
    ("a = 1 b = 2", 1, 7), ("a = { b = 1\n }", 1, 12), ("a = [1 2]", 1, 8), ("[a]\n[a]", 2, 2),
    ("a = hello", 1, 5), ("a = 99999999999999999999", 1, 5), ("a = \"\\q\"", 1, 6), ("= 1", 1, 1),
    ("a = 1_", 1, 5), ("a = .5", 1, 5), ("a = {b=1}\na.c = 2", 2, 1), ("a = []\n[[a]]", 2, 3),
  ])
  func errorsPointAtTheirPlace(text: String, line: Int, column: Int) {
    do {
      _ = try read(text)
      Issue.record("accepted: \(text)")
    } catch let error as StemmaError {
      guard case .text(_, let atLine, let atColumn, _, _)? = error.place else {
        Issue.record("no place: \(error)")
        return
      }
      #expect(atLine == line && atColumn == column, "\(error.message) at \(atLine):\(atColumn)")
    } catch {
      Issue.record("another error: \(error)")
    }
  }

  @Test func deepNestingAndSizeAreErrors() {
    #expect(throws: StemmaError.self) {
      try read("a = " + String(repeating: "[", count: 100_000))
    }
    #expect(throws: StemmaError.self) {
      try read("#" + String(repeating: "x", count: TOMLReader.sizeLimitBytes))
    }
  }

  /// Random edits of a valid document never trap.
  @Test func mutationsNeverTrap() {
    let seed = Array(Campaign.template(name: "x", goal: "y").utf8)
    var random = SplitMix64(seed: 7)
    var accepted = 0
    for _ in 0..<300 {
      var bytes = seed
      for _ in 0..<(1 + Int(random.next() % 4)) {
        let index = Int(random.next() % UInt64(bytes.count))
        switch random.next() % 3 {
        case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.remove(at: index)
        default: bytes.insert(Array("[]{}\"'=.#\n".utf8)[Int(random.next() % 10)], at: index)
        }
      }
      if (try? Campaign.parse(bytes, name: "m.toml", directory: "/c")) != nil { accepted += 1 }
    }
    #expect(accepted < 300)
  }
}
