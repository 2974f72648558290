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
      var reversed = String.UnicodeScalarView()
      reversed.append(contentsOf: text.string.unicodeScalars.reversed())
      return .text(String(reversed))
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
  default: return .list(elements.reversed())
  }
}

/// `range(start, end, step)`: both ends included; empty where the step leads away from the end.
func range(
  _ start: Value, _ end: Value, _ step: Value, _ context: EvaluationContext
) throws -> Value {
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
  let span = Int128(last) - Int128(first)
  guard span == 0 || (span > 0) == (stride > 0) else { return .list([]) }
  let count = span / Int128(stride) + 1
  guard count <= Int128(context.limits.listElements) else {
    throw StemmaError.valueTooLarge("the list of range()", limit: context.limits.listElements)
  }
  var elements: [Value] = []
  elements.reserveCapacity(Int(count))
  var next = first
  for _ in 0..<Int(count) {
    elements.append(.integer(next))
    // The step after the last element may leave the integers.
    next = next &+ stride
  }
  return .list(elements)
}
