// Where rows begin: the single empty row of a query, the row of an enclosing query, or rows that an
// earlier stage of a writing query left.

import Base
package import Graph

/// Emits one batch that its owner sets: the outer row of a subquery, or the single row with nothing
/// bound with which every query starts.
package final class ArgumentOperator: Operator {
  @exclusivity(unchecked) package var row: Batch
  @exclusivity(unchecked) private var isDone = false

  package init(slotCount: Int) {
    row = Batch(slotCount: slotCount)
    row.rowCount = 1
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    if isDone {
      batch.clear()
      return false
    }
    isDone = true
    batch.clear()
    for slot in row.columns.indices where !row.columns[slot].isEmpty {
      batch.columns[slot] = row.columns[slot]
    }
    batch.rowCount = row.rowCount
    batch.selection = row.selection
    return true
  }

  package func rewind() { isDone = false }
}

/// Emits rows that were collected before.
package final class RowsOperator: Operator {
  private let rows: RowBuffer
  @exclusivity(unchecked) private var position = 0

  package init(rows: RowBuffer) { self.rows = rows }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    try run.checkpoint()
    let count = min(limit, rows.count - position)
    rows.copy(from: position, count: count, into: &batch)
    position += count
    return count > 0
  }

  package func rewind() { position = 0 }
}

/// Emits the rows of an argument that several branches share: it starts the argument again before
/// its own first row.
final class RestartingOperator: Operator {
  private let input: any Operator
  @exclusivity(unchecked) private var isStarted = false

  init(_ input: any Operator) { self.input = input }

  func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    if !isStarted {
      isStarted = true
      input.rewind()
    }
    return try input.next(into: &batch, limit: limit, graph, run)
  }

  func rewind() { isStarted = false }
}
