// Expressions with parts of their own: calls, CASE, comprehensions, quantifiers, subqueries.

/// `a.b.name([DISTINCT] arguments)`.
package struct FunctionCall: Hashable, Sendable {
  /// The parts of the name: `date`, `truncate`.
  package var name: [Name]
  package var isDistinct: Bool
  package var arguments: [Expression]

  package init(name: [Name], isDistinct: Bool, arguments: [Expression]) {
    self.name = name
    self.isDistinct = isDistinct
    self.arguments = arguments
  }
}

/// `CASE [subject] WHEN ... THEN ... [ELSE ...] END`.
package struct CaseExpression: Hashable, Sendable {
  package struct Branch: Hashable, Sendable {
    package var condition: Expression
    package var result: Expression

    package init(condition: Expression, result: Expression) {
      self.condition = condition
      self.result = result
    }
  }

  package var subject: Expression?
  package var branches: [Branch]
  package var otherwise: Expression?

  package init(subject: Expression?, branches: [Branch], otherwise: Expression?) {
    self.subject = subject
    self.branches = branches
    self.otherwise = otherwise
  }
}

/// `[variable IN list WHERE predicate | result]`.
package struct ListComprehension: Hashable, Sendable {
  package var variable: Name
  package var list: Expression
  package var predicate: Expression?
  package var result: Expression?

  package init(
    variable: Name, list: Expression, predicate: Expression?, result: Expression?
  ) {
    self.variable = variable
    self.list = list
    self.predicate = predicate
    self.result = result
  }
}

/// `[p = (a)-->(b) WHERE predicate | result]`.
package struct PatternComprehension: Hashable, Sendable {
  /// Its variable is the path's name.
  package var pattern: PathPattern
  package var predicate: Expression?
  package var result: Expression

  package init(pattern: PathPattern, predicate: Expression?, result: Expression) {
    self.pattern = pattern
    self.predicate = predicate
    self.result = result
  }
}

/// `all(variable IN list WHERE predicate)` and its three siblings.
package struct QuantifierExpression: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case all
    case any
    case none
    case single
  }

  package var kind: Kind
  package var variable: Name
  package var list: Expression
  /// `nil` where WHERE is left out: each element is then itself the condition.
  package var predicate: Expression?

  package init(kind: Kind, variable: Name, list: Expression, predicate: Expression?) {
    self.kind = kind
    self.variable = variable
    self.list = list
    self.predicate = predicate
  }
}

/// `reduce(accumulator = initial, variable IN list | step)`.
package struct ReduceExpression: Hashable, Sendable {
  package var accumulator: Name
  package var initial: Expression
  package var variable: Name
  package var list: Expression
  package var step: Expression

  package init(
    accumulator: Name, initial: Expression, variable: Name, list: Expression, step: Expression
  ) {
    self.accumulator = accumulator
    self.initial = initial
    self.variable = variable
    self.list = list
    self.step = step
  }
}

/// `subject {.name, .*, key: value, variable}`.
package struct MapProjection: Hashable, Sendable {
  package enum Item: Hashable, Sendable {
    /// `.name`
    case property(Name)
    /// `.*`
    case allProperties(SourceRange)
    /// `key: value`
    case entry(MapEntry)
    /// `variable`
    case variable(Name)
  }

  package var subject: Name
  package var items: [Item]

  package init(subject: Name, items: [Item]) {
    self.subject = subject
    self.items = items
  }
}

/// `EXISTS { ... }`, `COUNT { ... }`, `COLLECT { ... }`.
package struct SubqueryExpression: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case exists
    case count
    case collect
  }

  package enum Body: Hashable, Sendable {
    /// `{ pattern [WHERE predicate] }`, with or without MATCH.
    case pattern([PathPattern], predicate: Expression?)
    /// `{ clauses }`.
    case query(Query)
  }

  package var kind: Kind
  package var body: Body

  package init(kind: Kind, body: Body) {
    self.kind = kind
    self.body = body
  }
}
