// From a bound query to a plan: clauses become a chain of operations, patterns are planned by
// `PatternPlanner`, then rules improve the whole, and a last pass says which slots are carried.

import Base
import Cypher

/// Makes plans.
package struct Planner {
  private let catalog: any Catalog
  private var estimates: Estimates
  private var slots: SlotAllocator
  private var subqueries: [BoundSubquery: Plan] = [:]
  /// The same in the order of the text, outer ones first.
  private var subqueryOrder: [BoundSubquery] = []
  /// Whether clauses may be rewritten and patterns be taken in another order than greedily.
  private let isFree: Bool
  /// The rules that were applied while patterns were planned.
  private var applied: [String] = []

  private init(catalog: any Catalog, slotCount: Int, isFree: Bool) {
    self.isFree = isFree
    self.catalog = catalog
    estimates = Estimates(catalog)
    slots = SlotAllocator(count: slotCount)
  }

  /// Plans a whole query; without rules as the text says it. `observing` is shown the plan after
  /// each rule that changed something.
  package static func plan(
    _ query: BoundQuery, slotCount: Int, catalog: any Catalog,
    rules: [any PlanRule] = PlanRules.all,
    observing: ((_ rule: String, _ plan: Plan) -> Void)? = nil
  ) throws -> PreparedPlan {
    let fresh = Planner(catalog: catalog, slotCount: slotCount, isFree: !rules.isEmpty)
    var planner = fresh
    var query = query
    var applied: [String] = []
    var shown = "start"
    for rule in rules.isEmpty ? [] : QueryRules.all {
      guard let rewritten = rule.apply(to: query) else { continue }
      if let observing {
        var scratch = fresh
        observing(shown, try scratch.plan(query, outer: []))
      }
      query = rewritten
      applied.append(rule.name)
      shown = rule.name
    }
    var root = try planner.plan(query, outer: [])
    applied += planner.applied.filter { !applied.contains($0) }
    observing?(shown, root)
    let output = SlotSet(query.columns.map(\.slot))
    for rule in rules {
      guard let improved = rule.apply(to: root, output: output, catalog) else { continue }
      root = improved
      applied.append(rule.name)
      observing?(rule.name, root)
    }
    var plans = planner.subqueries
    var weights: [BoundSubquery: Slot] = [:]
    var rowNumbers: [BoundSubquery: Slot] = [:]
    for subquery in planner.subqueryOrder {
      guard let inner = plans[subquery] else { continue }
      if !rules.isEmpty, subquery.kind == .exists, inner.keepsRows {
        rowNumbers[subquery] = planner.slots.make()
      }
      guard !rules.isEmpty else {
        plans[subquery] = Liveness.annotate(inner, needed: subquery.output)
        continue
      }
      var rewrites = SubqueryRewrites(subquery, inner, catalog, observing)
      (plans[subquery], weights[subquery]) = rewrites.run(number: rowNumbers[subquery])
      applied += rewrites.applied.filter { !applied.contains($0) }
    }
    root = Liveness.annotate(root, needed: output)
    var number = 0
    root.number(from: &number)
    for subquery in planner.subqueryOrder { plans[subquery]?.number(from: &number) }
    var prepared = PreparedPlan(
      root: root, columns: query.columns, slotCount: planner.slots.count, subqueries: plans,
      subqueryOrder: planner.subqueryOrder, weights: weights, isWriting: root.isWriting,
      appliedRules: applied)
    prepared.rowNumbers = rowNumbers
    return prepared
  }

  // MARK: Queries

  private mutating func plan(_ query: BoundQuery, outer: [Slot]) throws -> Plan {
    let branches = try query.branches.map { branch in
      try plan(branch.clauses, from: Plan(.argument(outer)), bound: SlotSet(outer))
    }
    guard branches.count > 1 else { return branches[0] }
    let columns = query.columns.map(\.slot)
    let rows = branches.reduce(0) { $0 + $1.rows }
    let all = Plan(
      .union(columns, outputs: query.branches.map(\.output)), inputs: branches, rows: rows)
    return query.union == .all ? all : Plan(.distinct(columns), inputs: [all], rows: rows)
  }

  /// More clauses than this in one query are refused: operators nest as deep as clauses follow.
  package static let clauseLimit = 2_000

  private mutating func plan(
    _ clauses: [BoundClause], from start: Plan, bound startBound: SlotSet
  ) throws -> Plan {
    guard clauses.count <= Self.clauseLimit else {
      throw StemmaError(
        .limitReached, "the query has more than \(Self.clauseLimit) clauses",
        advice: "split it into several queries")
    }
    var plan = start
    var bound = startBound
    for clause in clauses { try add(clause, to: &plan, &bound) }
    return plan
  }

  private mutating func add(
    _ clause: BoundClause, to plan: inout Plan, _ bound: inout SlotSet
  ) throws {
    switch clause {
    case .match(let match): try add(match, to: &plan, &bound)
    case .unwind(let unwind):
      try planSubqueries(of: [unwind.list])
      plan = Plan(
        .unwind(unwind.list, unwind.slot), inputs: [plan],
        rows: plan.rows * estimates.length(of: unwind.list))
      bound.insert(unwind.slot)
    case .project(let projection): try add(projection, to: &plan, &bound)
    case .call(let call):
      try planSubqueries(of: call.arguments + call.predicates)
      plan = Plan(.call(call), inputs: [plan], rows: plan.rows * 10)
      bound.formUnion(call.yields.map(\.slot))
      addFilter(call.predicates, to: &plan)
    default: try addUpdate(clause, to: &plan, &bound)
    }
  }

  private mutating func add(
    _ match: BoundMatch, to plan: inout Plan, _ bound: inout SlotSet
  ) throws {
    try checkSize(match.pattern)
    try planSubqueries(of: match.pattern.expressions + match.predicates)
    guard match.isOptional else {
      var plainBound = bound
      let plain = planPattern(match.pattern, match.predicates, from: plan, &plainBound)
      if isFree, let better = unnested(match, from: plan, insteadOf: plain) {
        (plan, bound) = better
        note(Self.unnestingName)
      } else {
        (plan, bound) = (plain, plainBound)
      }
      return
    }
    let number = slots.make()
    var innerBound = bound
    let inner = planPattern(
      match.pattern, match.predicates, from: Plan(.argument(bound.sorted())), &innerBound)
    let nulls = innerBound.subtracting(bound)
    plan = Plan(
      .optional(nulls: nulls.sorted(), number: number), inputs: [plan, inner],
      rows: plan.rows * max(1, inner.rows))
    bound = innerBound
  }

  /// More connections than this in one MATCH are refused: every operator has a place for each.
  package static let connectionLimit = 500

  private func checkSize(_ pattern: BoundPattern) throws {
    guard pattern.connections.count <= Self.connectionLimit,
      pattern.nodes.count <= Self.connectionLimit + 1
    else {
      throw StemmaError(
        .limitReached,
        "a MATCH has more than \(Self.connectionLimit) relationships or nodes",
        advice: "split it into several, or use a variable length")
    }
  }

  func subqueryPlan(_ subquery: BoundSubquery) -> Plan? { subqueries[subquery] }

  mutating func planPattern(
    _ pattern: BoundPattern, _ predicates: [BoundExpression], from input: Plan,
    _ bound: inout SlotSet
  ) -> Plan {
    self.estimates.learn(pattern)
    let estimates = estimates
    var planner = PatternPlanner(
      estimates, input: input, bound: bound, pattern: pattern, predicates: predicates,
      isOrdered: isFree
    ) { inner, conditions, innerBound, slots in
      // Groups cannot nest, so that a repetition never needs a plan of its own inside.
      var known = estimates
      known.learn(inner)
      var planner = PatternPlanner(
        known, input: Plan(.argument(innerBound.sorted())), bound: innerBound, pattern: inner,
        predicates: conditions, isOrdered: false
      ) { _, _, bound, _ in Plan(.argument(bound.sorted())) }
      planner.run(&slots)
      return planner.plan
    }
    planner.run(&slots)
    bound = planner.bound
    return planner.plan
  }

  // MARK: Projections

  private mutating func add(
    _ projection: BoundProjection, to plan: inout Plan, _ bound: inout SlotSet
  ) throws {
    try planSubqueries(of: projection.expressions)
    if let aggregation = projection.aggregation {
      let rows = estimates.groups(
        aggregation.keys.map(\.expression), rows: plan.rows, unknown: plan.rows.squareRoot())
      plan = Plan(.aggregate(aggregation), inputs: [plan], rows: rows)
    }
    let computed = projection.items.filter { $0.expression.plainSlot != $0.slot }
    if !computed.isEmpty {
      let assignments = computed.map {
        SlotExpression(slot: $0.slot, expression: $0.expression)
      }
      plan = Plan(.project(assignments), inputs: [plan], rows: plan.rows)
    }
    let columns = projection.items.map(\.slot)
    for item in projection.items {
      if let source = item.expression.plainSlot { estimates.learn(item.slot, sameAs: source) }
    }
    if projection.isDistinct {
      let rows = estimates.groups(
        projection.items.map(\.expression), rows: plan.rows, unknown: plan.rows / 2)
      plan = Plan(.distinct(columns), inputs: [plan], rows: rows)
    }
    if !projection.orderBy.isEmpty {
      plan = Plan(
        .sort(projection.orderBy, limits: [], isPresorted: false), inputs: [plan],
        rows: plan.rows)
    }
    if projection.skip != nil || projection.limit != nil {
      plan = Plan(
        .slice(skip: projection.skip, limit: projection.limit), inputs: [plan],
        rows: min(plan.rows, projection.limit?.expectedCount ?? plan.rows))
    }
    bound = SlotSet(columns)
    addFilter(projection.predicates, to: &plan)
  }

  private func addFilter(_ predicates: [BoundExpression], to plan: inout Plan) {
    guard !predicates.isEmpty else { return }
    plan = Plan(
      .filter(predicates), inputs: [plan], rows: plan.rows * estimates.share(of: predicates))
  }

  // MARK: Updates

  private mutating func addUpdate(
    _ clause: BoundClause, to plan: inout Plan, _ bound: inout SlotSet
  ) throws {
    try planSubqueries(of: clause.updateExpressions)
    switch clause {
    case .create(let create):
      plan = Plan(.create(create), inputs: [plan], rows: plan.rows)
      bound.formUnion(create.newSlots)
    case .merge(let merge):
      try checkSize(merge.pattern)
      var innerBound = bound
      let inner = planPattern(
        merge.pattern, merge.predicates, from: Plan(.argument(bound.sorted())), &innerBound)
      plan = Plan(.merge(merge), inputs: [plan, inner], rows: plan.rows)
      bound.formUnion(innerBound)
      bound.formUnion(merge.create.newSlots)
    case .set(let items): plan = Plan(.set(items), inputs: [plan], rows: plan.rows)
    case .remove(let items): plan = Plan(.remove(items), inputs: [plan], rows: plan.rows)
    case .delete(let delete): plan = Plan(.delete(delete), inputs: [plan], rows: plan.rows)
    case .forEach(let loop):
      let innerBound = bound.union([loop.slot])
      let body = try self.plan(
        loop.clauses, from: Plan(.argument(innerBound.sorted())), bound: innerBound)
      plan = Plan(.forEach(loop.slot, list: loop.list), inputs: [plan, body], rows: plan.rows)
    case .match, .unwind, .project, .call: break
    }
  }

  // MARK: Subqueries

  /// Plans the subqueries inside expressions, and those inside them.
  private mutating func planSubqueries(of expressions: [BoundExpression]) throws {
    for subquery in expressions.flatMap(\.subqueries) where subqueries[subquery] == nil {
      var query = subquery.query
      if isFree { rewrite(&query) }
      subqueryOrder.append(subquery)
      subqueries[subquery] = try plan(query, outer: subquery.outerSlots)
    }
  }

  private mutating func rewrite(_ query: inout BoundQuery) {
    for rule in QueryRules.all {
      guard let rewritten = rule.apply(to: query) else { continue }
      query = rewritten
      note(rule.name)
    }
  }

  /// Notes that a rule was applied.
  private mutating func note(_ rule: String) {
    if !applied.contains(rule) { applied.append(rule) }
  }

  /// Forgets the plan of a subquery that became part of a pattern; who else has it plans it anew.
  mutating func forget(_ subquery: BoundSubquery) {
    subqueries[subquery] = nil
    subqueryOrder.removeAll { $0 == subquery }
  }
}

extension BoundExpression {
  /// The number of rows where this is a literal count.
  var literalCount: Double? {
    if case .literal(.integer(let count)) = kind { return Double(count) }
    return nil
  }

  /// The number of rows that a LIMIT of this is taken to leave; `nil` where that is no help.
  fileprivate var expectedCount: Double? {
    // Who asks for a number of rows asks for a page.
    if case .parameter = kind { return 25 }
    return literalCount
  }
}
