// What the planner may know about the data: statistics, indexes and keys. Plans are tested against
// a catalog of numbers, with no database behind it.

package import Base
package import Cypher

/// Statistics, indexes and keys of a graph.
package protocol Catalog {
  /// How many nodes have a label; all nodes for `nil`; zero for a label that was never used.
  func nodeCount(label: Text?) -> Int
  /// How many edges have a type; all edges for `nil`.
  func edgeCount(type: Text?) -> Int
  /// About how many different values a property of nodes with a label has; `nil` where nobody
  /// knows. One over it is the share that an equality keeps.
  func distinctValues(of property: Text, label: Text) -> Int?
  /// How many nodes have an edge of a type that starts at them, or (`incoming`) ends at them; `nil`
  /// where nobody knows. Edges of the type over it is how many those have on average.
  func nodesWithEdges(type: Text, incoming: Bool) -> Int?
  /// Whether no node has more than one edge of a type that starts at it, or (`incoming`) ends at
  /// it, at the snapshot that the plan is for.
  func isSingle(type: Text, incoming: Bool) -> Bool
  /// About which share of the nodes with a label has a value of a property that satisfies all of
  /// some comparisons, the property on their left side; `nil` where nobody knows.
  func share(
    of property: Text, label: Text, satisfying comparisons: [(ComparisonOperator, Value)]
  ) -> Double?
  /// How many elements a parameter has whose list is gone over; `nil` where nobody knows. A plan
  /// is made anew when the number of them moves.
  func listLength(of parameter: Text) -> Int?
  /// Whether the counts of nodes and edges are those of the snapshot that the plan is for, and stay
  /// so while it runs.
  var isExact: Bool { get }
  /// The ordered indexes in force.
  var indexes: [CatalogIndex] { get }
  /// Whether the property `key` of nodes with this label (of any node for `nil`) can be looked up
  /// in the table of keys: each such node that has the property is found there.
  func hasKeys(label: Text?) -> Bool
  /// Whether the schema requires the property on every node with the label.
  func isRequired(property: Text, label: Text) -> Bool
}

extension Catalog {
  package var isExact: Bool { false }
  package func listLength(of parameter: Text) -> Int? { nil }
  package func distinctValues(of property: Text, label: Text) -> Int? { nil }
  package func nodesWithEdges(type: Text, incoming: Bool) -> Int? { nil }
  package func isSingle(type: Text, incoming: Bool) -> Bool { false }
  package func share(
    of property: Text, label: Text, satisfying comparisons: [(ComparisonOperator, Value)]
  ) -> Double? { nil }
}

/// An ordered index as the planner sees it.
package struct CatalogIndex: Sendable, Hashable {
  package var definition: IndexDefinition
  package var entryCount: Int
  package var distinctFirstValues: Int
  /// Whether every node with the label has an entry at the snapshot that the plan is for.
  package var isComplete: Bool

  package init(
    definition: IndexDefinition, entryCount: Int, distinctFirstValues: Int,
    isComplete: Bool = false
  ) {
    self.isComplete = isComplete
    self.definition = definition
    self.entryCount = entryCount
    self.distinctFirstValues = distinctFirstValues
  }
}

/// A catalog of an empty graph.
package struct EmptyCatalog: Catalog {
  package init() {}
  package func nodeCount(label: Text?) -> Int { 0 }
  package func edgeCount(type: Text?) -> Int { 0 }
  package var indexes: [CatalogIndex] { [] }
  package func hasKeys(label: Text?) -> Bool { false }
  package func isRequired(property: Text, label: Text) -> Bool { false }
}
