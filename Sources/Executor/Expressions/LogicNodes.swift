// Three-valued logic. As filters, conjunctions narrow the selection operand by operand, so that
// each operand sees only the rows that the ones before it let through.

import Base
import Cypher
import Graph

struct NotNode: ExpressionNode {
  let operand: any ExpressionNode

  var columnKind: Column.Kind { .booleans }

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    logical(try truth(of: operand.value(&frame, graph)).map { !$0 })
  }
}

struct AndNode: ExpressionNode {
  let operands: [any ExpressionNode]

  var columnKind: Column.Kind { .booleans }

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    var isUnknown = false
    for operand in operands {
      switch try truth(of: operand.value(&frame, graph)) {
      case false?: return .boolean(false)
      case nil: isUnknown = true
      case true?: continue
      }
    }
    return isUnknown ? .null : .boolean(true)
  }

  func filter(
    _ frame: inout RowFrame, _ rows: RowSelection, _ graph: borrowing GraphView
  ) throws -> [Int32] {
    var kept: [Int32]?
    for operand in operands {
      if let kept, kept.isEmpty { return [] }
      kept = try operand.filter(&frame, kept.map { .some($0) } ?? rows, graph)
    }
    return kept ?? rows.rows
  }
}

struct OrNode: ExpressionNode {
  let operands: [any ExpressionNode]

  var columnKind: Column.Kind { .booleans }

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    var isUnknown = false
    for operand in operands {
      switch try truth(of: operand.value(&frame, graph)) {
      case true?: return .boolean(true)
      case nil: isUnknown = true
      case false?: continue
      }
    }
    return isUnknown ? .null : .boolean(false)
  }
}

struct XorNode: ExpressionNode {
  let left: any ExpressionNode
  let right: any ExpressionNode

  var columnKind: Column.Kind { .booleans }

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    let first = try truth(of: left.value(&frame, graph))
    let second = try truth(of: right.value(&frame, graph))
    guard let first, let second else { return .null }
    return .boolean(first != second)
  }
}

/// `IS NULL` and `IS NOT NULL`.
struct NullTestNode: ExpressionNode {
  let operand: any ExpressionNode
  let wantsNull: Bool

  var columnKind: Column.Kind { .booleans }

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    .boolean(try operand.value(&frame, graph).isNull == wantsNull)
  }

  func filter(
    _ frame: inout RowFrame, _ rows: RowSelection, _ graph: borrowing GraphView
  ) throws -> [Int32] {
    let column = try operand.column(&frame, rows, graph)
    var kept: [Int32] = []
    rows.forEach { row in
      if column.isNull(row) == wantsNull { kept.append(Int32(truncatingIfNeeded: row)) }
    }
    return kept
  }
}

/// `CASE`, with or without a subject. Only the branch that is chosen is evaluated.
struct CaseNode: ExpressionNode {
  let subject: (any ExpressionNode)?
  let conditions: [any ExpressionNode]
  let results: [any ExpressionNode]
  let otherwise: (any ExpressionNode)?

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    let tested = try subject?.value(&frame, graph)
    for index in conditions.indices {
      let condition = try conditions[index].value(&frame, graph)
      let isChosen =
        if let tested {
          try ComparisonOperator.equal.holds(tested, condition, frame.context)
        } else {
          try truth(of: condition)
        }
      if isChosen == true { return try results[index].value(&frame, graph) }
    }
    return try otherwise?.value(&frame, graph) ?? .null
  }
}
