// A query: single queries joined by UNION, each a row of clauses.

/// One or more single queries with the same columns.
package struct Query: Hashable, Sendable {
  package enum Union: Hashable, Sendable {
    case distinct
    case all
  }

  /// At least one.
  package var branches: [SingleQuery]
  /// One less than branches: how each further branch is joined.
  package var unions: [Union]
  package var range: SourceRange

  package init(branches: [SingleQuery], unions: [Union], range: SourceRange) {
    self.branches = branches
    self.unions = unions
    self.range = range
  }
}

/// Clauses in the order in which they are written.
package struct SingleQuery: Hashable, Sendable {
  package var clauses: [Clause]
  package var range: SourceRange

  package init(clauses: [Clause], range: SourceRange) {
    self.clauses = clauses
    self.range = range
  }
}
