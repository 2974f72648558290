// Whether there is a relationship is enough where nobody can tell one from several: its node need
// not be met, let alone all of them.
//
// What is proven: the consumers drop duplicates (DISTINCT, aggregates that count no row twice,
// EXISTS), and neither the relationship nor the node that it leads to, which is not bound
// otherwise, is read above, nor must a relationship differ from it. An optional part whose
// variables nobody reads has no effect but duplicates, and goes as a whole.

import Base

/// Replaces expansions whose ends nobody reads by a test.
package struct SemiJoinRule: PlanRule {
  package let name = "semi-join"

  package init() {}

  package func apply(to plan: Plan, output: SlotSet, _ catalog: any Catalog) -> Plan? {
    apply(to: plan, output: output, dropsDuplicates: false)
  }

  /// `dropsDuplicates`: whether the consumer of the plan cannot tell equal rows apart.
  package func apply(to plan: Plan, output: SlotSet, dropsDuplicates: Bool) -> Plan? {
    guard dropsDuplicates || plan.dropsDuplicates,
      plan.contains({
        switch $0 {
        case .expand, .optional: true
        default: false
        }
      }), !plan.isWriting
    else { return nil }
    return rewrite(plan, Consumer(dropsDuplicates: dropsDuplicates, read: output))
  }

  private func rewrite(_ plan: Plan, _ consumer: Consumer) -> Plan? {
    var result = plan
    var isChanged = false
    if consumer.dropsDuplicates {
      switch plan.operation {
      case .expand(let step)
      where step.leadsNowhere(consumer.read.union(consumer.distinctEdges)):
        result.operation = .semiExpand(step.counted)
        result.rows = min(plan.rows, plan.inputs[0].rows)
        isChanged = true
      case .optional(let nulls, _) where consumer.read.isDisjoint(with: SlotSet(nulls)):
        return rewrite(plan.inputs[0], consumer) ?? plan.inputs[0]
      default: break
      }
    }
    for index in result.inputs.indices {
      let below = consumer.below(result, input: index)
      if let rewritten = rewrite(result.inputs[index], below) {
        result.inputs[index] = rewritten
        isChanged = true
      }
    }
    return isChanged ? result : nil
  }
}
