// Functions as a golden table: the call and its value, or the error that it gives. Extremes are in
// it as well: nothing that a user can write may trap.

import Base
import Executor
import Planner
import TestSupport
import Testing

@Suite struct FunctionTests {
  private static let extremes: [Value] = [
    .null, .boolean(true), .integer(0), .integer(-1), .integer(3), .integer(.min), .integer(.max),
    .float(0), .float(-1.5), .float(2.5), .float(.nan), .float(.infinity), .float(1e300),
    .text(""), .text("Straße 7"), .text(" 42 "), .text("1.5e3"), .text("true"), .text("P1DT1S"),
    .text("2015-07-21"), .bytes([1, 2]), .list([]), .list([.integer(1), .null]),
    .map(ValueMap()), .map(ValueMap([("year", .integer(2015)), ("hour", .integer(3))])),
    .map(ValueMap([("year", .integer(.max))])), .date(CalendarDate(daysSinceEpoch: 0)),
    .duration(
      CalendarDuration(months: .min, days: 1, seconds: .max, nanosecondsOfSecond: 5)),
  ]

  /// Those that say most in a table that people read.
  private static let shown: [Value] = [
    .null, .integer(-3), .float(2.5), .text(" Straße 7 "), .text("42"),
    .list([.integer(1), .null]), .map(ValueMap([("year", .integer(2015))])),
    .date(CalendarDate(daysSinceEpoch: 16_637)),
  ]

  private func outcome(
    _ double: EvaluationDouble, _ function: ScalarFunction, _ arguments: [Value]
  ) -> String {
    let call =
      function.rawValue + "(" + arguments.map(\.description).joined(separator: ", ") + ")"
    let expression = BoundExpression.of(
      .call(function, arguments.map { BoundExpression.literal($0) }))
    do { return call + " = " + (try double.value(expression)).description + "\n" } catch {
      guard let error = error as? StemmaError else { return call + " ! \(error)\n" }
      return call + " ! \(error.classification?.detail ?? "") \(error.message)\n"
    }
  }

  @Test func unaryFunctionsOfEverything() throws {
    let double = try EvaluationDouble()
    var table = ""
    for function in ScalarFunction.allCases where function.signature.minimumArguments <= 1 {
      guard (function.signature.maximumArguments ?? 1) >= 1 else {
        if function != .rand { table += outcome(double, function, []) }
        continue
      }
      for argument in Self.shown { table += outcome(double, function, [argument]) }
    }
    try Golden.expect(table, matches: "Golden/unary-functions.txt")
  }

  /// No combination of arguments traps.
  @Test func functionsOfExtremesNeverTrap() throws {
    var limits = EvaluationLimits()
    limits.listElements = 1_000
    let double = try EvaluationDouble(limits: limits)
    for function in ScalarFunction.allCases where function != .coalesce {
      let arity = function.signature.minimumArguments...(function.signature.maximumArguments ?? 3)
      for first in Self.extremes {
        if arity.contains(1) { _ = outcome(double, function, [first]) }
        for second in Self.extremes {
          if arity.contains(2) { _ = outcome(double, function, [first, second]) }
          guard arity.contains(3) else { continue }
          for third in [Value.null, .integer(.min), .integer(2), .text("x"), .map(ValueMap())] {
            _ = outcome(double, function, [first, second, third])
          }
        }
      }
    }
    #expect(try double.call(.nullIf, .integer(1), .float(1)).isNull)
  }

  @Test func selectedResults() throws {
    let double = try EvaluationDouble()
    #expect(try double.call(.substring, .text("héllo"), .integer(1), .integer(3)) == .text("éll"))
    #expect(
      try double.call(.split, .text("a,,b"), .text(","))
        == .list([.text("a"), .text(""), .text("b")]))
    #expect(try double.call(.replace, .text("aXbX"), .text("X"), .text("--")) == .text("a--b--"))
    #expect(try double.call(.normalize, .text("e\u{301}")) == .text("\u{E9}"))
    #expect(try double.call(.normalize, .text("\u{E9}"), .text("NFD")) == .text("e\u{301}"))
    #expect(try double.call(.reverse, .text("raksO")) == .text("Oskar"))
    #expect(try double.call(.round, .float(-1.5)) == .float(-1))
    #expect(try double.call(.round, .float(3.14159), .integer(2)) == .float(3.14))
    #expect(
      try double.call(.range, .integer(.max - 1), .integer(.max), .integer(1))
        == .list([.integer(.max - 1), .integer(.max)]))
    #expect(throws: StemmaError.self) {
      try double.call(.range, .integer(0), .integer(.max), .integer(1))
    }
  }
}
