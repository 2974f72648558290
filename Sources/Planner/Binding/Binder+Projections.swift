// WITH and RETURN: items, names, grouping, ORDER BY, SKIP, LIMIT and WITH's WHERE.
//
// ORDER BY and WHERE see the new names first and, where nothing was grouped or made distinct, the
// old ones behind them. An old variable that they read is handed on by an invisible item, so that
// later stages never look behind a projection.

import Base
import Cypher

extension Binder {
  mutating func bindProjection(
    _ clause: ProjectionClause, isReturn: Bool
  ) throws -> BoundProjection {
    let input = scope
    let items = try expandItems(clause, isReturn: isReturn)
    let aggregates = items.contains { AggregateFinder.contains($0.expression) }
    aggregation = aggregates ? AggregationBuilder() : nil
    defer { aggregation = nil }
    var bound = try aggregates ? bindAggregatingItems(items) : bindPlainItems(items)

    var output = Scope()
    for (item, projected) in zip(items, bound) { output.add(columnName(of: item), projected.slot) }
    scope = output
    let tail = try bindTail(clause, items: items, bound: &bound, input: input, isReturn: isReturn)
    try checkNames(items, isReturn: isReturn)
    scope = output
    if !isReturn, let outer = subqueries.last?.outer {
      try keepVisible(outer, clause, items, &bound)
    }

    return BoundProjection(
      aggregation: aggregation?.finished, items: bound, isDistinct: clause.isDistinct,
      orderBy: tail.orderBy, skip: tail.skip, limit: tail.limit, predicates: tail.predicates,
      isReturn: isReturn)
  }

  /// Variables around a subquery are visible in all of it, behind a WITH too, so that none may be
  /// given another meaning there. Groups and distinct rows have what is named and nothing else;
  /// whoever reads a variable behind them that is not is told so.
  private mutating func keepVisible(
    _ outer: Scope, _ clause: ProjectionClause, _ items: [ProjectionItem],
    _ bound: inout [BoundProjectionItem]
  ) throws {
    let isClosed = clause.isDistinct || aggregation != nil
    let lost = subqueries.last?.closed
    for (name, slot) in zip(outer.names, outer.slots)
    where outer.slot(of: name) == slot && lost?.slot(of: name) == nil {
      if let shown = scope.slot(of: name) {
        if shown == slot { continue }
        let item = items.first { columnName(of: $0) == name }
        throw semanticError(
          "VariableAlreadyBound", "'\(name)' is a variable around the subquery",
          at: item?.alias?.range ?? clause.range, advice: "Choose another name.")
      }
      if isClosed {
        var closed = subqueries[subqueries.count - 1].closed ?? Scope()
        closed.add(name, slot)
        subqueries[subqueries.count - 1].closed = closed
        continue
      }
      scope.add(name, slot)
      if bound.contains(where: { $0.slot == slot }) { continue }
      let expression = BoundExpression(.slot(slot), type: type(of: slot), range: .none)
      bound.append(
        BoundProjectionItem(name: "", slot: slot, expression: expression, isVisible: false))
    }
  }

  // MARK: Items

  /// The items with `*` written out.
  private func expandItems(
    _ clause: ProjectionClause, isReturn: Bool
  ) throws -> [ProjectionItem] {
    guard clause.includesAll else { return clause.items }
    if scope.isEmpty, isReturn {
      throw semanticError(
        "NoVariablesInScope", "RETURN * has no variables to return", at: clause.range,
        advice: "Name something in the pattern, as in MATCH (n) RETURN *.")
    }
    var all: [ProjectionItem] = []
    for name in scope.names.sorted() where !all.contains(where: { $0.sourceText == name }) {
      let variable = Expression(.variable(Name(name, clause.range)), clause.range)
      all.append(
        ProjectionItem(expression: variable, alias: nil, sourceText: name, range: clause.range))
    }
    return all + clause.items
  }

  func columnName(of item: ProjectionItem) -> Text {
    if let alias = item.alias { return alias.text }
    if case .variable(let name) = item.expression.kind { return name.text }
    return item.sourceText
  }

  private mutating func bindPlainItems(
    _ items: [ProjectionItem]
  ) throws -> [BoundProjectionItem] {
    var bound: [BoundProjectionItem] = []
    for item in items {
      rules = ExpressionRules(place: "a projection")
      bound.append(makeItem(item, try bindExpression(item.expression)))
    }
    return bound
  }

  /// A variable under its own name keeps its slot.
  mutating func makeItem(
    _ item: ProjectionItem, _ expression: BoundExpression
  ) -> BoundProjectionItem {
    let name = columnName(of: item)
    if case .variable(let variable) = item.expression.kind, variable.text == name,
      case .slot(let slot) = expression.kind
    {
      return BoundProjectionItem(name: name, slot: slot, expression: expression)
    }
    return BoundProjectionItem(
      name: name, slot: makeSlot(name, expression.type), expression: expression)
  }

  private func checkNames(_ items: [ProjectionItem], isReturn: Bool) throws {
    var seen: Set<Text> = []
    for item in items {
      if !isReturn, item.alias == nil {
        guard case .variable = item.expression.kind else {
          throw semanticError(
            "NoExpressionAlias", "an expression in WITH needs a name", at: item.range,
            advice: "Write \(item.sourceText) AS name.")
        }
      }
      guard seen.insert(columnName(of: item)).inserted else {
        throw semanticError(
          "ColumnNameConflict", "two columns are called '\(columnName(of: item))'",
          at: item.alias?.range ?? item.range, advice: "Rename one with AS.")
      }
    }
  }

  // MARK: ORDER BY, SKIP, LIMIT, WHERE

  private struct Tail {
    var orderBy: [BoundSortKey] = []
    var skip: BoundExpression?
    var limit: BoundExpression?
    var predicates: [BoundExpression] = []
  }

  private mutating func bindTail(
    _ clause: ProjectionClause, items: [ProjectionItem], bound: inout [BoundProjectionItem],
    input: Scope, isReturn: Bool
  ) throws -> Tail {
    var tail = Tail()
    if !clause.orderBy.isEmpty || clause.predicate != nil {
      let isClosed = clause.isDistinct || aggregation != nil
      scope = isClosed ? scope : input.overlaid(by: scope)
      substitutions = Substitutions(items: items, bound: bound, names: items.map(columnName))
      closedInput = isClosed ? input : nil
      defer {
        substitutions = nil
        closedInput = nil
      }
      for item in clause.orderBy {
        setTailRules(for: item.expression, "ORDER BY")
        let expression = try bindExpression(item.expression)
        tail.orderBy.append(
          BoundSortKey(expression: expression, isDescending: item.isDescending))
      }
      if let predicate = clause.predicate {
        setTailRules(for: predicate, "WHERE")
        rules.allowsPatternPredicate = true
        tail.predicates = try bindConjuncts(predicate)
      }
      if !isClosed { handOn(tail.orderBy, tail.predicates, input: input, bound: &bound) }
    }
    // No variable may be read there; every one that the text could mean is known, for the error.
    scope = input.overlaid(by: scope)
    tail.skip = try clause.skip.map { try bindCount($0, of: "SKIP") }
    tail.limit = try clause.limit.map { try bindCount($0, of: "LIMIT") }
    return tail
  }

  /// Beside an aggregate only plain names and properties stand for what was projected.
  private mutating func setTailRules(for expression: Expression, _ place: String) {
    rules = ExpressionRules(place: place)
    rules.aggregates = aggregation == nil ? .forbidden : .allowed
    rules.checksGrouping = aggregation != nil
    rules.firstLocalSlot = slots.count
    substitutions?.onlySimple = AggregateFinder.contains(expression)
  }

  /// Adds items without a name for the old variables that are still read.
  private func handOn(
    _ orderBy: [BoundSortKey], _ predicates: [BoundExpression], input: Scope,
    bound: inout [BoundProjectionItem]
  ) {
    let used = orderBy.map(\.expression).readSlots.union(predicates.readSlots)
    for slot in input.slots where used.contains(slot) {
      guard !bound.contains(where: { $0.slot == slot }) else { continue }
      let expression = BoundExpression(.slot(slot), type: type(of: slot), range: .none)
      bound.append(
        BoundProjectionItem(name: "", slot: slot, expression: expression, isVisible: false))
    }
  }

  // MARK: Constants

  /// SKIP and LIMIT: no variables, and where the value is written, a whole number from 0.
  private mutating func bindCount(
    _ expression: Expression, of place: String
  ) throws -> BoundExpression {
    let bound = try bindConstant(expression, of: place)
    switch bound.kind {
    case .literal(.integer(let value)) where value < 0:
      throw semanticError(
        "NegativeIntegerArgument", "\(place) takes a number that is not negative",
        at: expression.range)
    case .literal(.integer): return bound
    case .literal:
      throw semanticError(
        "InvalidArgumentType", "\(place) takes a whole number", at: expression.range)
    default:
      guard bound.type.canBe(.integer) else {
        throw semanticError(
          "InvalidArgumentType", "\(place) takes a whole number", at: expression.range)
      }
      return bound
    }
  }

  /// An expression that must not depend on a row.
  mutating func bindConstant(
    _ expression: Expression, of place: String
  ) throws -> BoundExpression {
    rules = ExpressionRules(place: place)
    let firstLocalSlot = slots.count
    let bound = try bindExpression(expression)
    guard bound.readSlots.allSatisfy({ $0.index >= firstLocalSlot }) else {
      throw semanticError(
        "NonConstantExpression", "\(place) cannot depend on a variable", at: expression.range,
        advice: "Use a number or a parameter.")
    }
    return bound
  }
}

extension Scope {
  /// This scope with another one in front of it.
  func overlaid(by front: Scope) -> Scope {
    var result = self
    for (name, slot) in zip(front.names, front.slots) { result.add(name, slot) }
    return result
  }
}
