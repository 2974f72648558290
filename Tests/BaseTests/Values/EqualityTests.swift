// Three-valued equality and comparability, as tables.

import Base
import Testing

@Suite struct EqualityTests {
  static let nan = Value.float(.nan)

  @Test(arguments: [
    (Value.integer(1), Value.float(1), true as Bool?), (.integer(1), .text("1"), false),
    (.null, .null, nil), (.integer(1), .null, nil), (nan, nan, false), (nan, .integer(1), false),
    (.list([.integer(1), .null]), .list([.integer(1), .integer(2)]), nil),
    (.list([.integer(1), .null]), .list([.integer(2), .integer(2)]), false),
    (.list([.null]), .list([]), false), (.list([]), .list([]), true),
    (.map(ValueMap([("k", .null)])), .map(ValueMap([("k", .null)])), nil),
    (.map(ValueMap([("k", .integer(1))])), .map(ValueMap([("l", .integer(1))])), false),
    (.text("é"), .text("e\u{301}"), false),
  ])
  func equality(_ left: Value, _ right: Value, _ expected: Bool?) {
    #expect(left.isEqual(to: right) == expected, "\(left) = \(right)")
    #expect(right.isEqual(to: left) == expected, "\(right) = \(left)")
  }

  @Test(arguments: [
    (Value.integer(1), Value.float(1.5), Comparability.less), (nan, .integer(1), .unordered),
    (nan, .text("a"), .unknown), (.text("a"), .text("b"), .less),
    (.boolean(true), .boolean(false), .greater), (.integer(1), .text("1"), .unknown),
    (.list([.integer(1), .integer(0)]), .list([.integer(1)]), .greater),
    (.list([.integer(1), .null]), .list([.integer(1)]), .greater),
    (.list([.integer(1), .integer(2)]), .list([.integer(1), .null]), .unknown),
    (.list([.integer(1), .integer(2)]), .list([.integer(3), .null]), .less),
    (.duration(.zero), .duration(.zero), .unknown), (.map(ValueMap()), .map(ValueMap()), .unknown),
  ])
  func comparison(_ left: Value, _ right: Value, _ expected: Comparability) {
    #expect(left.compared(with: right) == expected, "\(left) against \(right)")
  }

  @Test func valuesRenderAsLiterals() {
    let map = ValueMap([("a b", .null), ("plain", .list([.float(1e20), .float(-0.0)]))])
    #expect(Value.map(map).description == "{`a b`: null, plain: [1e20, -0.0]}")
    #expect(Value.text("it's\n\u{1}\\").description == "'it\\'s\\n\\u0001\\\\'")
    #expect(Value.float(1).description == "1.0")
    #expect(Value.float(0.00001).description == "1e-5")
    #expect(Value.date(CalendarDate(daysSinceEpoch: -1)).description == "date('1969-12-31')")
  }
}
