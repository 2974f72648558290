// A relationship that each node has at most once cannot make several rows of one. Where nobody
// looks at what it leads to, an OPTIONAL MATCH over it does nothing, and a MATCH only asks whether
// it is there.
//
// What is proven:
// 1. At most once is a fact of the present: the edges of the type are as many as the nodes that
//    have one at that end. So nothing is done AS OF, nor in a plan that writes. What the schema
//    declares (`@one`) is not enough: it may have come after the edges.
// 2. Nobody above reads the relationship, or the node that it leads to, and no other relationship
//    must differ from it.
// 3. Inside an OPTIONAL MATCH nothing but such steps and conditions that cannot fail: each row
//    comes out once, with a match or without.
// That there is a relationship for every node is proven by nothing that is kept, labels of ends
// included: a MATCH keeps its test.

import Base

/// Drops optional matches and followed relationships that change no rows.
package struct UnneededJoinRule: PlanRule {
  package let name = "unneeded-join"

  package init() {}

  package func apply(to plan: Plan, output: SlotSet, _ catalog: any Catalog) -> Plan? {
    guard catalog.isExact, !plan.isWriting, plan.contains({ $0.isSingleStep(catalog) }) else {
      return nil
    }
    return rewrite(plan, Consumer(dropsDuplicates: false, read: output), catalog)
  }

  private func rewrite(_ plan: Plan, _ consumer: Consumer, _ catalog: any Catalog) -> Plan? {
    var result = plan
    var isChanged = false
    switch plan.operation {
    case .optional(let nulls, _)
    where consumer.read.isDisjoint(with: SlotSet(nulls)) && plan.inputs[1].isAtMostOne(catalog):
      return rewrite(plan.inputs[0], consumer, catalog) ?? plan.inputs[0]
    case .expand(let step)
    where plan.operation.isSingleStep(catalog)
      && step.leadsNowhere(consumer.read.union(consumer.distinctEdges)):
      result.operation = .semiExpand(step.counted)
      isChanged = true
    default: break
    }
    for index in result.inputs.indices where index == 0 || result.operation.hidesNothing {
      let below = consumer.below(result, input: index)
      if let rewritten = rewrite(result.inputs[index], below, catalog) {
        result.inputs[index] = rewritten
        isChanged = true
      }
    }
    return isChanged ? result : nil
  }
}

extension PlanOperation {
  /// Whether all that it reads of its other inputs is among what `Consumer` knows to be read: a
  /// repetition takes ends and edges out of its inner plan by itself.
  fileprivate var hidesNothing: Bool {
    switch self {
    case .optional, .union: true
    default: false
    }
  }

  /// Whether it follows a relationship of which a node has one at most.
  fileprivate func isSingleStep(_ catalog: any Catalog) -> Bool {
    guard case .expand(let step) = self, step.types.count == 1, step.direction != .both else {
      return false
    }
    return catalog.isSingle(type: step.types[0], incoming: step.direction == .incoming)
  }
}

extension Plan {
  /// Whether an inner plan makes one row at most of each outer row, and cannot fail.
  fileprivate func isAtMostOne(_ catalog: any Catalog) -> Bool {
    switch operation {
    case .argument: true
    case .filter(let predicates), .prefilter(let predicates):
      !predicates.contains(where: \.mayFailAsCondition) && inputs[0].isAtMostOne(catalog)
    case .semiExpand: inputs[0].isAtMostOne(catalog)
    case .expand:
      operation.isSingleStep(catalog) && inputs[0].isAtMostOne(catalog)
    default: false
    }
  }
}
