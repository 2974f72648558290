// WHERE: rows whose predicate is not true leave the selection. Rows are never copied.

import Base
package import Graph

/// Keeps the rows for which a predicate is true.
package final class FilterOperator: Operator {
  private let input: any Operator
  private let predicate: CompiledExpression

  package init(input: any Operator, predicate: CompiledExpression) {
    self.input = input
    self.predicate = predicate
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    while try input.next(into: &batch, limit: limit, graph, run) {
      try predicate.filter(&batch, graph, run.evaluation)
      if !batch.isEmpty { return true }
      try run.checkpoint()
    }
    batch.clear()
    return false
  }

  package func rewind() { input.rewind() }
}
