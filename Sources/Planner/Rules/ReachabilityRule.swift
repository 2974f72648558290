// `-[:T*]->` enumerates trails, and there may be exponentially many. Where nobody above can tell one
// trail from another, the distinct ends are enough, and a breadth-first search finds them in time
// linear in the edges reached.
//
// What is proven, for a run of relationships from a to b:
// 1. Nobody reads its list of edges, a path over it included, and no other relationship of the
//    pattern must differ from it.
// 2. Everything between it and a DISTINCT (or aggregates that drop duplicates, or EXISTS) treats
//    equal rows alike: filters, projections and further matching, but no LIMIT, no numbering, no
//    writing, no function whose results vary between calls.
// 3. There is a trail of min to max edges from a to b exactly where a walk of that kind exists. For
//    min 0 or 1 that holds when edges are followed in one direction: a shortest walk repeats no
//    node, so no edge, and neither does a shortest cycle through a. Followed both ways, an edge gone
//    forth and back is a closed walk and no trail, so that only min 0 qualifies (a is an end then
//    anyway).

import Base

/// Replaces enumerations of trails by searches where that is proven to be the same.
package struct ReachabilityRule: PlanRule {
  package let name = "reachability"

  package init() {}

  package func apply(to plan: Plan, _ catalog: any Catalog) -> Plan? {
    apply(to: plan, dropsDuplicates: false)
  }

  /// `dropsDuplicates`: whether the consumer of the plan cannot tell equal rows apart.
  package func apply(to plan: Plan, dropsDuplicates: Bool) -> Plan? {
    rewrite(plan, Consumer(dropsDuplicates: dropsDuplicates, read: [], distinctEdges: []))
  }

  /// What lies above an operation.
  private struct Consumer {
    var dropsDuplicates: Bool
    /// The slots that are read above.
    var read: Set<Slot>
    /// The edge slots from which other relationships must differ.
    var distinctEdges: Set<Slot>
  }

  private func rewrite(_ plan: Plan, _ consumer: Consumer) -> Plan? {
    var result = plan
    var isChanged = false
    if case .variableExpand(let run) = plan.operation, isProvable(run, consumer) {
      var search = run
      search.step.edge = nil
      result.operation = .reach(search)
      result.rows = max(1, plan.rows.squareRoot())
      isChanged = true
    }
    for index in plan.inputs.indices {
      let below = self.consumer(of: index, in: plan, consumer)
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

  private func consumer(of index: Int, in plan: Plan, _ above: Consumer) -> Consumer {
    var below = above
    below.read.formUnion(plan.operation.read)
    for inner in plan.inputs.dropFirst() { below.read.formUnion(inner.externalSlots) }
    switch plan.operation {
    case .distinct: below.dropsDuplicates = true
    case .aggregate(let aggregation):
      below.dropsDuplicates = aggregation.ignoresDuplicates
      below.read = aggregation.expressions.readSlots
    case .sort(_, let limits): if !limits.isEmpty { below.dropsDuplicates = false }
    case .filter(let predicates):
      if !predicates.allSatisfy(\.isRepeatable) { below.dropsDuplicates = false }
    case .project(let items):
      if !items.allSatisfy(\.expression.isRepeatable) { below.dropsDuplicates = false }
    case .unwind(let list, _): if !list.isRepeatable { below.dropsDuplicates = false }
    case .expand(let step): below.distinctEdges.formUnion(step.distinctFrom)
    case .variableExpand(let run), .reach(let run), .shortestPath(let run, _):
      below.distinctEdges.formUnion(run.step.distinctFrom)
    case .edgeScan(let step), .edgeEnds(let step):
      below.distinctEdges.formUnion(step.distinctFrom)
    case .union(_, let outputs): below.read.formUnion(outputs[index])
    case .nodeScan, .keySeek, .identitySeek, .indexSeek, .path, .optional, .argument: break
    default: below.dropsDuplicates = false
    }
    return below
  }
}

extension BoundAggregation {
  /// Whether equal rows count once in every call.
  fileprivate var ignoresDuplicates: Bool {
    calls.allSatisfy { call in
      call.isDistinct || call.function == .min || call.function == .max
    } && expressions.allSatisfy(\.isRepeatable)
  }
}

extension BoundExpression {
  /// Whether equal rows give equal results.
  package var isRepeatable: Bool {
    switch kind {
    case .call(let function, let arguments):
      function.signature.isDeterministic && arguments.allSatisfy(\.isRepeatable)
    case .subquery: false
    default: children.allSatisfy(\.isRepeatable)
    }
  }
}
