// Building joins.

import Planner

extension OperatorBuilder {
  /// The rows that are held begin with nothing bound, whatever those that stream begin with.
  func join(
    _ plan: Plan, _ step: HashJoinStep, _ argument: any Operator
  ) throws -> HashJoinOperator {
    HashJoinOperator(
      streamed: try build(plan.inputs[0], argument: argument),
      held: try build(plan.inputs[1], argument: ArgumentOperator(slotCount: slotCount)),
      keys: try step.keys.map {
        JoinKey(streamed: try compile($0.streamed), held: try compile($0.held))
      }, carried: plan.carried.map(\.index), heldSlots: step.kept.map(\.index),
      slotCount: slotCount)
  }
}
