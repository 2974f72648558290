// The labels, types and compared properties that a query mentions: those whose statistics the
// planner will ask for.

package import Base
import Cypher

/// Names in the patterns of a query.
package struct PatternNames: Hashable, Sendable {
  /// A property of nodes with a label.
  package struct LabelledProperty: Hashable, Sendable {
    package var label: Text
    package var property: Text

    package init(label: Text, property: Text) {
      self.label = label
      self.property = property
    }
  }

  package private(set) var labels: Set<Text> = []
  package private(set) var types: Set<Text> = []
  /// Properties that are less or greater than some value that the text has.
  package private(set) var compared: Set<LabelledProperty> = []

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
        for node in match.pattern.nodes { collect(match.predicates, on: node) }
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

  private mutating func collect(_ predicates: [BoundExpression], on node: BoundNode) {
    if node.labels.isEmpty { return }
    for predicate in predicates {
      guard let constraint = PropertyConstraint(predicate, on: node.slot, bound: []),
        constraint.comparison != .equal, constraint.literal != nil
      else { continue }
      for label in node.labels {
        compared.insert(LabelledProperty(label: label, property: constraint.property))
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
