// Runs plans that do not write: builds their operators and hands the rows to a consumer.

import Base
package import Graph
package import Planner

/// Runs reading plans.
package enum PlanReader {
  /// Pulls all rows of a plan; `consume` returns `false` to stop. Whatever the end, `leave` is
  /// given the operators with all that they hold, for a caller that does not want to wait until
  /// that is freed.
  package static func run(
    _ plan: PreparedPlan, procedures: any ProcedureLibrary, _ graph: borrowing GraphView,
    _ run: ExecutionRun, profile: PlanProfile? = nil,
    leave: (any Operator) -> Void = { _ in }, consume: (Batch) throws -> Bool
  ) throws {
    let builder = OperatorBuilder(
      plan: plan, procedures: procedures, run: run, profile: profile)
    let operators = try builder.build(
      plan.root, argument: ArgumentOperator(slotCount: plan.slotCount))
    defer { leave(operators) }
    var batch = Batch(slotCount: plan.slotCount)
    var growth = BatchGrowth(most: run.batchRows)
    while try operators.next(into: &batch, limit: growth.advance(), graph, run) {
      guard try consume(batch) else { return }
      try run.checkpoint()
    }
  }
}
