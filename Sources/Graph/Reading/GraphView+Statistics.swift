// Statistics: of the present, whatever the snapshot is.

package import Base
import Store

/// How much a graph has had by some moment: what statistics of it cannot have outrun.
package struct GraphExtent: Hashable, Sendable {
  private var nodes: UInt64
  private var edges: UInt64
  private var endedNodes: UInt64
  private var endedEdges: UInt64
  private var schemaTransaction: TransactionNumber

  init(_ head: Head) {
    (nodes, edges) = (head.nodeLimit, head.edgeLimit)
    (endedNodes, endedEdges) = (head.endedNodes, head.endedEdges)
    schemaTransaction = head.schemaTransaction
  }

  /// Whether no count is more than a sixteenth from the other's, and the schema is the same.
  package func isNear(_ other: GraphExtent) -> Bool {
    func isNear(_ mine: UInt64, _ theirs: UInt64) -> Bool {
      max(mine, theirs) - min(mine, theirs) <= min(mine, theirs) / 16
    }
    return schemaTransaction == other.schemaTransaction && isNear(nodes, other.nodes)
      && isNear(edges, other.edges) && isNear(endedNodes, other.endedNodes)
      && isNear(endedEdges, other.endedEdges)
  }
}

extension GraphView {
  /// How much the graph has now, whatever the snapshot is.
  package var extent: GraphExtent { GraphExtent(head) }

  /// How many nodes have a label now (all nodes for `nil`).
  package func nodeCount(label: Symbol?) throws -> Int {
    guard let label else { return Int(clamping: head.nodeLimit &- head.endedNodes) }
    return Int(clamping: try NameStatistics.read(label, reading)?.nodes ?? 0)
  }

  /// How many edges of a type there are now (all edges for `nil`).
  package func edgeCount(type: Symbol?) throws -> Int {
    guard let type else { return Int(clamping: head.edgeLimit &- head.endedEdges) }
    return Int(clamping: try NameStatistics.read(type, reading)?.edges ?? 0)
  }

  /// Labels that a node has now, in the order of their symbols.
  package func labelsInUse() throws -> [Symbol] {
    try NameStatistics.all(reading).filter { ($0.counts.nodes ?? 0) > 0 }.map(\.symbol)
  }

  /// Types that an edge has now, in the order of their symbols.
  package func edgeTypesInUse() throws -> [Symbol] {
    try NameStatistics.all(reading).filter { ($0.counts.edges ?? 0) > 0 }.map(\.symbol)
  }

  /// How many nodes have how many edges of a type now, starting at them or (`incoming`) ending at
  /// them. Exact.
  package func degrees(type: Symbol, incoming: Bool) throws -> DegreeDistribution {
    guard let counts = try NameStatistics.read(type, reading) else { return DegreeDistribution() }
    return incoming ? counts.incoming : counts.outgoing
  }

  /// About how many different values of a property nodes had while they had a label; values that
  /// are gone count too. Standard error 3.3 per cent; 1 and 1.0 are two. `nil` where none was.
  package func distinctValues(of property: Symbol, label: Symbol) throws -> Int? {
    try sketch(StatisticKind.nodeValues, label, property)?.estimate
  }

  /// The same of a property of edges of a type.
  package func distinctValues(of property: Symbol, type: Symbol) throws -> Int? {
    try sketch(StatisticKind.edgeValues, type, property)?.estimate
  }

  private func sketch(
    _ kind: UInt8, _ name: Symbol, _ property: Symbol
  ) throws -> DistinctSketch? {
    let key = StatisticKind.key(kind, name, property)
    guard let row = try reading.get(.statistics, key.bytes) else { return nil }
    return try DistinctSketch(row)
  }
}
