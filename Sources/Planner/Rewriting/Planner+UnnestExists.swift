// EXISTS as a semi-join from its own side: where the pattern inside is the more selective one, it
// is matched first, from its own keys and indexes, and the distinct nodes that it shares with the
// outside are where the outer pattern begins.
//
// What is proven:
// 1. EXISTS is one of the conditions that must all be true; inside stands one MATCH that is not
//    optional, and nothing that could leave out or fail for rows that it finds.
// 2. It reads one variable of the outside, a node that this MATCH binds, and nothing stands before
//    the MATCH: each node comes once from DISTINCT, so that the outer pattern has as many matches
//    as before.
// 3. Its conditions cannot fail: they are asked about nodes that the outer pattern may not have.
// Which of the two is the better one is a matter of what they are expected to cost.

import Base

extension Planner {
  static let unnestingName = "unnest-exists"

  /// The plan of the MATCH begun at one of its EXISTS; `nil` where none is worth it. `plain` is
  /// the plan without that.
  mutating func unnested(
    _ match: BoundMatch, from input: Plan, insteadOf plain: Plan
  ) -> (plan: Plan, bound: SlotSet)? {
    guard case .argument(let slots) = input.operation, slots.isEmpty,
      match.predicates.contains(where: { $0.unnestable != nil }),
      !(match.predicates + match.pattern.expressions).contains(where: \.isRandom)
    else { return nil }
    var best: (plan: Plan, bound: SlotSet)?
    var answered: BoundSubquery?
    var least = cost(of: plain) / 2
    for (index, predicate) in match.predicates.enumerated() {
      guard let (shared, inner) = predicate.unnestable,
        let node = match.pattern.nodes.firstIndex(where: { $0.slot == shared && !$0.isBound })
      else { continue }
      var bound: SlotSet = []
      var plan = planPattern(inner.pattern, inner.predicates, from: input, &bound)
      plan = Plan(.distinct([shared]), inputs: [plan], rows: max(1, plan.rows / 2))
      bound = [shared]
      var outer = match
      outer.pattern.nodes[node].isBound = true
      outer.predicates.remove(at: index)
      plan = planPattern(outer.pattern, outer.predicates, from: plan, &bound)
      let cost = cost(of: plan)
      guard cost < least else { continue }
      least = cost
      best = (plan, bound)
      answered = predicate.subqueries.first
    }
    if let answered { forget(answered) }
    return best
  }

  /// The rows that all operations are expected to make, those of subqueries for each row.
  private func cost(of plan: Plan) -> Double {
    var total = plan.rows
    for (index, input) in plan.inputs.enumerated() {
      total += cost(of: input) * (index == 0 ? 1 : max(1, plan.inputs[0].rows))
    }
    guard case .filter(let predicates) = plan.operation, let input = plan.inputs.first else {
      return total
    }
    for subquery in predicates.flatMap(\.subqueries) {
      total += max(1, input.rows) * (subqueryPlan(subquery).map { cost(of: $0) } ?? 1)
    }
    return total
  }
}

extension BoundExpression {
  /// The variable that an EXISTS shares with the outside, and its MATCH with that variable free.
  fileprivate var unnestable: (shared: Slot, match: BoundMatch)? {
    guard case .subquery(let subquery) = kind, subquery.kind == .exists,
      subquery.outerSlots.count == 1, subquery.query.branches.count == 1,
      case .match(var match)? = subquery.query.branches[0].clauses.first, !match.isOptional,
      subquery.query.branches[0].clauses.dropFirst().allSatisfy(\.handsOnEveryRow)
    else { return nil }
    let expressions = match.predicates + match.pattern.expressions
    guard !expressions.contains(where: { $0.isRandom || $0.mayFailAsCondition }),
      !match.pattern.paths.contains(where: \.isSelective),
      let node = match.pattern.nodes.firstIndex(where: { $0.slot == subquery.outerSlots[0] }),
      match.pattern.connections.allSatisfy({ !$0.isOfBoundEdge })
    else { return nil }
    match.pattern.nodes[node].isBound = false
    return (subquery.outerSlots[0], match)
  }
}

extension BoundConnection {
  fileprivate var isOfBoundEdge: Bool {
    if case .relationship(let edge) = kind { return edge.isBound }
    return false
  }
}

extension BoundClause {
  /// Whether it is a projection that leaves as many rows and cannot fail.
  fileprivate var handsOnEveryRow: Bool {
    guard case .project(let projection) = self else { return false }
    return projection.aggregation == nil && projection.skip == nil && projection.limit == nil
      && projection.predicates.isEmpty && projection.orderBy.isEmpty
      && projection.items.allSatisfy { !$0.expression.mayFail }
  }
}
