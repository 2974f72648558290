// SET, REMOVE, DELETE and FOREACH. CREATE and MERGE are in `Binder+Creation.swift`.

import Base
import Cypher

extension Binder {
  mutating func bindUpdating(_ clause: Clause) throws -> BoundClause {
    switch clause {
    case .create(let create): return .create(try bindCreate(create.patterns))
    case .merge(let merge): return .merge(try bindMerge(merge))
    case .set(let set): return .set(try set.items.map { try bindSetItem($0, "SET") })
    case .remove(let remove): return .remove(try remove.items.map { try bindRemoveItem($0) })
    case .delete(let delete): return .delete(try bindDelete(delete))
    case .forEach(let forEach): return .forEach(try bindForEach(forEach))
    default: return try bindClause(clause)
    }
  }

  mutating func bindSetItem(_ item: SetItem, _ place: String) throws -> BoundSetItem {
    rules = ExpressionRules(place: place)
    switch item {
    case .property(let entity, let name, let value, let range):
      return .property(
        of: try bindEntity(entity), name: name.text, value: try bindExpression(value),
        range: range)
    case .dynamicProperty(let entity, let key, let value, let range):
      return .dynamicProperty(
        of: try bindEntity(entity), key: try bindExpression(key),
        value: try bindExpression(value), range: range)
    case .replaceProperties(let variable, let value, let range):
      return .replaceProperties(
        of: try bindEntity(variable), value: try bindPropertyMap(value), range: range)
    case .addProperties(let variable, let value, let range):
      return .addProperties(
        of: try bindEntity(variable), value: try bindPropertyMap(value), range: range)
    case .labels(let variable, let labels, let range):
      return .labels(
        of: try bindNode(variable), labels: labels.map(\.text).uniqued, range: range)
    }
  }

  private mutating func bindRemoveItem(_ item: RemoveItem) throws -> BoundRemoveItem {
    rules = ExpressionRules(place: "REMOVE")
    switch item {
    case .property(let entity, let name, let range):
      return .property(of: try bindEntity(entity), name: name.text, range: range)
    case .dynamicProperty(let entity, let key, let range):
      return .dynamicProperty(
        of: try bindEntity(entity), key: try bindExpression(key), range: range)
    case .labels(let variable, let labels, let range):
      return .labels(
        of: try bindNode(variable), labels: labels.map(\.text).uniqued, range: range)
    }
  }

  private mutating func bindEntity(_ expression: Expression) throws -> BoundExpression {
    let bound = try bindExpression(expression)
    try demand([.node, .edge], of: bound, "only nodes and relationships can be changed")
    return bound
  }

  private mutating func bindEntity(_ variable: Name) throws -> BoundExpression {
    try bindEntity(Expression(.variable(variable), variable.range))
  }

  private mutating func bindNode(_ variable: Name) throws -> BoundExpression {
    let bound = try bindExpression(Expression(.variable(variable), variable.range))
    try demand(.node, of: bound, "only nodes have labels that change")
    return bound
  }

  private mutating func bindPropertyMap(_ value: Expression) throws -> BoundExpression {
    let bound = try bindExpression(value)
    try demand([.map, .node, .edge], of: bound, "properties come from a map")
    return bound
  }

  // MARK: DELETE

  private mutating func bindDelete(_ delete: DeleteClause) throws -> BoundDelete {
    var expressions: [BoundExpression] = []
    for expression in delete.expressions {
      rules = ExpressionRules(place: "DELETE")
      if case .hasLabels(let subject, _) = expression.kind {
        throw semanticError(
          "InvalidDelete", "DELETE takes whole nodes and relationships", at: expression.range,
          advice: "To take a label away write REMOVE "
            + "\(CanonicalPrinter.text(of: subject)):Label.")
      }
      if case .property = expression.kind, case .property(let subject, let name) = expression.kind,
        isEntity(subject)
      {
        throw semanticError(
          "InvalidArgumentType", "DELETE takes whole nodes and relationships",
          at: expression.range,
          advice: "To take a property away write REMOVE "
            + "\(CanonicalPrinter.text(of: subject)).\(name.text).")
      }
      let bound = try bindExpression(expression)
      try demand(
        [.node, .edge, .path], of: bound, "DELETE takes nodes, relationships and paths")
      expressions.append(bound)
    }
    return BoundDelete(isDetaching: delete.isDetaching, expressions: expressions)
  }

  /// Whether the expression is a variable that a pattern declared as an entity.
  private func isEntity(_ expression: Expression) -> Bool {
    guard case .variable(let name) = expression.kind, let slot = scope.slot(of: name.text) else {
      return false
    }
    return type(of: slot).isOnly([.node, .edge])
  }

  // MARK: FOREACH

  private mutating func bindForEach(_ forEach: ForEachClause) throws -> BoundForEach {
    rules = ExpressionRules(place: "FOREACH")
    let list = try bindExpression(forEach.list)
    try demand(.list, of: list, "FOREACH takes a list")
    let outer = scope
    defer { scope = outer }
    guard scope.slot(of: forEach.variable.text) == nil else {
      throw alreadyBound(forEach.variable)
    }
    let type = list.type.isOnly(.list) ? StaticType(list.type.elements.union(.null)) : .any
    let slot = declare(forEach.variable.text, type)
    let clauses = try forEach.clauses.map { try bindUpdating($0) }
    return BoundForEach(slot: slot, list: list, clauses: clauses)
  }
}
