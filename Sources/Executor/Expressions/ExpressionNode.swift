// One step of a compiled expression. Each can give the value of one row; those for which it pays
// also give a whole column, or the rows for which they hold, without a call per row.

import Base
import Graph

/// A node of the compiled tree. Immutable: one compiled expression serves many threads.
protocol ExpressionNode: Sendable {
  /// The value at `frame.row`.
  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value

  /// The values of the selected rows, aligned with the rows of the frame; the others are anything.
  func column(
    _ frame: inout RowFrame, _ rows: RowSelection, _ graph: borrowing GraphView
  ) throws -> Column

  /// The selected rows for which the value is true; null is not true.
  func filter(
    _ frame: inout RowFrame, _ rows: RowSelection, _ graph: borrowing GraphView
  ) throws -> [Int32]

  /// Whether the value is the same for all rows of a batch and free of effects.
  var isConstant: Bool { get }

  /// The kind of column that the values fit, as far as is known before they are there.
  var columnKind: Column.Kind { get }
}

extension ExpressionNode {
  var isConstant: Bool { false }
  var columnKind: Column.Kind { .values }

  func column(
    _ frame: inout RowFrame, _ rows: RowSelection, _ graph: borrowing GraphView
  ) throws -> Column {
    var column = Column(columnKind)
    switch rows {
    case .all(let count):
      for row in 0..<count {
        frame.row = row
        column.append(try value(&frame, graph))
      }
    case .some(let selected):
      for row in selected {
        while column.count < Int(row) { column.appendNull() }
        frame.row = Int(row)
        column.append(try value(&frame, graph))
      }
      while column.count < frame.rowCount { column.appendNull() }
    }
    return column
  }

  func filter(
    _ frame: inout RowFrame, _ rows: RowSelection, _ graph: borrowing GraphView
  ) throws -> [Int32] {
    var kept: [Int32] = []
    kept.reserveCapacity(rows.count)
    switch rows {
    case .all(let count):
      for row in 0..<count {
        frame.row = row
        if try isTrue(&frame, graph) { kept.append(Int32(truncatingIfNeeded: row)) }
      }
    case .some(let selected):
      for row in selected {
        frame.row = Int(row)
        if try isTrue(&frame, graph) { kept.append(row) }
      }
    }
    return kept
  }

  /// Whether the value at `frame.row` is true; anything but a boolean or null is an error.
  func isTrue(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Bool {
    try truth(of: value(&frame, graph)) == true
  }
}

/// A condition's value; `nil` is null. Throws for anything but a boolean.
func truth(of value: Value) throws -> Bool? {
  switch value {
  case .boolean(let flag): return flag
  case .null: return nil
  default:
    throw StemmaError.type(
      "a condition must be true, false or null, not \(value.shortDescription)",
      advice: "compare it with something, or test IS NOT NULL")
  }
}

/// A truth value as Cypher's.
@inline(__always)
func logical(_ truth: Bool?) -> Value { truth.map { .boolean($0) } ?? .null }
