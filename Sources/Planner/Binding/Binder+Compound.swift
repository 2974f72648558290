// Comprehensions, quantifiers, reduce, map projections: expressions with variables of their own.

import Base
import Cypher

extension Binder {
  mutating func bindCompound(_ expression: Expression) throws -> BoundExpression {
    switch expression.kind {
    case .listComprehension(let value): return try bind(value, expression)
    case .quantifier(let value): return try bind(value, expression)
    case .reduce(let value): return try bind(value, expression)
    case .mapProjection(let value): return try bind(value, expression)
    case .patternComprehension(let value): return try bind(value, expression)
    case .subquery(let value): return try bindSubquery(value, expression)
    default:
      // Every other kind has its own function; a kind that is forgotten there says so here.
      throw semanticError(
        "UnexpectedSyntax", "this expression is not supported here", at: expression.range)
    }
  }

  /// Runs a body with one more variable; aggregates cannot stand in it.
  private mutating func withElement<Result>(
    _ name: Name, _ type: StaticType, _ body: (inout Binder, Slot) throws -> Result
  ) throws -> Result {
    let outerScope = scope
    let outerRules = rules
    defer {
      scope = outerScope
      rules = outerRules
    }
    rules.firstLocalSlot = min(rules.firstLocalSlot, slots.count)
    if rules.aggregates == .allowed {
      rules.aggregates = .forbidden
      rules.place = "a comprehension"
    }
    let slot = declare(name.text, type)
    return try body(&self, slot)
  }

  private func elementType(_ list: BoundExpression) -> StaticType {
    list.type.isOnly(.list) ? StaticType(list.type.elements.union(.null)) : .any
  }

  private mutating func bind(
    _ value: ListComprehension, _ expression: Expression
  ) throws -> BoundExpression {
    let list = try bindExpression(value.list)
    try demand(.list, of: list, "IN takes a list")
    return try withElement(value.variable, elementType(list)) { binder, slot in
      let predicate = try value.predicate.map { try binder.bindElementCondition($0) }
      let result = try value.result.map { try binder.bindExpression($0) }
      return BoundExpression(
        .listComprehension(element: slot, list: list, predicate: predicate, result: result),
        type: .list(of: result?.type.kinds ?? list.type.elements), range: expression.range)
    }
  }

  private mutating func bindElementCondition(
    _ predicate: Expression
  ) throws -> BoundExpression {
    rules.allowsPatternPredicate = true
    defer { rules.allowsPatternPredicate = false }
    return try bindCondition(predicate)
  }

  private mutating func bind(
    _ value: QuantifierExpression, _ expression: Expression
  ) throws -> BoundExpression {
    let list = try bindExpression(value.list)
    try demand(.list, of: list, "IN takes a list")
    return try withElement(value.variable, elementType(list)) { binder, slot in
      let predicate =
        try value.predicate.map { try binder.bindElementCondition($0) }
        ?? BoundExpression(.slot(slot), type: binder.type(of: slot), range: value.variable.range)
      return BoundExpression(
        .quantifier(value.kind, element: slot, list: list, predicate: predicate),
        type: .boolean, range: expression.range)
    }
  }

  private mutating func bind(
    _ value: ReduceExpression, _ expression: Expression
  ) throws -> BoundExpression {
    let initial = try bindExpression(value.initial)
    let list = try bindExpression(value.list)
    try demand(.list, of: list, "IN takes a list")
    return try withElement(value.accumulator, .any) { binder, accumulator in
      try binder.withElement(value.variable, binder.elementType(list)) { binder, element in
        let step = try binder.bindExpression(value.step)
        return BoundExpression(
          .reduce(
            accumulator: accumulator, initial: initial, element: element, list: list, step: step),
          type: initial.type.union(step.type).union(.null), range: expression.range)
      }
    }
  }

  private mutating func bind(
    _ value: MapProjection, _ expression: Expression
  ) throws -> BoundExpression {
    let variable = Expression(.variable(value.subject), value.subject.range)
    let subject = try bindExpression(variable)
    try demand(
      [.node, .edge, .map], of: subject, "a map projection takes a node, relationship or map")
    var items: [BoundMapProjectionItem] = []
    for item in value.items {
      switch item {
      case .property(let name):
        try checkProperty(name, of: subject.type)
        items.append(.property(name.text))
      case .allProperties: items.append(.allProperties)
      case .entry(let entry):
        items.append(.entry(entry.key.text, try bindExpression(entry.value)))
      case .variable(let name):
        let bound = try bindExpression(Expression(.variable(name), name.range))
        items.append(.entry(name.text, bound))
      }
    }
    return BoundExpression(
      .mapProjection(subject, items: items), type: .map, range: expression.range)
  }
}
