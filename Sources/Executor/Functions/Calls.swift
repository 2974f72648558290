// From a function's name and its arguments to what computes it. The groups are in files of their
// own: conversions, graph, lists, numbers, strings, time. Unless a function says otherwise, null in
// gives null out.

import Base
import Cypher
import Graph
import Planner

/// A call without arguments.
func callWithoutArguments(
  _ function: ScalarFunction, _ context: EvaluationContext
) throws -> Value {
  switch function {
  case .rand: return .float(Double(context.surroundings.random() >> 11) * 0x1p-53)
  case .e: return .float(2.718281828459045)
  case .pi: return .float(.pi)
  case .randomUUID: return .string(randomUUID(context.surroundings))
  case .timestamp: return .integer(floorDivide(context.statementTime.rawValue, 1_000))
  default:
    if let clock = function.clock { return try clock.type.now(clock.moment(context)) }
    throw notCallable(function, 0)
  }
}

/// A call with one argument.
func call(
  _ function: ScalarFunction, _ argument: Value, _ graph: borrowing GraphView,
  _ context: EvaluationContext
) throws -> Value {
  if let result = try callGraph(function, argument, graph, context) { return result }
  if argument.isNull { return function.valueOfNull }
  if let result = try callConversion(function, argument, context) { return result }
  if let result = try callList(function, argument, context) { return result }
  if let result = try callNumber(function, argument) { return result }
  if let result = try callString(function, argument, context) { return result }
  if let result = try callTemporal(function, argument, context) { return result }
  throw notCallable(function, 1)
}

/// A call with two arguments.
func call(
  _ function: ScalarFunction, _ first: Value, _ second: Value, _ context: EvaluationContext
) throws -> Value {
  if function == .nullIf {
    return try ComparisonOperator.equal.holds(first, second, context) == true ? .null : first
  }
  if first.isNull || second.isNull { return .null }
  switch function {
  case .range: return try range(first, second, .integer(1), context)
  case .round: return try round(first, digits: second, mode: .text("HALF_UP"))
  case .atan2: return try arcTangent(first, second)
  default: break
  }
  if let result = try callString(function, first, second, context) { return result }
  if let result = try callTemporal(function, first, second, context) { return result }
  throw notCallable(function, 2)
}

/// A call with three arguments.
func call(
  _ function: ScalarFunction, _ first: Value, _ second: Value, _ third: Value,
  _ context: EvaluationContext
) throws -> Value {
  if first.isNull || second.isNull || third.isNull { return .null }
  switch function {
  case .range: return try range(first, second, third, context)
  case .round: return try round(first, digits: second, mode: third)
  case .substring: return try substring(first, from: second, count: third)
  case .replace: return try replace(first, second, third, context)
  default:
    if let type = function.truncatedType {
      return try type.truncate(first, second, third, now: context.statementTime)
    }
    throw notCallable(function, 3)
  }
}

extension ScalarFunction {
  /// What a function of one argument gives for null.
  fileprivate var valueOfNull: Value { self == .valueType ? .text("NULL") : .null }
}

/// The binder checks numbers of arguments; this is what a hole in its table would give.
private func notCallable(_ function: ScalarFunction, _ count: Int) -> StemmaError {
  StemmaError(
    .queryNotSupported, "\(function.rawValue)() with \(count) arguments is not supported")
}
