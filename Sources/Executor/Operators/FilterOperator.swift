// WHERE: rows whose predicate is not true leave the selection. Rows are never copied.
//
// A lenient filter stands before a pattern is matched as a whole: where its predicate fails, the
// row stays, since the rest of the pattern may drop it; a strict one comes later.

import Base
package import Graph

/// Keeps the rows for which every predicate is true. They are tried in their order, by one operator
/// however many there are: a condition of thousands is no deeper than a condition of one.
package final class FilterOperator: Operator {
  private let input: any Operator
  private let predicates: [CompiledExpression]
  private let isLenient: Bool

  package init(
    input: any Operator, predicates: [CompiledExpression], isLenient: Bool = false
  ) {
    self.input = input
    self.predicates = predicates
    self.isLenient = isLenient
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    while try input.next(into: &batch, limit: limit, graph, run) {
      for predicate in predicates where !batch.isEmpty {
        try apply(predicate, &batch, graph, run)
      }
      if !batch.isEmpty { return true }
      try run.checkpoint()
    }
    batch.clear()
    return false
  }

  private func apply(
    _ predicate: CompiledExpression, _ batch: inout Batch, _ graph: borrowing GraphView,
    _ run: ExecutionRun
  ) throws {
    do { try predicate.filter(&batch, graph, run.evaluation) } catch let error as StemmaError {
      guard isLenient, error.code == .queryRuntime else { throw error }
      try keepPossible(predicate, &batch, graph, run)
    }
  }

  /// Row by row: those that are true, and those that fail.
  private func keepPossible(
    _ predicate: CompiledExpression, _ batch: inout Batch, _ graph: borrowing GraphView,
    _ run: ExecutionRun
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
