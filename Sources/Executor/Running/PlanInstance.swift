// A plan made to run: its operators with their buffers, and the run that they share. One instance
// serves one run after another, so that a prepared statement allocates next to nothing.

import Base
package import Graph
package import Planner

/// The operators of a plan that does not write.
package final class PlanInstance: @unchecked Sendable {
  // @unchecked: whoever took it has it alone until it is given back.

  package let shared: ExecutionRun
  private let operators: any Operator
  @exclusivity(unchecked) private var batch: Batch

  package init(
    _ plan: PreparedPlan, procedures: any ProcedureLibrary, _ run: ExecutionRun,
    profile: PlanProfile? = nil
  ) throws {
    shared = run
    let builder = OperatorBuilder(
      plan: plan, procedures: procedures, run: run, profile: profile)
    operators = try builder.build(
      plan.root, argument: ArgumentOperator(slotCount: plan.slotCount))
    batch = Batch(slotCount: plan.slotCount)
  }

  /// Starts a run; rows of the one before are forgotten.
  package func begin(_ settings: RunSettings) { shared.begin(settings) }

  /// Pulls all rows of the plan; `consume` returns `false` to stop. Where it throws, the instance
  /// is not to be used again.
  package func run(
    _ graph: borrowing GraphView, consume: (Batch) throws -> Bool
  ) throws {
    var growth = BatchGrowth(most: shared.batchRows)
    while try operators.next(into: &batch, limit: growth.advance(), graph, shared) {
      guard try consume(batch) else { break }
      try shared.checkpoint()
    }
    // What holds much is freed as a whole, where nobody waits for it.
    guard shared.mostMemoryBytes <= Self.keptBytes else { return }
    batch.clear()
    operators.rewind()
  }

  /// An instance that held more than this is not to be kept for the next run.
  package static let keptBytes = 1 << 20
}
