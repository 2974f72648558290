// A path as Cypher returns it: nodes and the edges between them, alternating.

/// A walk through the graph: `nodes.count == edges.count + 1`.
public struct Path: Sendable, Hashable {
  public var nodes: [NodeID]
  public var edges: [EdgeID]

  public init(nodes: [NodeID], edges: [EdgeID]) {
    precondition(nodes.count == edges.count + 1, "a path has one node more than it has edges")
    self.nodes = nodes
    self.edges = edges
  }
}
