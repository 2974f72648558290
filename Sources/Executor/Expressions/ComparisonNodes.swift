// `=`, `<>`, `<`, `<=`, `>`, `>=`. As filters over numbers they run as loops over typed arrays;
// everything else goes value by value.

import Base
import Cypher
import Graph

extension ComparisonOperator {
  /// The three-valued result on two values; lists are compared element by element, and the
  /// statement may stop between them.
  func holds(_ left: Value, _ right: Value, _ context: EvaluationContext) throws -> Bool? {
    try context.check(large: left)
    switch left {
    case .list, .map: break
    default: return holds(left, right)
    }
    let pause = { try context.checkpoint() }
    switch self {
    case .equal: return try left.isEqual(to: right, pause: pause)
    case .notEqual: return try left.isEqual(to: right, pause: pause).map { !$0 }
    case .less: return try left.compared(with: right, pause: pause).isLess
    case .lessOrEqual: return try left.compared(with: right, pause: pause).isLessOrEqual
    case .greater: return try left.compared(with: right, pause: pause).isGreater
    case .greaterOrEqual: return try left.compared(with: right, pause: pause).isGreaterOrEqual
    }
  }

  /// The three-valued result on two values that are small.
  func holds(_ left: Value, _ right: Value) -> Bool? {
    switch self {
    case .equal: left.isEqual(to: right)
    case .notEqual: left.isEqual(to: right).map { !$0 }
    case .less: left.compared(with: right).isLess
    case .lessOrEqual: left.compared(with: right).isLessOrEqual
    case .greater: left.compared(with: right).isGreater
    case .greaterOrEqual: left.compared(with: right).isGreaterOrEqual
    }
  }

  /// The same question with the sides exchanged.
  var mirrored: ComparisonOperator {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}

struct ComparisonNode: ExpressionNode {
  let comparison: ComparisonOperator
  let left: any ExpressionNode
  let right: any ExpressionNode

  var columnKind: Column.Kind { .booleans }

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    let first = try left.value(&frame, graph)
    let second = try right.value(&frame, graph)
    return logical(try comparison.holds(first, second, frame.context))
  }

  func column(
    _ frame: inout RowFrame, _ rows: RowSelection, _ graph: borrowing GraphView
  ) throws -> Column {
    let first = try left.column(&frame, rows, graph)
    let second = try right.column(&frame, rows, graph)
    var result = Column(.booleans)
    result.booleans = [Bool](repeating: false, count: frame.rowCount)
    let context = frame.context
    try rows.forEach { row in
      if let holds = try comparison.holds(first[row], second[row], context) {
        result.booleans[row] = holds
      } else {
        if result.nulls.isEmpty {
          result.nulls = [Bool](repeating: false, count: result.booleans.count)
        }
        result.nulls[row] = true
      }
    }
    return result
  }

  func filter(
    _ frame: inout RowFrame, _ rows: RowSelection, _ graph: borrowing GraphView
  ) throws -> [Int32] {
    if right.isConstant, rows.count > 0 {
      let bound = try right.value(&frame, graph)
      let column = try left.column(&frame, rows, graph)
      if case .list = bound {
        return try filter(column, Column(repeating: bound, count: column.count), rows, frame)
      }
      return ComparisonKernel(comparison, bound).filter(column, rows)
    }
    if left.isConstant, rows.count > 0 {
      let bound = try left.value(&frame, graph)
      let column = try right.column(&frame, rows, graph)
      return ComparisonKernel(comparison.mirrored, bound).filter(column, rows)
    }
    let first = try left.column(&frame, rows, graph)
    let second = try right.column(&frame, rows, graph)
    return try filter(first, second, rows, frame)
  }

  private func filter(
    _ first: Column, _ second: Column, _ rows: RowSelection, _ frame: RowFrame
  ) throws -> [Int32] {
    var kept: [Int32] = []
    kept.reserveCapacity(rows.count)
    let context = frame.context
    try rows.forEach { row in
      if try comparison.holds(first[row], second[row], context) == true {
        kept.append(Int32(truncatingIfNeeded: row))
      }
    }
    return kept
  }
}

/// `a < b <= c`: all neighbours must compare; an operand is evaluated once.
struct ComparisonChainNode: ExpressionNode {
  let operands: [any ExpressionNode]
  let comparisons: [ComparisonOperator]

  var columnKind: Column.Kind { .booleans }

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    var isUnknown = false
    var previous = try operands[0].value(&frame, graph)
    for index in comparisons.indices {
      let next = try operands[index + 1].value(&frame, graph)
      switch try comparisons[index].holds(previous, next, frame.context) {
      case false?: return .boolean(false)
      case nil: isUnknown = true
      case true?: break
      }
      previous = next
    }
    return isUnknown ? .null : .boolean(true)
  }
}
