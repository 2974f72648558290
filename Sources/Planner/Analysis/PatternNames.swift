// The labels and types that a query mentions: those whose statistics the planner will ask for.

package import Base

/// Names in the patterns of a query.
package struct PatternNames: Hashable, Sendable {
  package private(set) var labels: Set<Text> = []
  package private(set) var types: Set<Text> = []

  /// All names in a query, its subqueries included.
  package init(_ query: BoundQuery) { collect(query) }

  private mutating func collect(_ query: BoundQuery) {
    for branch in query.branches { collect(branch.clauses) }
  }

  private mutating func collect(_ clauses: [BoundClause]) {
    for clause in clauses {
      switch clause {
      case .match(let match):
        collect(match.pattern)
        collect(match.predicates)
      case .merge(let merge):
        collect(merge.pattern)
        collect(merge.expressions)
      case .project(let projection): collect(projection.expressions)
      case .unwind(let unwind): collect([unwind.list])
      case .call(let call): collect(call.arguments + call.predicates)
      case .forEach(let loop):
        collect([loop.list])
        collect(loop.clauses)
      default: collect(clause.updateExpressions)
      }
    }
  }

  private mutating func collect(_ pattern: BoundPattern) {
    for node in pattern.nodes { labels.formUnion(node.labels) }
    for connection in pattern.connections {
      switch connection.kind {
      case .relationship(let edge): types.formUnion(edge.types)
      case .group(let group): collect(group.pattern)
      }
    }
    collect(pattern.expressions)
  }

  private mutating func collect(_ expressions: [BoundExpression]) {
    for subquery in expressions.flatMap(\.subqueries) { collect(subquery.query) }
  }
}
