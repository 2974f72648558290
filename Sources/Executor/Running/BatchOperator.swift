// Rows of an earlier stage as the source of the next.

import Base
import Graph

/// Emits the rows of one large batch in pieces.
final class BatchOperator: Operator {
  private let rows: Batch
  private var position = 0

  init(_ rows: Batch) { self.rows = rows }

  func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    batch.clear()
    let end = min(rows.rowCount, position + limit)
    guard position < end else { return false }
    let picked = (position..<end).map { Int32($0) }
    for slot in rows.columns.indices where rows.columns[slot].count == rows.rowCount {
      batch.columns[slot].gather(picked, of: rows.columns[slot])
    }
    batch.rowCount = picked.count
    position = end
    return true
  }

  func rewind() { position = 0 }
}
