// The clauses of openCypher 9 that write.

/// `CREATE pattern`.
package struct CreateClause: Hashable, Sendable {
  package var patterns: [PathPattern]
  package var range: SourceRange

  package init(patterns: [PathPattern], range: SourceRange) {
    self.patterns = patterns
    self.range = range
  }
}

/// `MERGE pattern [ON CREATE SET ...] [ON MATCH SET ...]`.
package struct MergeClause: Hashable, Sendable {
  package var pattern: PathPattern
  package var onCreate: [SetItem]
  package var onMatch: [SetItem]
  package var range: SourceRange

  package init(
    pattern: PathPattern, onCreate: [SetItem], onMatch: [SetItem], range: SourceRange
  ) {
    self.pattern = pattern
    self.onCreate = onCreate
    self.onMatch = onMatch
    self.range = range
  }
}

/// `SET item, ...`.
package struct SetClause: Hashable, Sendable {
  package var items: [SetItem]
  package var range: SourceRange

  package init(items: [SetItem], range: SourceRange) {
    self.items = items
    self.range = range
  }
}

/// One assignment.
package enum SetItem: Hashable, Sendable {
  /// `entity.name = value`; the entity may be any expression.
  case property(of: Expression, name: Name, value: Expression, range: SourceRange)
  /// `entity[key] = value`.
  case dynamicProperty(of: Expression, key: Expression, value: Expression, range: SourceRange)
  /// `variable = map`: replaces all properties.
  case replaceProperties(of: Name, value: Expression, range: SourceRange)
  /// `variable += map`: adds and overwrites.
  case addProperties(of: Name, value: Expression, range: SourceRange)
  /// `variable:A:B`.
  case labels(of: Name, labels: [Name], range: SourceRange)
}

/// `REMOVE item, ...`.
package struct RemoveClause: Hashable, Sendable {
  package var items: [RemoveItem]
  package var range: SourceRange

  package init(items: [RemoveItem], range: SourceRange) {
    self.items = items
    self.range = range
  }
}

/// One removal.
package enum RemoveItem: Hashable, Sendable {
  case property(of: Expression, name: Name, range: SourceRange)
  /// `entity[key]`.
  case dynamicProperty(of: Expression, key: Expression, range: SourceRange)
  case labels(of: Name, labels: [Name], range: SourceRange)
}

/// `[DETACH] DELETE expression, ...`.
package struct DeleteClause: Hashable, Sendable {
  package var isDetaching: Bool
  package var expressions: [Expression]
  package var range: SourceRange

  package init(isDetaching: Bool, expressions: [Expression], range: SourceRange) {
    self.isDetaching = isDetaching
    self.expressions = expressions
    self.range = range
  }
}

/// `FOREACH (variable IN list | updating clauses)`.
package struct ForEachClause: Hashable, Sendable {
  package var variable: Name
  package var list: Expression
  package var clauses: [Clause]
  package var range: SourceRange

  package init(variable: Name, list: Expression, clauses: [Clause], range: SourceRange) {
    self.variable = variable
    self.list = list
    self.clauses = clauses
    self.range = range
  }
}
