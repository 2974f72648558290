// The clauses of openCypher 9 that read and project. Those that write are in
// `UpdatingClauses.swift`.

package import Base

/// One clause of a single query.
package indirect enum Clause: Hashable, Sendable {
  case match(MatchClause)
  case unwind(UnwindClause)
  case with(ProjectionClause)
  case `return`(ProjectionClause)
  case call(CallClause)
  case create(CreateClause)
  case merge(MergeClause)
  case set(SetClause)
  case remove(RemoveClause)
  case delete(DeleteClause)
  case forEach(ForEachClause)
}

extension Clause {
  package var range: SourceRange {
    switch self {
    case .match(let clause): clause.range
    case .unwind(let clause): clause.range
    case .with(let clause), .return(let clause): clause.range
    case .call(let clause): clause.range
    case .create(let clause): clause.range
    case .merge(let clause): clause.range
    case .set(let clause): clause.range
    case .remove(let clause): clause.range
    case .delete(let clause): clause.range
    case .forEach(let clause): clause.range
    }
  }
}

/// `[OPTIONAL] MATCH pattern [WHERE predicate]`.
package struct MatchClause: Hashable, Sendable {
  package var isOptional: Bool
  package var patterns: [PathPattern]
  package var predicate: Expression?
  package var range: SourceRange

  package init(
    isOptional: Bool, patterns: [PathPattern], predicate: Expression?, range: SourceRange
  ) {
    self.isOptional = isOptional
    self.patterns = patterns
    self.predicate = predicate
    self.range = range
  }
}

/// `UNWIND list AS variable`.
package struct UnwindClause: Hashable, Sendable {
  package var list: Expression
  package var variable: Name
  package var range: SourceRange

  package init(list: Expression, variable: Name, range: SourceRange) {
    self.list = list
    self.variable = variable
    self.range = range
  }
}

/// The body of WITH and RETURN.
package struct ProjectionClause: Hashable, Sendable {
  package var isDistinct: Bool
  /// Whether `*` stands before the items.
  package var includesAll: Bool
  package var items: [ProjectionItem]
  package var orderBy: [SortItem]
  package var skip: Expression?
  package var limit: Expression?
  /// WITH only.
  package var predicate: Expression?
  package var range: SourceRange

  package init(
    isDistinct: Bool, includesAll: Bool, items: [ProjectionItem], orderBy: [SortItem],
    skip: Expression?, limit: Expression?, predicate: Expression?, range: SourceRange
  ) {
    self.isDistinct = isDistinct
    self.includesAll = includesAll
    self.items = items
    self.orderBy = orderBy
    self.skip = skip
    self.limit = limit
    self.predicate = predicate
    self.range = range
  }
}

/// `expression [AS alias]`.
package struct ProjectionItem: Hashable, Sendable {
  package var expression: Expression
  package var alias: Name?
  /// The exact source text of the expression: the name of the column where there is no alias.
  package var sourceText: Text
  package var range: SourceRange

  package init(expression: Expression, alias: Name?, sourceText: Text, range: SourceRange) {
    self.expression = expression
    self.alias = alias
    self.sourceText = sourceText
    self.range = range
  }
}

/// `expression [ASC | DESC]`.
package struct SortItem: Hashable, Sendable {
  package var expression: Expression
  package var isDescending: Bool
  package var range: SourceRange

  package init(expression: Expression, isDescending: Bool, range: SourceRange) {
    self.expression = expression
    self.isDescending = isDescending
    self.range = range
  }
}

/// `CALL a.b.c(arguments) [YIELD field AS variable, ... [WHERE predicate]]`.
package struct CallClause: Hashable, Sendable {
  /// `a.b.c` as its parts.
  package var procedure: [Name]
  /// `nil` where no parentheses are written: arguments then come from parameters of their names.
  package var arguments: [Expression]?
  package var yield: YieldClause?
  package var range: SourceRange

  package init(
    procedure: [Name], arguments: [Expression]?, yield: YieldClause?, range: SourceRange
  ) {
    self.procedure = procedure
    self.arguments = arguments
    self.yield = yield
    self.range = range
  }
}

/// `YIELD *`, `YIELD -`, or `YIELD field [AS variable], ...`.
package struct YieldClause: Hashable, Sendable {
  package struct Item: Hashable, Sendable {
    package var field: Name
    package var alias: Name?

    package init(field: Name, alias: Name?) {
      self.field = field
      self.alias = alias
    }
  }

  package var includesAll: Bool
  package var items: [Item]
  package var predicate: Expression?
  package var range: SourceRange

  package init(includesAll: Bool, items: [Item], predicate: Expression?, range: SourceRange) {
    self.includesAll = includesAll
    self.items = items
    self.predicate = predicate
    self.range = range
  }
}
