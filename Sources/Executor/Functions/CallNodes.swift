// Calls of functions. One, two and three arguments are passed without an array; which function
// takes how many the binder has checked.

import Base
import Graph
import Planner

/// The node for a call.
func callNode(_ function: ScalarFunction, _ arguments: [any ExpressionNode]) -> any ExpressionNode {
  if function == .coalesce { return CoalesceNode(arguments: arguments) }
  if function == .exists, let only = arguments.first {
    return ExistsNode(operand: only)
  }
  switch arguments.count {
  case 0: return CallNode0(function: function)
  case 1: return CallNode1(function: function, argument: arguments[0])
  case 2: return CallNode2(function: function, first: arguments[0], second: arguments[1])
  default:
    return CallNode3(
      function: function, first: arguments[0], second: arguments[1], third: arguments[2])
  }
}

struct CoalesceNode: ExpressionNode {
  let arguments: [any ExpressionNode]

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    for argument in arguments {
      let value = try argument.value(&frame, graph)
      if !value.isNull { return value }
    }
    return .null
  }
}

/// `exists(n.property)`: a subquery's boolean as it is, else whether the value is not null.
struct ExistsNode: ExpressionNode {
  let operand: any ExpressionNode

  var columnKind: Column.Kind { .booleans }

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    let value = try operand.value(&frame, graph)
    return operand is SubqueryNode ? value : .boolean(!value.isNull)
  }
}

struct CallNode0: ExpressionNode {
  let function: ScalarFunction

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    try callWithoutArguments(function, frame.context)
  }
}

struct CallNode1: ExpressionNode {
  let function: ScalarFunction
  let argument: any ExpressionNode

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    let value = try argument.value(&frame, graph)
    try frame.context.check(large: value)
    return try call(function, value, graph, frame.context)
  }
}

struct CallNode2: ExpressionNode {
  let function: ScalarFunction
  let first: any ExpressionNode
  let second: any ExpressionNode

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    let left = try first.value(&frame, graph)
    let right = try second.value(&frame, graph)
    try frame.context.check(large: left)
    return try call(function, left, right, frame.context)
  }
}

struct CallNode3: ExpressionNode {
  let function: ScalarFunction
  let first: any ExpressionNode
  let second: any ExpressionNode
  let third: any ExpressionNode

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    let one = try first.value(&frame, graph)
    let two = try second.value(&frame, graph)
    let three = try third.value(&frame, graph)
    try frame.context.check(large: one)
    return try call(function, one, two, three, frame.context)
  }
}
