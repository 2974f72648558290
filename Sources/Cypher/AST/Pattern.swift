// Patterns of openCypher 9 and the path patterns of GQL (ISO/IEC 39075:2024, 16.3 to 16.11).

package import Base

/// One comma-separated part of a pattern:
/// `[variable =] [selector] [mode] element element ...` or `shortestPath(...)`.
package struct PathPattern: Hashable, Sendable {
  package var variable: Name?
  package var selector: PathSelector?
  package var mode: PathMode?
  /// `shortestPath(...)` or `allShortestPaths(...)` around the elements.
  package var function: ShortestPathFunction?
  /// Nodes and relationships alternate; a group stands between two nodes or beside another group.
  package var elements: [PathElement]
  package var range: SourceRange

  package init(
    variable: Name?, selector: PathSelector?, mode: PathMode?, function: ShortestPathFunction?,
    elements: [PathElement], range: SourceRange
  ) {
    self.variable = variable
    self.selector = selector
    self.mode = mode
    self.function = function
    self.elements = elements
    self.range = range
  }
}

/// openCypher's own form of a shortest path.
package enum ShortestPathFunction: Hashable, Sendable {
  case shortestPath
  case allShortestPaths
}

/// GQL's choice among the paths between each pair of ends.
package enum PathSelector: Hashable, Sendable {
  /// `ALL`: every path, the default.
  case all
  /// `ANY` or `ANY k`.
  case any(count: Int)
  /// `ANY SHORTEST` is `shortest(count: 1)`; `SHORTEST k` any k of the shortest.
  case shortest(count: Int)
  /// `ALL SHORTEST`.
  case allShortest
  /// `SHORTEST k GROUPS`: all paths of the k smallest lengths.
  case shortestGroups(count: Int)
}

/// What a path may repeat. Cypher's default is `trail` over the whole MATCH.
package enum PathMode: Hashable, Sendable {
  /// Anything.
  case walk
  /// No relationship twice.
  case trail
  /// No node twice.
  case acyclic
  /// No node twice, but the first and last may be the same.
  case simple
}

/// A node, a relationship or a parenthesised part of a path.
package indirect enum PathElement: Hashable, Sendable {
  case node(NodePattern)
  case relationship(RelationshipPattern)
  case group(GroupPattern)
}

extension PathElement {
  package var range: SourceRange {
    switch self {
    case .node(let node): node.range
    case .relationship(let relationship): relationship.range
    case .group(let group): group.range
    }
  }
}

/// `(variable:Label {properties} WHERE predicate)`.
package struct NodePattern: Hashable, Sendable {
  package var variable: Name?
  package var labels: LabelExpression?
  /// A map literal or a parameter.
  package var properties: Expression?
  package var predicate: Expression?
  package var range: SourceRange

  package init(
    variable: Name?, labels: LabelExpression?, properties: Expression?, predicate: Expression?,
    range: SourceRange
  ) {
    self.variable = variable
    self.labels = labels
    self.properties = properties
    self.predicate = predicate
    self.range = range
  }
}

/// `-[variable:TYPE|OTHER*1..3 {properties} WHERE predicate]->{2,5}`.
package struct RelationshipPattern: Hashable, Sendable {
  package var variable: Name?
  package var direction: Direction
  /// `<-[...]->`: means either way when matching, and is refused when creating.
  package var hasBothArrows: Bool
  /// Alternatives; empty for any type.
  package var types: [Name]
  /// openCypher's `*1..3` inside the brackets.
  package var length: LengthRange?
  /// GQL's `+`, `*`, `{2,5}` after the arrow.
  package var quantifier: LengthRange?
  package var properties: Expression?
  package var predicate: Expression?
  package var range: SourceRange

  package init(
    variable: Name?, direction: Direction, hasBothArrows: Bool, types: [Name],
    length: LengthRange?, quantifier: LengthRange?, properties: Expression?,
    predicate: Expression?, range: SourceRange
  ) {
    self.variable = variable
    self.direction = direction
    self.hasBothArrows = hasBothArrows
    self.types = types
    self.length = length
    self.quantifier = quantifier
    self.properties = properties
    self.predicate = predicate
    self.range = range
  }
}

/// `((a)-[e]->(b) WHERE predicate){2,5}`.
package struct GroupPattern: Hashable, Sendable {
  /// `(p = (a)-[e]->(b))`.
  package var variable: Name?
  package var mode: PathMode?
  package var elements: [PathElement]
  package var predicate: Expression?
  package var quantifier: LengthRange?
  package var range: SourceRange

  package init(
    variable: Name?, mode: PathMode?, elements: [PathElement], predicate: Expression?,
    quantifier: LengthRange?, range: SourceRange
  ) {
    self.variable = variable
    self.mode = mode
    self.elements = elements
    self.predicate = predicate
    self.quantifier = quantifier
    self.range = range
  }
}

/// How many repetitions: bounds are inclusive, `nil` where none is written.
package struct LengthRange: Hashable, Sendable {
  package var minimum: Int?
  package var maximum: Int?
  package var range: SourceRange

  package init(minimum: Int?, maximum: Int?, range: SourceRange) {
    self.minimum = minimum
    self.maximum = maximum
    self.range = range
  }
}

/// Labels of a node: `:A:B` and `A&B` are conjunctions; GQL adds `|`, `!` and `%`.
package indirect enum LabelExpression: Hashable, Sendable {
  case label(Name)
  case and([LabelExpression])
  case or([LabelExpression])
  case not(LabelExpression)
  /// `%`: any label at all.
  case any
}
