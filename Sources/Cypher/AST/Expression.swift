// Expressions of openCypher 9. A node is a struct with its place and an indirect kind; long chains
// of AND, OR and comparisons are one flat node, so that no tree is deeper than the parser allows.

package import Base

/// An expression and where it is written.
package struct Expression: Hashable, Sendable {
  package var kind: ExpressionKind
  package var range: SourceRange

  package init(_ kind: ExpressionKind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}

/// What an expression is.
package indirect enum ExpressionKind: Hashable, Sendable {
  // Atoms.
  case null
  case boolean(Bool)
  case integer(Int64)
  case float(Double)
  case string(Text)
  case parameter(Name)
  case variable(Name)
  case list([Expression])
  case map([MapEntry])

  // Access.
  case property(Expression, Name)
  case subscripted(Expression, index: Expression)
  case slice(Expression, from: Expression?, to: Expression?)
  /// `n:A:B`.
  case hasLabels(Expression, LabelExpression)

  // Operators.
  case not(Expression)
  /// Unary minus.
  case negate(Expression)
  /// Unary plus.
  case plus(Expression)
  /// Two or more operands.
  case and([Expression])
  /// Two or more operands.
  case or([Expression])
  case xor(Expression, Expression)
  /// `a < b <= c`: each pair of neighbours is compared.
  case comparison(first: Expression, rest: [ComparisonStep])
  case arithmetic(ArithmeticOperator, Expression, Expression)
  /// The rest of a chain that is too long to be a tree: `first`, then each step from left to right.
  case arithmeticChain(first: Expression, rest: [ArithmeticStep])
  case isNull(Expression)
  case isNotNull(Expression)
  case isIn(Expression, list: Expression)
  case startsWith(Expression, Expression)
  case endsWith(Expression, Expression)
  case contains(Expression, Expression)
  case matchesRegularExpression(Expression, Expression)

  // Calls.
  case call(FunctionCall)
  /// `count(*)`.
  case countAll

  // Compound.
  case caseOf(CaseExpression)
  case listComprehension(ListComprehension)
  case patternComprehension(PatternComprehension)
  case quantifier(QuantifierExpression)
  case reduce(ReduceExpression)
  case mapProjection(MapProjection)
  case subquery(SubqueryExpression)
  /// A pattern used as a predicate, or `shortestPath(...)` used as a value.
  case pattern(PathPattern)
}

/// `name: value`.
package struct MapEntry: Hashable, Sendable {
  package var key: Name
  package var value: Expression

  package init(key: Name, value: Expression) {
    self.key = key
    self.value = value
  }
}

package enum ComparisonOperator: String, Hashable, Sendable {
  case equal = "="
  case notEqual = "<>"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
}

package enum ArithmeticOperator: String, Hashable, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case modulo = "%"
  case power = "^"
}

/// An operator of a long chain and its right operand.
package struct ArithmeticStep: Hashable, Sendable {
  package var operation: ArithmeticOperator
  package var operand: Expression

  package init(_ operation: ArithmeticOperator, _ operand: Expression) {
    self.operation = operation
    self.operand = operand
  }
}

/// An operator and its right operand.
package struct ComparisonStep: Hashable, Sendable {
  package var comparison: ComparisonOperator
  package var operand: Expression

  package init(_ comparison: ComparisonOperator, _ operand: Expression) {
    self.comparison = comparison
    self.operand = operand
  }
}
