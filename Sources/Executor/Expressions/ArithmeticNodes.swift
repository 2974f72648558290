// Arithmetic as nodes: value by value, and over whole columns of floats and integers.

import Base
import Cypher
import Graph

struct ArithmeticNode: ExpressionNode {
  let operation: ArithmeticOperator
  let left: any ExpressionNode
  let right: any ExpressionNode

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    let first = try left.value(&frame, graph)
    let second = try right.value(&frame, graph)
    return try operation.apply(first, second, frame.context)
  }

  func column(
    _ frame: inout RowFrame, _ rows: RowSelection, _ graph: borrowing GraphView
  ) throws -> Column {
    let first = try left.column(&frame, rows, graph)
    let second = try right.column(&frame, rows, graph)
    if let floats = floats(first, second, rows) { return floats }
    var result = Column(first.kind == .integers && second.kind == .integers ? .integers : .values)
    let context = frame.context
    var previous = -1
    try rows.forEach { row in
      for _ in (previous + 1)..<row { result.appendNull() }
      result.append(try operation.apply(first[row], second[row], context))
      previous = row
    }
    while result.count < frame.rowCount { result.appendNull() }
    return result
  }

  /// Both sides floats, or one of them integers: nothing can fail, so unselected rows are computed
  /// as well, in one loop.
  private func floats(_ first: Column, _ second: Column, _ rows: RowSelection) -> Column? {
    guard first.isNumeric, second.isNumeric, first.kind == .floats || second.kind == .floats
    else { return nil }
    let (left, right) = (first.asFloats, second.asFloats)
    let count = min(left.count, right.count)
    var result = Column(.floats)
    let operation = operation
    result.floats = (0..<count).map { operation.apply(left[$0], right[$0]) }
    if !first.nulls.isEmpty || !second.nulls.isEmpty {
      result.nulls = (0..<count).map { first.isNull($0) || second.isNull($0) }
    }
    return result
  }
}

/// A chain that is too long for a tree, value by value.
struct ArithmeticChainNode: ExpressionNode {
  let first: any ExpressionNode
  let operations: [ArithmeticOperator]
  let operands: [any ExpressionNode]

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    var result = try first.value(&frame, graph)
    for index in operations.indices {
      let operand = try operands[index].value(&frame, graph)
      result = try operations[index].apply(result, operand, frame.context)
    }
    return result
  }
}

extension Column {
  fileprivate var isNumeric: Bool { kind == .floats || kind == .integers }

  fileprivate var asFloats: [Double] {
    kind == .floats ? floats : integers.map { Double($0) }
  }
}

struct NegateNode: ExpressionNode {
  let operand: any ExpressionNode

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    switch try operand.value(&frame, graph) {
    case .null: return .null
    case .integer(let number):
      guard number != .min else { throw StemmaError.integerOverflow("-(\(number))") }
      return .integer(-number)
    case .float(let number): return .float(-number)
    case .duration(let duration): return .duration(try duration.negated())
    case let other: throw StemmaError.type("- cannot take \(other.shortDescription)")
    }
  }
}

struct PlusNode: ExpressionNode {
  let operand: any ExpressionNode

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    let value = try operand.value(&frame, graph)
    switch value {
    case .null, .integer, .float, .duration: return value
    default: throw StemmaError.type("+ cannot take \(value.shortDescription)")
    }
  }
}
