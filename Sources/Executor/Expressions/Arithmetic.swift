// `+ - * / % ^` on two values. Integers stay integers and overflow into an error; with a float the
// result is a float; `+` also joins strings and lists; temporal values take durations.

import Base
import Cypher
import Glibc

extension ArithmeticOperator {
  /// The result on two values; null where either is null. Throws where the types do not fit.
  func apply(_ left: Value, _ right: Value, _ context: EvaluationContext) throws -> Value {
    switch (left, right) {
    case (.integer(let first), .integer(let second)): return try apply(first, second)
    case (.float(let first), .float(let second)): return .float(apply(first, second))
    case (.integer(let first), .float(let second)): return .float(apply(Double(first), second))
    case (.float(let first), .integer(let second)): return .float(apply(first, Double(second)))
    case (.null, _), (_, .null): return .null
    default: break
    }
    if self == .add, let joined = try join(left, right, context) { return joined }
    if let moment = try applyTemporal(left, right) { return moment }
    throw StemmaError.type(
      "\(rawValue) cannot take \(left.shortDescription) and \(right.shortDescription)")
  }

  func apply(_ left: Int64, _ right: Int64) throws -> Value {
    let result: (partialValue: Int64, overflow: Bool)
    switch self {
    case .add: result = left.addingReportingOverflow(right)
    case .subtract: result = left.subtractingReportingOverflow(right)
    case .multiply: result = left.multipliedReportingOverflow(by: right)
    case .divide:
      if right == 0 { throw StemmaError.divisionByZero }
      result = left.dividedReportingOverflow(by: right)
    case .modulo:
      if right == 0 { throw StemmaError.divisionByZero }
      // The remainder of the smallest integer and -1 is 0, though the quotient overflows.
      if right == -1 { return .integer(0) }
      result = (left % right, false)
    case .power: return .float(pow(Double(left), Double(right)))
    }
    if result.overflow { throw StemmaError.integerOverflow("\(left) \(rawValue) \(right)") }
    return .integer(result.partialValue)
  }

  @inline(__always)
  func apply(_ left: Double, _ right: Double) -> Double {
    switch self {
    case .add: left + right
    case .subtract: left - right
    case .multiply: left * right
    case .divide: left / right
    case .modulo: fmod(left, right)
    case .power: pow(left, right)
    }
  }

  /// `+` on strings and lists; `nil` where it is neither.
  private func join(
    _ left: Value, _ right: Value, _ context: EvaluationContext
  ) throws -> Value? {
    switch (left, right) {
    case (.list(let first), .list(let second)):
      try checkCount(first.count + second.count, context)
      return .list(try joined(first, second, context))
    case (.list(let elements), _):
      try checkCount(elements.count + 1, context)
      return try checkedDepth(
        .list(joined(elements, [right], context)), context.limits)
    case (_, .list(let elements)):
      try checkCount(elements.count + 1, context)
      return try checkedDepth(
        .list(joined([left], elements, context)), context.limits)
    case (.string(let first), .string(let second)): return try join(first, second, context)
    case (.string(let first), _):
      return try right.joinedText.map { try join(first, $0, context) }
    case (_, .string(let second)):
      return try left.joinedText.map { try join($0, second, context) }
    default: return nil
    }
  }

  private func join(
    _ first: Text, _ second: Text, _ context: EvaluationContext
  ) throws -> Value {
    let size = first.utf8Count + second.utf8Count
    if size > EvaluationLimits.largeString {
      try context.checkString(size)
      try context.hold(bytes: size)
    }
    return .string(Text(first.string + second.string))
  }

  private func checkCount(_ count: Int, _ context: EvaluationContext) throws {
    if count > EvaluationLimits.largeList {
      try context.checkList(count)
      try context.hold(elements: count)
    }
  }

  /// Moments and durations; `nil` where the types do not fit.
  private func applyTemporal(_ left: Value, _ right: Value) throws -> Value? {
    switch (self, left, right) {
    case (.add, .duration(let first), .duration(let second)):
      return .duration(try first.adding(second))
    case (.subtract, .duration(let first), .duration(let second)):
      return .duration(try first.adding(second.negated()))
    case (.add, .duration(let duration), _): return try right.adding(duration)
    case (.add, _, .duration(let duration)): return try left.adding(duration)
    case (.subtract, _, .duration(let duration)): return try left.adding(duration.negated())
    case (.multiply, .duration(let duration), .integer(let factor)),
      (.multiply, .integer(let factor), .duration(let duration)):
      return .duration(try duration.multiplied(by: factor))
    case (.multiply, .duration(let duration), .float(let factor)),
      (.multiply, .float(let factor), .duration(let duration)):
      return .duration(try duration.multiplied(by: factor))
    case (.divide, .duration(let duration), .integer(let divisor)):
      return .duration(try duration.divided(by: Double(divisor)))
    case (.divide, .duration(let duration), .float(let divisor)):
      return .duration(try duration.divided(by: divisor))
    default: return nil
    }
  }
}

extension Value {
  /// How `'text' + value` shows the value; `nil` where it does not join.
  fileprivate var joinedText: Text? {
    switch self {
    case .integer(let number): Text(String(number))
    case .float(let number): Text(Value.render(number))
    case .boolean(let flag): flag ? "true" : "false"
    default: temporalText.map { Text($0) }
    }
  }

  /// A moment after a duration; `nil` where the value is no moment.
  func adding(_ duration: CalendarDuration) throws -> Value? {
    switch self {
    case .date(let date):
      // A date takes whole days only, those that the seconds make up included.
      let days = duration.seconds / secondsPerDay
      return .date(
        try date.adding(months: duration.months).adding(days: duration.days).adding(days: days))
    case .localTime(let time): return .localTime(time.adding(duration))
    case .time(let time): return .time(time.adding(duration))
    case .localDateTime(let moment): return .localDateTime(try moment.adding(duration))
    case .dateTime(let moment): return .dateTime(try moment.adding(duration))
    default: return nil
    }
  }
}
