// `-[:T*]->` enumerates trails, and there may be exponentially many. Where nobody above can tell
// one trail from another, the distinct ends are enough, and a breadth-first search finds them in
// time linear in the edges reached.
//
// What is proven, for a run of relationships from a to b:
// 1. Nobody reads its list of edges, a path over it included, and no other relationship of the
//    pattern must differ from it.
// 2. Everything between it and a DISTINCT (or aggregates that drop duplicates, or EXISTS) treats
//    equal rows alike: filters, projections and further matching, but no LIMIT, no numbering, no
//    writing, no function whose results vary between calls.
// 3. There is a trail of min to max edges from a to b exactly where a walk of that kind exists. For
//    min 0 or 1 that holds when edges are followed in one direction: a shortest walk repeats no
//    node, so no edge, and neither does a shortest cycle through a. Followed both ways, an edge
//    gone forth and back is a closed walk and no trail, so that only min 0 qualifies (a is an end
//    then anyway).

import Base

/// Replaces enumerations of trails by searches where that is proven to be the same.
package struct ReachabilityRule: PlanRule {
  package let name = "reachability"

  package init() {}

  package func apply(to plan: Plan, output: SlotSet, _ catalog: any Catalog) -> Plan? {
    apply(to: plan, output: output, dropsDuplicates: false)
  }

  /// `dropsDuplicates`: whether the consumer of the plan cannot tell equal rows apart.
  package func apply(to plan: Plan, output: SlotSet, dropsDuplicates: Bool) -> Plan? {
    guard dropsDuplicates || plan.dropsDuplicates,
      plan.contains({ if case .variableExpand = $0 { true } else { false } })
    else { return nil }
    return rewrite(plan, Consumer(dropsDuplicates: dropsDuplicates, read: output))
  }

  private func rewrite(_ plan: Plan, _ consumer: Consumer) -> Plan? {
    var result = plan
    var isChanged = false
    if case .variableExpand(let run) = plan.operation, isProvable(run, consumer) {
      var search = run
      search.step.edge = nil
      result.operation = .reach(search)
      isChanged = true
    }
    for index in plan.inputs.indices {
      let below = consumer.below(plan, input: index)
      if let rewritten = rewrite(plan.inputs[index], below) {
        result.inputs[index] = rewritten
        isChanged = true
      }
    }
    return isChanged ? result : nil
  }

  private func isProvable(_ run: VariableExpandStep, _ consumer: Consumer) -> Bool {
    guard consumer.dropsDuplicates, run.restriction == .trail, run.step.distinctFrom.isEmpty
    else { return false }
    if let edge = run.step.edge, consumer.read.contains(edge) { return false }
    if let edge = run.step.edge, consumer.distinctEdges.contains(edge) { return false }
    guard run.elementPredicates.allSatisfy(\.isRepeatable) else { return false }
    return run.minimum == 0 || (run.minimum == 1 && run.step.direction != .both)
  }
}
