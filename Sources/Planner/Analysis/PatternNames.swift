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
  /// Properties of which the number of different values matters: those that are equal to something,
  /// and those that rows are grouped by.
  package private(set) var equated: Set<LabelledProperty> = []
  /// Properties that are equal, or not, to some value that the text has: how many nodes have that
  /// very value matters where there are few values.
  package private(set) var weighed: Set<LabelledProperty> = []
  /// Parameters whose elements are gone over, in the order of their names.
  package private(set) var lists: [Text] = []
  private var labelled: [Slot: [Text]] = [:]

  /// No names.
  package init() {}

  /// All names in a query, its subqueries included.
  package init(_ query: BoundQuery) {
    collect(query)
    lists = Set(lists).sorted()
  }

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
        for predicate in match.predicates { equateSides(of: predicate) }
      case .merge(let merge):
        collect(merge.pattern)
        collect(merge.expressions)
      case .project(let projection):
        collect(projection.expressions)
        for key in projection.aggregation?.keys ?? [] { equate(key.expression) }
        if projection.isDistinct { for item in projection.items { equate(item.expression) } }
        for predicate in projection.predicates { equateSides(of: predicate) }
      case .unwind(let unwind):
        collect([unwind.list])
        note(list: unwind.list)
      case .call(let call): collect(call.arguments + call.predicates)
      case .forEach(let loop):
        collect([loop.list])
        collect(loop.clauses)
      default: collect(clause.updateExpressions)
      }
    }
  }

  private mutating func equate(_ expression: BoundExpression, weighing: Bool = false) {
    guard case .property(let subject, let property) = expression.kind,
      let slot = subject.plainSlot
    else { return }
    for label in labelled[slot] ?? [] {
      equated.insert(LabelledProperty(label: label, property: property))
      if weighing { weighed.insert(LabelledProperty(label: label, property: property)) }
    }
  }

  private mutating func equateSides(of predicate: BoundExpression) {
    switch predicate.kind {
    case .comparison(.equal, let left, let right), .comparison(.notEqual, let left, let right):
      equate(left, weighing: right.literal != nil)
      equate(right, weighing: left.literal != nil)
    case .isIn(let element, let list):
      equate(element, weighing: list.literalElements != nil)
      note(list: list)
    case .and(let parts), .or(let parts): for part in parts { equateSides(of: part) }
    case .not(let part): equateSides(of: part)
    default: break
    }
  }

  private mutating func note(list: BoundExpression) {
    if case .parameter(let name) = list.kind { lists.append(name) }
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
    for node in pattern.nodes where !node.labels.isEmpty {
      labels.formUnion(node.labels)
      labelled[node.slot, default: []] += node.labels
    }
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
