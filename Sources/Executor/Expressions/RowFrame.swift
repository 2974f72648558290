// The rows that an expression is evaluated over, and the row at hand. Elements of comprehensions
// live in `locals`, beside the columns, so that no batch is copied for them.

package import Base
package import Graph

/// A batch under evaluation.
package struct RowFrame {
  /// Columns by slot.
  package let columns: [Column]
  package let rowCount: Int
  package let context: EvaluationContext
  /// The row that `value` reads.
  package var row = 0
  /// Elements and accumulators of the comprehensions around the node that is evaluated.
  package var locals: [Value]
  /// The last regular expression that was compiled from a text that is not constant.
  var patterns = RegularExpressionCache()

  init(_ batch: Batch, localCount: Int, _ context: EvaluationContext) {
    columns = batch.columns
    rowCount = batch.rowCount
    self.context = context
    locals = [Value](repeating: .null, count: localCount)
  }
}

/// Which rows of a frame are meant: all of them, or some, ascending.
package enum RowSelection {
  case all(count: Int)
  case some([Int32])

  init(_ batch: Batch) {
    if let selection = batch.selection {
      self = .some(selection)
    } else {
      self = .all(count: batch.rowCount)
    }
  }

  var count: Int {
    switch self {
    case .all(let count): count
    case .some(let rows): rows.count
    }
  }

  @inline(__always)
  func forEach(_ body: (Int) throws -> Void) rethrows {
    switch self {
    case .all(let count):
      var row = 0
      while row < count {
        try body(row)
        row += 1
      }
    case .some(let rows):
      for row in rows { try body(Int(row)) }
    }
  }

  /// The rows as an array.
  var rows: [Int32] {
    switch self {
    case .all(let count): Array(0..<Int32(count))
    case .some(let rows): rows
    }
  }
}
