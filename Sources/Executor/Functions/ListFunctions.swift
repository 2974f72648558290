// head, last, tail, reverse, range.

import Base
import Planner

/// `nil` where the function is none of these. The argument is not null.
func callList(
  _ function: ScalarFunction, _ argument: Value, _ context: EvaluationContext
) throws -> Value? {
  switch function {
  case .head, .last, .tail: break
  case .reverse:
    if case .string(let text) = argument {
      return .string(try mapScalars(text, reversed: true, context) { $1.append($0) })
    }
  default: return nil
  }
  guard case .list(let elements) = argument else {
    throw StemmaError.argument(
      function.rawValue, argument, wanted: function == .reverse ? "a list or a string" : "a list")
  }
  switch function {
  case .head: return elements.first ?? .null
  case .last: return elements.last ?? .null
  case .tail: return .list(Array(elements.dropFirst()))
  default:
    var reversed: [Value] = []
    reversed.reserveCapacity(elements.count)
    for index in elements.indices.reversed() {
      reversed.append(elements[index])
      if index % EvaluationLimits.largeString == 0 { try context.checkpoint() }
    }
    return .list(reversed)
  }
}

/// The numbers of `range(start, end, step)`: both ends included; none where the step leads away.
struct IntegerRange {
  private(set) var next: Int64
  let stride: Int64
  /// How many numbers are left.
  private(set) var remaining: UInt64

  /// `nil` where an argument is null.
  init?(_ start: Value, _ end: Value, _ step: Value) throws {
    if start.isNull || end.isNull || step.isNull { return nil }
    guard case .integer(let first) = start, case .integer(let last) = end,
      case .integer(let stride) = step
    else {
      throw StemmaError.runtime(
        "ArgumentError", "InvalidArgumentType", "range() takes integers",
        advice: "convert with toInteger()")
    }
    guard stride != 0 else {
      throw StemmaError.runtime(
        "ArgumentError", "NumberOutOfRange", "the step of range() must not be 0")
    }
    next = first
    self.stride = stride
    let span = Int128(last) - Int128(first)
    guard span == 0 || (span > 0) == (stride > 0) else {
      remaining = 0
      return
    }
    remaining = UInt64(clamping: span / Int128(stride) + 1)
  }

  mutating func take() -> Int64? {
    guard remaining > 0 else { return nil }
    remaining -= 1
    defer { next = next &+ stride }
    return next
  }
}

/// `range(start, end, step)` as a list.
func range(
  _ start: Value, _ end: Value, _ step: Value, _ context: EvaluationContext
) throws -> Value {
  guard var numbers = try IntegerRange(start, end, step) else { return .null }
  let count = Int(clamping: numbers.remaining)
  if count > EvaluationLimits.largeList || count > context.limits.listElements {
    try context.checkList(count)
    try context.hold(elements: count)
  }
  var elements: [Value] = []
  elements.reserveCapacity(count)
  while let number = numbers.take() {
    elements.append(.integer(number))
    if elements.count % EvaluationLimits.largeString == 0 { try context.checkpoint() }
  }
  return .list(elements)
}
