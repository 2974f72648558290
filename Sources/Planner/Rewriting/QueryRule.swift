// Rules over the clauses of a query, before patterns are planned: the same question asked in other
// words is to become the same pattern.

import Base

/// A rewrite of queries that never changes answers.
package protocol QueryRule: Sendable {
  /// As shown by EXPLAIN: `merge-matches`.
  var name: String { get }
  /// The rewritten clauses of one branch, or `nil` where the rule has nothing to do.
  func apply(to clauses: [BoundClause]) -> [BoundClause]?
}

/// The rules in the order in which they are applied.
package enum QueryRules {
  package static let all: [any QueryRule] = [
    UnreadListsRule(), PushPredicatesRule(), MergeMatchesRule(),
  ]
}

extension QueryRule {
  /// The query with every branch rewritten; `nil` where nothing changed.
  func apply(to query: BoundQuery) -> BoundQuery? {
    var result = query
    var isChanged = false
    for index in query.branches.indices {
      guard let clauses = apply(to: query.branches[index].clauses) else { continue }
      result.branches[index].clauses = clauses
      isChanged = true
    }
    return isChanged ? result : nil
  }
}
