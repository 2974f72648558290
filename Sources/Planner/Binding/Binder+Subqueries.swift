// Patterns and queries inside expressions. All of them become subqueries with their own clauses.

import Base
import Cypher

extension Binder {
  /// Runs a body as a subquery: its variables end with it, and what it reads from outside is noted.
  private mutating func withSubquery<Result>(
    at range: SourceRange, _ body: (inout Binder) throws -> Result
  ) throws -> (Result, outerSlots: [Slot]) {
    let outer = (scope, rules, aggregation, substitutions, closedInput)
    subqueries.append(SubqueryFrame(firstSlot: slots.count, outer: scope))
    aggregation = nil
    substitutions = nil
    closedInput = nil
    let result = try body(&self)
    let frame = subqueries.removeLast()
    (scope, rules, aggregation, substitutions, closedInput) = outer
    let outerSlots = frame.outerSlots.sorted()
    if rules.checksGrouping, let aggregation {
      for slot in outerSlots where slot.index < rules.firstLocalSlot && !aggregation.hasKey(slot) {
        throw ambiguous(Name(Text(slots[slot.index].name ?? "a variable"), range))
      }
    }
    return (result, outerSlots)
  }

  // MARK: Patterns

  /// A pattern as a condition, or `shortestPath(...)` as a value.
  mutating func bindPatternExpression(
    _ pattern: PathPattern, _ expression: Expression, isAllowed: Bool
  ) throws -> BoundExpression {
    if let function = pattern.function {
      return try bindShortestPath(pattern, function, expression)
    }
    guard isAllowed else {
      throw semanticError(
        "UnexpectedSyntax", "a pattern cannot stand here as a value", at: expression.range,
        advice: "In WHERE it is a condition; elsewhere write EXISTS { (a)-->(b) }, "
          + "COUNT { (a)-->(b) } or [(a)-->(b) | b].")
    }
    let (clause, outerSlots) = try withSubquery(at: expression.range) { binder in
      let (pattern, predicates) = try binder.bindPatterns(
        [pattern], predicate: nil, declares: false)
      return BoundMatch(isOptional: false, pattern: pattern, predicates: predicates)
    }
    return subquery(.exists, clause, outerSlots, type: StaticType(.boolean), expression)
  }

  private func subquery(
    _ kind: BoundSubquery.Kind, _ clause: BoundMatch, _ outerSlots: [Slot], type: StaticType,
    _ expression: Expression
  ) -> BoundExpression {
    let query = BoundQuery(
      branches: [BoundBranch(clauses: [.match(clause)], output: [])], union: nil, columns: [])
    return BoundExpression(
      .subquery(BoundSubquery(kind: kind, query: query, outerSlots: outerSlots)), type: type,
      range: expression.range)
  }

  private mutating func bindShortestPath(
    _ pattern: PathPattern, _ function: ShortestPathFunction, _ expression: Expression
  ) throws -> BoundExpression {
    var named = pattern
    let hidden = Name("shortest path at \(expression.range.start)", expression.range)
    if named.variable == nil { named.variable = hidden }
    let name = named.variable ?? hidden
    let (query, outerSlots) = try withSubquery(at: expression.range) { binder in
      try binder.bindCollecting(
        named, predicate: nil, result: Expression(.variable(name), expression.range),
        declares: true)
    }
    let isOne = function == .shortestPath
    return BoundExpression(
      .subquery(
        BoundSubquery(kind: isOne ? .first : .collect, query: query, outerSlots: outerSlots)),
      type: isOne ? .path : .list(of: .path), range: expression.range)
  }

  mutating func bind(
    _ value: PatternComprehension, _ expression: Expression
  ) throws -> BoundExpression {
    let (query, outerSlots) = try withSubquery(at: expression.range) { binder in
      try binder.bindCollecting(
        value.pattern, predicate: value.predicate, result: value.result, declares: true)
    }
    let kinds = type(of: query.columns[0].slot).kinds
    return BoundExpression(
      .subquery(BoundSubquery(kind: .collect, query: query, outerSlots: outerSlots)),
      type: .list(of: kinds), range: expression.range)
  }

  /// `MATCH pattern WHERE predicate RETURN result`
  private mutating func bindCollecting(
    _ pattern: PathPattern, predicate: Expression?, result: Expression, declares: Bool
  ) throws -> BoundQuery {
    let (pattern, predicates) = try bindPatterns(
      [pattern], predicate: predicate, declares: declares)
    rules = ExpressionRules(place: "a pattern comprehension")
    let value = try bindExpression(result)
    let slot = makeSlot(nil, value.type)
    let projection = BoundProjection(
      aggregation: nil, items: [BoundProjectionItem(name: "value", slot: slot, expression: value)],
      isDistinct: false, orderBy: [], skip: nil, limit: nil, predicates: [], isReturn: true)
    let match = BoundMatch(isOptional: false, pattern: pattern, predicates: predicates)
    return BoundQuery(
      branches: [
        BoundBranch(clauses: [.match(match), .project(projection)], output: [slot])
      ],
      union: nil, columns: [BoundColumn(name: "value", slot: slot)])
  }

  // MARK: EXISTS, COUNT, COLLECT

  mutating func bindSubquery(
    _ value: SubqueryExpression, _ expression: Expression
  ) throws -> BoundExpression {
    let firstSlot = slots.count
    var (query, outerSlots) = try withSubquery(at: expression.range) { binder in
      switch value.body {
      case .pattern(let patterns, let predicate):
        let (pattern, predicates) = try binder.bindPatterns(
          patterns, predicate: predicate, declares: true)
        let match = BoundMatch(isOptional: false, pattern: pattern, predicates: predicates)
        return BoundQuery(
          branches: [BoundBranch(clauses: [.match(match)], output: [])], union: nil, columns: [])
      case .query(let query):
        return try binder.bindQuery(query, isTopLevel: false)
      }
    }
    query.dropUnread(below: firstSlot, keeping: SlotSet(outerSlots))
    let (kind, type): (BoundSubquery.Kind, StaticType)
    switch value.kind {
    case .exists: (kind, type) = (.exists, StaticType(.boolean))
    case .count: (kind, type) = (.count, StaticType(.integer))
    case .collect:
      guard query.columns.count == 1 else {
        throw semanticError(
          "UnexpectedSyntax", "COLLECT { } returns exactly one column", at: expression.range,
          advice: "End it with RETURN value.")
      }
      (kind, type) = (.collect, .list(of: self.type(of: query.columns[0].slot).kinds))
    }
    return BoundExpression(
      .subquery(BoundSubquery(kind: kind, query: query, outerSlots: outerSlots)), type: type,
      range: expression.range)
  }
}

extension BoundQuery {
  /// Drops the invisible items that hand on variables from around a subquery which it never reads.
  fileprivate mutating func dropUnread(below firstSlot: Int, keeping read: SlotSet) {
    for branch in branches.indices {
      for index in branches[branch].clauses.indices {
        guard case .project(var projection) = branches[branch].clauses[index] else { continue }
        projection.items.removeAll {
          !$0.isVisible && $0.slot.index < firstSlot && !read.contains($0.slot)
        }
        branches[branch].clauses[index] = .project(projection)
      }
    }
  }
}
