// Expressions after binding: variables are slots, functions are resolved, aggregates are gone
// (their results are slots). The executor compiles one of these once and evaluates it over columns.

package import Base
package import Cypher

/// An expression whose names are resolved, with its static type and its place in the text.
package struct BoundExpression: Hashable, Sendable {
  package var kind: BoundExpressionKind
  package var type: StaticType
  package var range: SourceRange

  package init(_ kind: BoundExpressionKind, type: StaticType, range: SourceRange) {
    self.kind = kind
    self.type = type
    self.range = range
  }
}

/// What a bound expression is. Where the text has a pattern or a subquery inside an expression, it
/// is a `BoundSubquery`, whatever its form was.
package indirect enum BoundExpressionKind: Hashable, Sendable {
  case literal(Value)
  case parameter(Text)
  case slot(Slot)
  case list([BoundExpression])
  /// Keys in the order of the text; a later one wins over an earlier one of the same name.
  case map([BoundMapEntry])

  case property(BoundExpression, Text)
  case subscripted(BoundExpression, index: BoundExpression)
  case slice(BoundExpression, from: BoundExpression?, to: BoundExpression?)
  /// On a node its labels, on an edge its type, on null null.
  case hasLabels(BoundExpression, BoundLabelExpression)

  case not(BoundExpression)
  case negate(BoundExpression)
  case plus(BoundExpression)
  case and([BoundExpression])
  case or([BoundExpression])
  case xor(BoundExpression, BoundExpression)
  case comparison(ComparisonOperator, BoundExpression, BoundExpression)
  /// Two or more steps: `a < b <= c`, the conjunction of its neighbours' comparisons.
  case comparisonChain(first: BoundExpression, rest: [BoundComparisonStep])
  case arithmetic(ArithmeticOperator, BoundExpression, BoundExpression)
  /// A long chain, from left to right.
  case arithmeticChain(first: BoundExpression, rest: [BoundArithmeticStep])
  case isNull(BoundExpression)
  case isNotNull(BoundExpression)
  case isIn(BoundExpression, list: BoundExpression)
  case startsWith(BoundExpression, BoundExpression)
  case endsWith(BoundExpression, BoundExpression)
  case contains(BoundExpression, BoundExpression)
  case matchesRegularExpression(BoundExpression, BoundExpression)

  case call(ScalarFunction, [BoundExpression])
  case caseOf(
    subject: BoundExpression?, branches: [BoundCaseBranch], otherwise: BoundExpression?)
  /// `[element IN list WHERE predicate | result]`; `element` is assigned per element.
  case listComprehension(
    element: Slot, list: BoundExpression, predicate: BoundExpression?, result: BoundExpression?)
  case quantifier(
    QuantifierExpression.Kind, element: Slot, list: BoundExpression, predicate: BoundExpression)
  case reduce(
    accumulator: Slot, initial: BoundExpression, element: Slot, list: BoundExpression,
    step: BoundExpression)
  case mapProjection(BoundExpression, items: [BoundMapProjectionItem])
  case subquery(BoundSubquery)
}

package struct BoundMapEntry: Hashable, Sendable {
  package var key: Text
  package var value: BoundExpression

  package init(key: Text, value: BoundExpression) {
    self.key = key
    self.value = value
  }
}

package struct BoundComparisonStep: Hashable, Sendable {
  package var comparison: ComparisonOperator
  package var operand: BoundExpression

  package init(_ comparison: ComparisonOperator, _ operand: BoundExpression) {
    self.comparison = comparison
    self.operand = operand
  }
}

package struct BoundCaseBranch: Hashable, Sendable {
  package var condition: BoundExpression
  package var result: BoundExpression

  package init(condition: BoundExpression, result: BoundExpression) {
    self.condition = condition
    self.result = result
  }
}

package enum BoundMapProjectionItem: Hashable, Sendable {
  /// `.name` of the subject, and `key: expression` and `variable` as entries.
  case property(Text)
  case allProperties
  case entry(Text, BoundExpression)
}

package indirect enum BoundLabelExpression: Hashable, Sendable {
  case label(Text)
  case and([BoundLabelExpression])
  case or([BoundLabelExpression])
  case not(BoundLabelExpression)
  /// Any label at all.
  case any
}

/// An operator of a long chain and its right operand.
package struct BoundArithmeticStep: Hashable, Sendable {
  package var operation: ArithmeticOperator
  package var operand: BoundExpression

  package init(_ operation: ArithmeticOperator, _ operand: BoundExpression) {
    self.operation = operation
    self.operand = operand
  }
}

/// A query inside an expression, run once per row of the outer query with the outer row's slots.
///
/// Pattern predicates and `EXISTS { }` are `exists`; `COUNT { }` is `count`; pattern
/// comprehensions, `COLLECT { }` and `allShortestPaths(...)` are `collect` over the query's single
/// column; `shortestPath(...)` as a value is `first`: the single column of the first row, or null.
package struct BoundSubquery: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case exists
    case count
    case collect
    case first
  }

  package var kind: Kind
  package var query: BoundQuery
  /// The slots of the outer row that the query reads, ascending.
  package var outerSlots: [Slot]

  package init(kind: Kind, query: BoundQuery, outerSlots: [Slot]) {
    self.kind = kind
    self.query = query
    self.outerSlots = outerSlots
  }
}
