// Runs plans that do not write: builds their operators and hands the rows to a consumer.

import Base
package import Graph
package import Planner

/// Runs reading plans.
package enum PlanReader {
  /// Pulls all rows of a plan; `consume` returns `false` to stop.
  package static func run(
    _ plan: PreparedPlan, procedures: any ProcedureLibrary, _ graph: borrowing GraphView,
    _ run: ExecutionRun, profile: PlanProfile? = nil, consume: (Batch) throws -> Bool
  ) throws {
    let builder = OperatorBuilder(
      plan: plan, procedures: procedures, run: run, profile: profile)
    var operators: (any Operator)? = try builder.build(
      plan.root, argument: ArgumentOperator(slotCount: plan.slotCount))
    do {
      try pull(operators, plan, graph, run, consume)
    } catch let stop as ExecutionStop {
      let leftover = Leftover(operators)
      operators = nil
      leftover.release()
      throw stop
    }
  }

  private static func pull(
    _ operators: (any Operator)?, _ plan: PreparedPlan, _ graph: borrowing GraphView,
    _ run: ExecutionRun, _ consume: (Batch) throws -> Bool
  ) throws {
    guard let operators else { return }
    var batch = Batch(slotCount: plan.slotCount)
    var growth = BatchGrowth(most: run.batchRows)
    while try operators.next(into: &batch, limit: growth.advance(), graph, run) {
      guard try consume(batch) else { return }
      try run.checkpoint()
    }
  }
}

/// What a stopped plan still holds: giving back millions of keys and rows takes longer than a query
/// may take to stop, so it is done in the background. Operators hold nothing of the graph.
private final class Leftover: @unchecked Sendable {
  private var operators: (any Operator)?

  init(_ operators: (any Operator)?) { self.operators = operators }

  /// Nobody else has the operators any more; only the task reads the property from here on.
  func release() {
    Task.detached { self.operators = nil }
  }
}
