// `((a)-[e]->(b) WHERE ...)+` over a single relationship is a variable-length relationship whose
// conditions may read the ends of each edge, where nobody reads the lists of its inner nodes.

import Base
import Cypher

/// Replaces repeated groups of one relationship by runs of relationships.
package struct GroupToRunRule: PlanRule {
  package let name = "group-to-run"

  package init() {}

  package func apply(to plan: Plan, output: SlotSet, _ catalog: any Catalog) -> Plan? {
    // Most plans have none, and looking at what each operation reads is not free.
    guard plan.contains({ if case .repeatGroup = $0 { true } else { false } }) else { return nil }
    return rewrite(plan, Consumer(dropsDuplicates: false, read: output))
  }

  private func rewrite(_ plan: Plan, _ consumer: Consumer) -> Plan? {
    var result = plan
    var isChanged = false
    if case .repeatGroup(let step) = plan.operation, let run = run(step, consumer) {
      result.operation = .variableExpand(run)
      result.inputs = [plan.inputs[0]]
      isChanged = true
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

  private func run(_ step: RepeatStep, _ consumer: Consumer) -> VariableExpandStep? {
    let group = step.group
    guard let edge = group.single, step.restriction == .trail || step.restriction == .walk
    else { return nil }
    let isRead = { (slot: Slot) in
      consumer.read.contains(slot) || consumer.distinctEdges.contains(slot)
    }
    // One list of edges can go to one slot; lists of nodes cannot be made at all.
    var list = step.edges
    for variable in group.variables where isRead(variable.outer) {
      guard variable.inner == edge.slot, list == step.edges, !isRead(step.edges)
      else { return nil }
      list = variable.outer
    }
    let isForward = group.pattern.connections[0].from == group.first
    let labelled = group.pattern.nodes.filter { !$0.labels.isEmpty }
    return VariableExpandStep(
      step: ExpandStep(
        from: step.from, to: step.to, edge: list,
        direction: isForward ? edge.direction : edge.direction.reversed, types: edge.types,
        isInto: step.isInto, distinctFrom: step.distinctFrom),
      minimum: group.length.minimum, maximum: group.length.maximum,
      restriction: step.restriction, reversesList: false, element: edge.slot,
      elementFrom: step.innerFirst, elementTo: step.innerLast,
      elementPredicates: labelled.map { $0.labelTest($0.labels) } + group.predicates)
  }
}
