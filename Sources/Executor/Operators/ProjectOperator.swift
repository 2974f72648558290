// Computes expressions into slots: WITH, RETURN, and what later steps of a plan need.

import Base
package import Graph

/// An expression and the slot that receives it.
package struct SlotAssignment: Sendable {
  package var slot: Int
  package var expression: CompiledExpression

  package init(slot: Int, expression: CompiledExpression) {
    self.slot = slot
    self.expression = expression
  }
}

/// Adds columns to each batch.
package final class ProjectOperator: Operator {
  private let input: any Operator
  private let assignments: [SlotAssignment]
  @exclusivity(unchecked) private var results: [Column]

  package init(input: any Operator, assignments: [SlotAssignment]) {
    self.input = input
    self.assignments = assignments
    results = [Column](repeating: Column(), count: assignments.count)
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    guard try input.next(into: &batch, limit: limit, graph, run) else { return false }
    // All are evaluated before any is assigned: an assignment may overwrite what another reads.
    for index in assignments.indices {
      results[index] = try assignments[index].expression.column(batch, graph, run.evaluation)
    }
    for index in assignments.indices {
      swap(&batch.columns[assignments[index].slot], &results[index])
    }
    return true
  }

  package func rewind() { input.rewind() }
}
