// ORDER BY, and ORDER BY with LIMIT (top k). Rows are collected with their keys; a permutation is
// sorted, never the rows. With a limit the collection is cut back whenever it has grown too far.

package import Base
package import Graph

/// A sort key.
package struct SortKey: Sendable {
  package var expression: CompiledExpression
  package var isDescending: Bool

  package init(expression: CompiledExpression, isDescending: Bool) {
    self.expression = expression
    self.isDescending = isDescending
  }
}

/// Emits the input in order; with a limit only its first rows.
package final class SortOperator: Operator {
  private let input: any Operator
  private let keys: [SortKey]
  /// How many rows may come out: the sum of SKIP and LIMIT.
  private let limits: [CompiledExpression]
  private let slotCount: Int
  private var rows: RowBuffer
  private var keyColumns: [Column]
  private var scratch = Column()
  private var order: [Int32] = []
  private var position = 0
  private var isSorted = false

  /// `slots` are kept; `limits` are counts whose sum bounds the output, empty for all rows.
  package init(
    input: any Operator, keys: [SortKey], limits: [CompiledExpression], slots: [Int],
    slotCount: Int
  ) {
    self.input = input
    self.keys = keys
    self.limits = limits
    self.slotCount = slotCount
    rows = RowBuffer(slots: slots, slotCount: slotCount)
    keyColumns = [Column](repeating: Column(), count: keys.count)
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    if !isSorted { try collect(graph, run) }
    try run.checkpoint()
    let end = min(order.count, position + limit)
    rows.gather(order[position..<end], into: &batch)
    defer { position = end }
    return end > position
  }

  private func collect(_ graph: borrowing GraphView, _ run: ExecutionRun) throws {
    isSorted = true
    var most = Int.max
    if !limits.isEmpty {
      most = 0
      for limit in limits {
        let (sum, overflow) = most.addingReportingOverflow(
          try RowCount.evaluate(limit, "LIMIT", graph, run))
        most = overflow ? .max : sum
      }
    }
    var batch = Batch(slotCount: slotCount)
    while try input.next(into: &batch, limit: run.batchRows, graph, run) {
      try run.checkpoint()
      for index in keys.indices {
        scratch = try keys[index].expression.column(batch, graph, run.evaluation)
        if rows.count == 0 { keyColumns[index].reset(to: scratch.kind) }
        batch.forEachSelected { keyColumns[index].append(row: $0, of: scratch) }
      }
      try rows.append(batch, run)
      if most < Int.max / 4, rows.count > 2 * most + 4 * run.batchRows {
        try sort(run)
        cut(to: most)
      }
    }
    try sort(run)
    if order.count > most { order.removeLast(order.count - most) }
    position = 0
  }

  private func sort(_ run: ExecutionRun) throws {
    let comparison = RowComparison(
      columns: keyColumns, isDescending: keys.map(\.isDescending))
    order = (0..<rows.count).map { Int32($0) }
    try order.sort { left, right in
      try run.tick()
      let result = comparison.compare(Int(left), Int(right))
      return result == 0 ? left < right : result < 0
    }
  }

  /// Keeps only the first rows in order.
  private func cut(to count: Int) {
    let first = Array(order.prefix(count))
    rows.keep(first)
    for index in keyColumns.indices {
      var kept = Column()
      kept.gather(first, of: keyColumns[index])
      keyColumns[index] = kept
    }
  }

  package func rewind() {
    input.rewind()
    rows.clear()
    for index in keyColumns.indices { keyColumns[index].reset(to: .values) }
    order = []
    position = 0
    isSorted = false
  }
}
