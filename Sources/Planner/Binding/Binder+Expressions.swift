// Expressions: one case per kind; types are checked where openCypher demands it at compile time.

import Base
import Cypher

extension Binder {
  mutating func bindExpression(_ expression: Expression) throws -> BoundExpression {
    if substitutions != nil || rules.checksGrouping, let slot = replacement(for: expression) {
      noteUse(of: slot)
      return BoundExpression(.slot(slot), type: type(of: slot), range: expression.range)
    }
    let mayBePattern = rules.allowsPatternPredicate
    // Only the connectives and the forms that say so hand the permission on.
    rules.allowsPatternPredicate = false
    defer { rules.allowsPatternPredicate = mayBePattern }
    switch expression.kind {
    case .not, .and, .or, .xor:
      rules.allowsPatternPredicate = mayBePattern
      return try bindConnective(expression)
    case .pattern(let pattern):
      return try bindPatternExpression(pattern, expression, isAllowed: mayBePattern)
    case .caseOf(let value):
      return try bindCase(value, expression)
    default:
      return try bindAtom(expression)
    }
  }

  private mutating func bindAtom(_ expression: Expression) throws -> BoundExpression {
    let range = expression.range
    switch expression.kind {
    case .null: return BoundExpression(.literal(.null), type: .null, range: range)
    case .boolean(let value):
      return BoundExpression(.literal(.boolean(value)), type: StaticType(.boolean), range: range)
    case .integer(let value):
      return BoundExpression(.literal(.integer(value)), type: StaticType(.integer), range: range)
    case .float(let value):
      return BoundExpression(.literal(.float(value)), type: StaticType(.float), range: range)
    case .string(let value):
      return BoundExpression(.literal(.string(value)), type: StaticType(.string), range: range)
    case .parameter(let name):
      if !parameters.contains(name.text) { parameters.append(name.text) }
      return BoundExpression(.parameter(name.text), type: .any, range: range)
    case .variable(let name):
      return try bindVariable(name, range)
    case .list(let elements):
      let bound = try bindAll(elements)
      let kinds = bound.reduce(into: ValueKinds()) { $0.formUnion($1.type.kinds) }
      let type = StaticType(.list, elements: bound.isEmpty ? .any : kinds)
      return BoundExpression(.list(bound), type: type, range: range)
    case .map(let entries):
      let bound = try bindEntries(entries)
      return BoundExpression(.map(bound), type: StaticType(.map), range: range)
    case .property, .subscripted, .slice, .hasLabels:
      return try bindAccess(expression)
    case .countAll: return try bindAggregate(.countAll, nil, expression)
    case .call(let call): return try bindFunction(call, expression)
    case .negate, .plus, .comparison, .arithmetic, .arithmeticChain, .isNull, .isNotNull, .isIn,
      .startsWith, .endsWith, .contains, .matchesRegularExpression:
      return try bindOperator(expression)
    default:
      return try bindCompound(expression)
    }
  }

  mutating func bindAll(_ expressions: [Expression]) throws -> [BoundExpression] {
    var bound: [BoundExpression] = []
    bound.reserveCapacity(expressions.count)
    for expression in expressions { bound.append(try bindExpression(expression)) }
    return bound
  }

  mutating func bindEntries(_ entries: [MapEntry]) throws -> [BoundMapEntry] {
    var bound: [BoundMapEntry] = []
    for entry in entries {
      bound.append(BoundMapEntry(key: entry.key.text, value: try bindExpression(entry.value)))
    }
    return bound
  }

  private mutating func bindVariable(
    _ name: Name, _ range: SourceRange
  ) throws -> BoundExpression {
    if scope.slot(of: name.text) == nil, let number = Self.namedFloat(name.text) {
      return BoundExpression(.literal(.float(number)), type: StaticType(.float), range: range)
    }
    let slot = try resolve(name)
    return BoundExpression(.slot(slot), type: type(of: slot), range: range)
  }

  /// NaN, Inf and Infinity are literals where no variable has that name.
  private static func namedFloat(_ name: Text) -> Double? {
    let lower = name.string.utf8.map { $0 >= 65 && $0 <= 90 ? $0 + 32 : $0 }
    if lower.elementsEqual("nan".utf8) { return .nan }
    if lower.elementsEqual("inf".utf8) || lower.elementsEqual("infinity".utf8) { return .infinity }
    return nil
  }

  // MARK: Conditions

  /// A condition as its conjuncts.
  mutating func bindConjuncts(_ predicate: Expression) throws -> [BoundExpression] {
    if case .and(let operands) = predicate.kind {
      var conjuncts: [BoundExpression] = []
      for operand in operands { conjuncts += try bindConjuncts(operand) }
      return conjuncts
    }
    return [try bindCondition(predicate)]
  }

  mutating func bindCondition(_ predicate: Expression) throws -> BoundExpression {
    let bound = try bindExpression(predicate)
    try demand(.boolean, of: bound, "a condition must be true or false")
    return bound
  }

  private mutating func bindConnective(_ expression: Expression) throws -> BoundExpression {
    let kind: BoundExpressionKind
    switch expression.kind {
    case .not(let operand): kind = .not(try bindOperand(operand, "NOT"))
    case .and(let operands): kind = .and(try operands.map { try bindOperand($0, "AND") })
    case .or(let operands): kind = .or(try operands.map { try bindOperand($0, "OR") })
    case .xor(let left, let right):
      kind = .xor(try bindOperand(left, "XOR"), try bindOperand(right, "XOR"))
    default: return try bindAtom(expression)
    }
    return BoundExpression(kind, type: .boolean, range: expression.range)
  }

  private mutating func bindOperand(
    _ operand: Expression, _ word: String
  ) throws -> BoundExpression {
    let bound = try bindExpression(operand)
    try demand(.boolean, of: bound, "\(word) takes true and false")
    return bound
  }

  /// Throws where the value can be of none of these kinds.
  func demand(
    _ kinds: ValueKinds, of bound: BoundExpression, _ message: String,
    type errorType: String = "SyntaxError"
  ) throws {
    guard !bound.type.canBe(kinds) else { return }
    throw semanticError(
      "InvalidArgumentType", "\(message), but this is \(bound.type.kinds.describedWithArticle)",
      at: bound.range, type: errorType, advice: TypeAdvice.advice(wanted: kinds, bound))
  }

  // MARK: CASE

  private mutating func bindCase(
    _ value: CaseExpression, _ expression: Expression
  ) throws -> BoundExpression {
    let subject = try value.subject.map { try bindExpression($0) }
    var branches: [BoundCaseBranch] = []
    var type: StaticType?
    for branch in value.branches {
      rules.allowsPatternPredicate = subject == nil
      let condition = try bindExpression(branch.condition)
      rules.allowsPatternPredicate = false
      let result = try bindExpression(branch.result)
      type = type.map { $0.union(result.type) } ?? result.type
      branches.append(BoundCaseBranch(condition: condition, result: result))
    }
    let otherwise = try value.otherwise.map { try bindExpression($0) }
    return BoundExpression(
      .caseOf(subject: subject, branches: branches, otherwise: otherwise),
      type: (type ?? .null).union(otherwise?.type ?? .null), range: expression.range)
  }
}
