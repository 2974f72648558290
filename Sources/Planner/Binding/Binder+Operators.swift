// Operators and access: properties, indices, slices, labels, arithmetic, comparison.

import Base
import Cypher

extension Binder {
  // MARK: Access

  mutating func bindAccess(_ expression: Expression) throws -> BoundExpression {
    let range = expression.range
    switch expression.kind {
    case .property(let subject, let name):
      let bound = try bindExpression(subject)
      try demand(
        ValueKinds([.node, .edge, .map]).union(.temporal), of: bound,
        "only nodes, relationships and maps have properties", type: propertyErrorType(bound))
      try checkProperty(name, of: bound.type)
      return BoundExpression(.property(bound, name.text), type: .any, range: range)
    case .subscripted(let subject, let index):
      let bound = try bindExpression(subject)
      try demand(
        [.list, .map, .node, .edge], of: bound, "only lists, maps and entities have elements",
        type: "TypeError")
      let type =
        bound.type.isOnly(.list) ? StaticType(bound.type.elements.union(.null)) : StaticType.any
      return BoundExpression(
        .subscripted(bound, index: try bindExpression(index)), type: type, range: range)
    case .slice(let subject, let from, let to):
      let bound = try bindExpression(subject)
      try demand(.list, of: bound, "only lists have slices")
      let lower = try from.map { try bindExpression($0) }
      let upper = try to.map { try bindExpression($0) }
      return BoundExpression(
        .slice(bound, from: lower, to: upper), type: .list(of: bound.type.elements),
        range: range)
    case .hasLabels(let subject, let labels):
      try checkLabels(labels.names, orTypes: true)
      let bound = try bindExpression(subject)
      try demand([.node, .edge], of: bound, "only nodes and relationships have labels")
      return BoundExpression(
        .hasLabels(bound, bindLabels(labels)), type: .boolean, range: range)
    default:
      return try bindExpression(expression)
    }
  }

  /// openCypher calls it a TypeError where the value itself is known, and a SyntaxError where it is
  /// a variable of a pattern.
  private func propertyErrorType(_ bound: BoundExpression) -> String {
    bound.type.kinds.isDisjoint(with: [.path, .node, .edge]) ? "TypeError" : "SyntaxError"
  }

  func bindLabels(_ labels: LabelExpression) -> BoundLabelExpression {
    switch labels {
    case .label(let name): .label(name.text)
    case .and(let parts): .and(parts.map(bindLabels))
    case .or(let parts): .or(parts.map(bindLabels))
    case .not(let inner): .not(bindLabels(inner))
    case .any: .any
    }
  }

  // MARK: Operators

  mutating func bindOperator(_ expression: Expression) throws -> BoundExpression {
    let range = expression.range
    switch expression.kind {
    case .negate(let operand):
      let bound = try bindExpression(operand)
      try demand(ValueKinds.number.union(.duration), of: bound, "'-' takes a number")
      return BoundExpression(.negate(bound), type: bound.type.union(.null), range: range)
    case .plus(let operand):
      let bound = try bindExpression(operand)
      try demand(.number, of: bound, "'+' takes a number")
      return BoundExpression(.plus(bound), type: bound.type, range: range)
    case .comparison(let first, let rest):
      return try bindComparison(first, rest, range)
    case .arithmetic(let symbol, let left, let right):
      return try bindArithmetic(symbol, left, right, range)
    case .arithmeticChain(let first, let rest):
      return try bindArithmeticChain(first, rest, range)
    case .isNull(let operand):
      return BoundExpression(
        .isNull(try bindExpression(operand)), type: StaticType(.boolean), range: range)
    case .isNotNull(let operand):
      return BoundExpression(
        .isNotNull(try bindExpression(operand)), type: StaticType(.boolean), range: range)
    case .isIn(let element, let list):
      let boundElement = try bindExpression(element)
      let boundList = try bindExpression(list)
      try demand(.list, of: boundList, "IN takes a list")
      return BoundExpression(.isIn(boundElement, list: boundList), type: .boolean, range: range)
    default:
      return try bindStringPredicate(expression)
    }
  }

  private mutating func bindStringPredicate(
    _ expression: Expression
  ) throws -> BoundExpression {
    let kind: BoundExpressionKind
    switch expression.kind {
    case .startsWith(let left, let right):
      kind = .startsWith(try bindExpression(left), try bindExpression(right))
    case .endsWith(let left, let right):
      kind = .endsWith(try bindExpression(left), try bindExpression(right))
    case .contains(let left, let right):
      kind = .contains(try bindExpression(left), try bindExpression(right))
    case .matchesRegularExpression(let left, let right):
      kind = .matchesRegularExpression(try bindExpression(left), try bindExpression(right))
    default: return try bindExpression(expression)
    }
    return BoundExpression(kind, type: .boolean, range: expression.range)
  }

  private mutating func bindComparison(
    _ first: Expression, _ rest: [ComparisonStep], _ range: SourceRange
  ) throws -> BoundExpression {
    let start = try bindExpression(first)
    var steps: [BoundComparisonStep] = []
    for step in rest {
      steps.append(BoundComparisonStep(step.comparison, try bindExpression(step.operand)))
    }
    if steps.count == 1 {
      return BoundExpression(
        .comparison(steps[0].comparison, start, steps[0].operand), type: .boolean, range: range)
    }
    return BoundExpression(
      .comparisonChain(first: start, rest: steps), type: .boolean, range: range)
  }

  private mutating func bindArithmetic(
    _ symbol: ArithmeticOperator, _ left: Expression, _ right: Expression, _ range: SourceRange
  ) throws -> BoundExpression {
    let boundLeft = try bindExpression(left)
    let boundRight = try bindExpression(right)
    let type = try arithmeticType(symbol, boundLeft, boundRight)
    return BoundExpression(.arithmetic(symbol, boundLeft, boundRight), type: type, range: range)
  }

  private func arithmeticType(
    _ symbol: ArithmeticOperator, _ left: BoundExpression, _ right: BoundExpression
  ) throws -> StaticType {
    if let accepted = ArithmeticTypes.accepted(symbol) {
      for operand in [left, right] {
        try demand(accepted, of: operand, "'\(symbol.rawValue)' takes numbers")
      }
    }
    return ArithmeticTypes.result(symbol, left.type, right.type)
  }

  private mutating func bindArithmeticChain(
    _ first: Expression, _ rest: [ArithmeticStep], _ range: SourceRange
  ) throws -> BoundExpression {
    let start = try bindExpression(first)
    // Stands for all that is to the left of a step: only its type and place are looked at.
    var left = start
    var steps: [BoundArithmeticStep] = []
    for step in rest {
      let operand = try bindExpression(step.operand)
      left.type = try arithmeticType(step.operation, left, operand)
      steps.append(BoundArithmeticStep(step.operation, operand))
    }
    return BoundExpression(
      .arithmeticChain(first: start, rest: steps), type: left.type, range: range)
  }
}

/// The static types of arithmetic.
enum ArithmeticTypes {
  /// What an operand may be; `nil` for '+', which joins almost anything.
  static func accepted(_ symbol: ArithmeticOperator) -> ValueKinds? {
    switch symbol {
    case .add: nil
    case .subtract: ValueKinds.number.union(.temporal)
    case .multiply, .divide: ValueKinds.number.union(.duration)
    case .modulo, .power: .number
    }
  }

  static func result(
    _ symbol: ArithmeticOperator, _ left: StaticType, _ right: StaticType
  ) -> StaticType {
    // Null whatever the other side is.
    if left.kinds == .null || right.kinds == .null { return .null }
    if left.isOnly(.number), right.isOnly(.number) {
      if symbol == .power { return .float }
      if left.isOnly(.integer), right.isOnly(.integer) { return .integer }
      if left.kinds == .float || right.kinds == .float { return .float }
      return .number
    }
    guard symbol == .add else {
      return StaticType(ValueKinds.number.union(.temporal).union(.null))
    }
    if left.isOnly(.list) || right.isOnly(.list) {
      var elements = left.isOnly(.list) ? left.elements : left.kinds
      elements.formUnion(right.isOnly(.list) ? right.elements : right.kinds)
      // Something unknown may itself be a list, whose elements are unknown.
      let isKnown = [left, right].allSatisfy { $0.isOnly(.list) || !$0.kinds.contains(.list) }
      return .list(of: isKnown ? elements : .any)
    }
    if left.isOnly(.string), right.isOnly(ValueKinds.string.union(.number)) { return .string }
    if right.isOnly(.string), left.isOnly(ValueKinds.string.union(.number)) { return .string }
    return .any
  }
}
