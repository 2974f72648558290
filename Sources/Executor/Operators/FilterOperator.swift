// WHERE: rows whose predicate is not true leave the selection. Rows are never copied.
//
// A lenient filter stands before a pattern is matched as a whole: where its predicate fails, the
// row stays, since the rest of the pattern may drop it; a strict one comes later.

import Base
package import Graph

/// Keeps the rows for which a predicate is true.
package final class FilterOperator: Operator {
  private let input: any Operator
  private let predicate: CompiledExpression
  private let isLenient: Bool

  package init(input: any Operator, predicate: CompiledExpression, isLenient: Bool = false) {
    self.input = input
    self.predicate = predicate
    self.isLenient = isLenient
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    while try input.next(into: &batch, limit: limit, graph, run) {
      do { try predicate.filter(&batch, graph, run.evaluation) } catch let error as StemmaError {
        guard isLenient, error.code == .queryRuntime else { throw error }
        try keepPossible(&batch, graph, run)
      }
      if !batch.isEmpty { return true }
      try run.checkpoint()
    }
    batch.clear()
    return false
  }

  /// Row by row: those that are true, and those that fail.
  private func keepPossible(
    _ batch: inout Batch, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws {
    var kept: [Int32] = []
    try batch.forEachSelected { row in
      try run.tick()
      do {
        let value = try predicate.value(batch, row: row, graph, run.evaluation)
        if case .boolean(true) = value { kept.append(Int32(row)) }
      } catch let error as StemmaError {
        guard error.code == .queryRuntime else { throw error }
        kept.append(Int32(row))
      }
    }
    batch.selection = kept
  }

  package func rewind() { input.rewind() }
}
