// Grouping: which items are keys, which calls run over a group, and what may stand beside them.
//
// openCypher's rule: beside an aggregate an expression may read constants, parameters, and what is
// itself projected as a plain variable or property. Anything else is ambiguous.

import Base
import Cypher

/// Keys and calls of the projection being bound.
struct AggregationBuilder {
  struct Key {
    /// The text of a key that is simple.
    var canonical: String
    var isSimple: Bool
    /// What a key that is not simple reads.
    var variables: Set<Text>
    var bound: BoundGroupingKey
  }

  var keys: [Key] = []
  var calls: [(canonical: String, call: BoundAggregateCall)] = []

  func hasKey(_ slot: Slot) -> Bool {
    keys.contains { $0.bound.slot == slot } || calls.contains { $0.call.slot == slot }
      || items.contains(slot)
  }

  /// The slots of the projection's items, once they are bound: ORDER BY reads them.
  var items: SlotSet = []

  func simpleKey(_ canonical: String) -> Slot? {
    keys.first { $0.isSimple && $0.canonical.utf8.elementsEqual(canonical.utf8) }?.bound.slot
  }

  func call(_ canonical: String) -> Slot? {
    calls.first { $0.canonical.utf8.elementsEqual(canonical.utf8) }?.call.slot
  }

  var finished: BoundAggregation {
    BoundAggregation(keys: keys.map(\.bound), calls: calls.map(\.call))
  }
}

/// What ORDER BY and WHERE may write for a projected value: the expression that it was made from.
struct Substitutions {
  private let items: [ProjectionItem]
  private let slots: [Slot]
  private let names: [Text]
  /// Beside an aggregate only plain variables and properties are replaced.
  var onlySimple = false

  init(items: [ProjectionItem], bound: [BoundProjectionItem], names: [Text]) {
    self.items = items
    self.names = names
    slots = zip(items, bound).map { $1.slot }
  }

  func slot(of expression: Expression) -> Slot? {
    if onlySimple, !expression.isSimple { return nil }
    // Texts are made only for what may be the same.
    var canonical: String?
    for index in slots.indices where expression.mayEqual(items[index].expression) {
      if onlySimple, !items[index].expression.isSimple { continue }
      let text = canonical ?? CanonicalPrinter.text(of: expression)
      canonical = text
      let made = CanonicalPrinter.text(of: items[index].expression)
      if made.utf8.elementsEqual(text.utf8), !isHidden(index) { return slots[index] }
    }
    return nil
  }

  /// Whether a new name hides one of an item's variables: the text then means something else.
  private func isHidden(_ index: Int) -> Bool {
    var variables = VariableCollector()
    variables.visit(items[index].expression)
    return zip(items, names).contains { other, name in
      guard variables.names.contains(name) else { return false }
      if case .variable(let variable) = other.expression.kind { return variable.text != name }
      return true
    }
  }
}

extension Expression {
  /// Whether the texts of both can be the same, as far as their outermost parts tell.
  fileprivate func mayEqual(_ other: Expression) -> Bool {
    switch (kind, other.kind) {
    case (.variable(let name), .variable(let otherName)): name.text == otherName.text
    case (.property(_, let name), .property(_, let otherName)): name.text == otherName.text
    case (.variable, _), (_, .variable), (.property, _), (_, .property): false
    case (.call, .call): true
    case (.call, _), (_, .call): false
    default: true
    }
  }

  /// A variable, or a property of something simple.
  var isSimple: Bool {
    switch kind {
    case .variable: true
    case .property(let inner, _): inner.isSimple
    default: false
    }
  }
}

extension Binder {
  mutating func bindAggregatingItems(
    _ items: [ProjectionItem]
  ) throws -> [BoundProjectionItem] {
    var bound: [BoundProjectionItem?] = []
    for item in items {
      guard !AggregateFinder.contains(item.expression) else {
        bound.append(nil)
        continue
      }
      rules = ExpressionRules(place: "a projection")
      let expression = try bindExpression(item.expression)
      var made = makeItem(item, expression)
      addKey(item.expression, BoundGroupingKey(slot: made.slot, expression: expression))
      made.expression.kind = .slot(made.slot)
      bound.append(made)
    }
    var result: [BoundProjectionItem] = []
    for (item, key) in zip(items, bound) {
      if let key {
        result.append(key)
      } else {
        rules = ExpressionRules(place: "a projection")
        rules.aggregates = .allowed
        rules.checksGrouping = true
        rules.firstLocalSlot = slots.count
        result.append(makeItem(item, try bindExpression(item.expression)))
      }
    }
    aggregation?.items = SlotSet(result.map(\.slot))
    return result
  }

  private mutating func addKey(_ expression: Expression, _ key: BoundGroupingKey) {
    let isSimple = expression.isSimple
    var variables = VariableCollector()
    if !isSimple { variables.visit(expression) }
    aggregation?.keys.append(
      AggregationBuilder.Key(
        canonical: isSimple ? CanonicalPrinter.text(of: expression) : "", isSimple: isSimple,
        variables: variables.names, bound: key))
  }

  /// The slot that stands for an expression which is projected as it is.
  func replacement(for expression: Expression) -> Slot? {
    switch expression.kind {
    case .integer, .float, .string, .boolean, .null, .parameter: return nil
    case .variable(let name) where substitutions != nil && scope.slot(of: name.text) != nil:
      return nil
    default: break
    }
    if let substitutions, !readsLocals(expression), let slot = substitutions.slot(of: expression) {
      return slot
    }
    if rules.checksGrouping, expression.isSimple, substitutions == nil, let aggregation {
      if isLocal(expression) { return nil }
      return aggregation.simpleKey(CanonicalPrinter.text(of: expression))
    }
    return nil
  }

  /// Whether an element of a comprehension around it is read: that is no projected value.
  private func readsLocals(_ expression: Expression) -> Bool {
    guard let last = scope.slots.last, last.index >= rules.firstLocalSlot else { return false }
    var variables = VariableCollector()
    variables.visit(expression)
    return variables.names.contains {
      scope.slot(of: $0).map { $0.index >= rules.firstLocalSlot } ?? false
    }
  }

  /// Whether a simple expression starts at an element of a comprehension around it.
  private func isLocal(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .variable(let name):
      return scope.slot(of: name.text).map { $0.index >= rules.firstLocalSlot } ?? false
    case .property(let inner, _): return isLocal(inner)
    default: return false
    }
  }

  // MARK: Calls

  mutating func bindAggregate(
    _ function: AggregateFunction, _ call: FunctionCall?, _ expression: Expression
  ) throws -> BoundExpression {
    switch rules.aggregates {
    case .forbidden:
      throw semanticError(
        "InvalidAggregation", "an aggregate cannot stand in \(rules.place)",
        at: expression.range,
        advice: "Aggregate in WITH first: WITH x, count(*) AS c WHERE c > 1.")
    case .insideAggregate:
      throw semanticError(
        "NestedAggregation", "an aggregate cannot stand inside another", at: expression.range,
        advice: "Compute the inner one in a WITH before.")
    case .allowed: break
    }
    let canonical = CanonicalPrinter.text(of: expression)
    if let slot = aggregation?.call(canonical) {
      return BoundExpression(.slot(slot), type: type(of: slot), range: expression.range)
    }
    let arguments = try bindAggregateArguments(function, call, expression)
    let slot = makeSlot(nil, resultType(function, arguments))
    aggregation?.calls.append(
      (
        canonical,
        BoundAggregateCall(
          slot: slot, function: function, isDistinct: call?.isDistinct ?? false,
          arguments: arguments, range: expression.range)
      ))
    return BoundExpression(.slot(slot), type: type(of: slot), range: expression.range)
  }

  private mutating func bindAggregateArguments(
    _ function: AggregateFunction, _ call: FunctionCall?, _ expression: Expression
  ) throws -> [BoundExpression] {
    guard let call else { return [] }
    try checkArity(function.rawValue, function.signature, call, expression)
    let outer = rules
    let outerSubstitutions = substitutions
    defer {
      rules = outer
      substitutions = outerSubstitutions
    }
    rules.aggregates = .insideAggregate
    rules.checksGrouping = false
    rules.allowsPatternPredicate = false
    substitutions = nil
    var arguments: [BoundExpression] = []
    for argument in call.arguments {
      let bound = try bindExpression(argument)
      if let closedInput {
        try checkReadable(bound, argument, closedInput, firstLocal: outer.firstLocalSlot)
      }
      arguments.append(bound)
    }
    return arguments
  }

  /// An aggregate first named in ORDER BY is computed with the others, so it can read only what was
  /// there before the projection and still is.
  private func checkReadable(
    _ bound: BoundExpression, _ argument: Expression, _ input: Scope, firstLocal: Int
  ) throws {
    let isReadable = bound.readSlots.allSatisfy {
      input.slots.contains($0) || $0.index >= firstLocal
    }
    guard isReadable else {
      throw semanticError(
        "UndefinedVariable", "an aggregate in ORDER BY reads variables from before the projection",
        at: argument.range, advice: "Project the aggregate with AS and sort by its name.")
    }
  }

  private func resultType(
    _ function: AggregateFunction, _ arguments: [BoundExpression]
  ) -> StaticType {
    guard let first = arguments.first else { return function.signature.result }
    switch function {
    case .collect: return .list(of: first.type.kinds.subtracting(.null))
    case .min, .max: return first.type.union(.null)
    default: return function.signature.result
    }
  }

  // MARK: Errors

  func ambiguous(_ name: Name) -> StemmaError {
    semanticError(
      "AmbiguousAggregationExpression",
      "'\(name.text)' stands beside an aggregate, but is not projected itself", at: name.range,
      advice: "Project it first, WITH \(name.text), ..., or move it into the aggregate.")
  }

  /// A variable that is not in scope, or no more.
  /// A variable around a subquery that was not named where rows were grouped or made distinct.
  func closed(_ name: Name) -> StemmaError {
    semanticError(
      "UndefinedVariable",
      "the variable '\(name.text)' is no longer there after grouping or DISTINCT",
      at: name.range, advice: "Name it in that WITH.")
  }

  func unresolved(_ name: Name) -> StemmaError {
    if subqueries.last?.closed?.slot(of: name.text) != nil { return closed(name) }
    guard let closedInput, closedInput.slot(of: name.text) != nil else { return undefined(name) }
    // After grouping only what is projected is there. A longer expression that is projected can be
    // named as a whole, but not beside an aggregate, where its parts cannot be told from it.
    let isBesideAggregate = substitutions?.onlySimple == true
    if isBesideAggregate, let aggregation,
      aggregation.keys.contains(where: { !$0.isSimple && $0.variables.contains(name.text) })
    {
      return ambiguous(name)
    }
    return semanticError(
      "UndefinedVariable",
      "the variable '\(name.text)' is no longer there after grouping or DISTINCT",
      at: name.range, advice: "Project it as well, or sort by a projected name.")
  }
}
