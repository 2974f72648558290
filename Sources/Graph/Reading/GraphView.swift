// The graph at one snapshot: everything a reader can ask. A view lives inside the closure that it is
// lent to and is passed down as `borrowing`; nobody keeps one. It must never write.
//
// Calls that a vectorised reader makes often fill arrays that the caller owns and reuses.

package import Base

/// The graph as it was right after one transaction.
package struct GraphView: ~Copyable {
  /// The transaction after which the graph is read.
  package let snapshot: TransactionNumber

  init(snapshot: TransactionNumber) { self.snapshot = snapshot }

  // MARK: Names

  /// The symbol of a label, edge type or property name; `nil` where the log never used it.
  package func symbol(for name: Text) throws -> Symbol? { throw notBuilt }

  /// The name that a symbol stands for.
  package func name(of symbol: Symbol) throws -> Text { throw notBuilt }

  /// The schema in force, if there is one.
  package func schema() throws -> GraphType? { throw notBuilt }

  // MARK: Nodes

  /// Whether the node exists at the snapshot.
  package func exists(_ node: NodeID) throws -> Bool { throw notBuilt }

  /// The labels of a node in the order of their symbols; empty where it does not exist.
  package func labels(of node: NodeID) throws -> [Symbol] { throw notBuilt }

  package func hasLabel(_ label: Symbol, _ node: NodeID) throws -> Bool { throw notBuilt }

  /// The node with a key such as `P42`, where it exists at the snapshot. One look-up.
  package func node(key: Text) throws -> NodeID? { throw notBuilt }

  /// The transaction that created a node; `nil` where it does not exist at the snapshot.
  package func creation(of node: NodeID) throws -> TransactionNumber? { throw notBuilt }

  /// Appends to `nodes` up to `limit` nodes with `label` (any node where it is `nil`), in the order
  /// of their identities, and moves `position`, which says when the scan has met its end.
  package func scanNodes(
    label: Symbol?, after position: inout ScanPosition, into nodes: inout [NodeID], limit: Int
  ) throws { throw notBuilt }

  // MARK: Properties

  /// A property of a node, `.null` where there is none. One look-up for a property that never
  /// changed since the node was created.
  package func property(_ name: Symbol, of node: NodeID) throws -> Value { throw notBuilt }

  /// Appends one value for each node, `.null` where it has none.
  package func gather(
    _ name: Symbol, of nodes: Span<NodeID>, into values: inout [Value]
  ) throws { throw notBuilt }

  /// All properties of a node in the order of their symbols.
  package func properties(of node: NodeID) throws -> [(name: Symbol, value: Value)] {
    throw notBuilt
  }

  // MARK: Edges

  /// The type and the ends of an edge; `nil` where it does not exist at the snapshot.
  package func edge(_ edge: EdgeID) throws -> EdgeEnds? { throw notBuilt }

  package func property(_ name: Symbol, of edge: EdgeID) throws -> Value { throw notBuilt }

  /// Appends one value for each edge, `.null` where it has none.
  package func gather(
    _ name: Symbol, of edges: Span<EdgeID>, into values: inout [Value]
  ) throws { throw notBuilt }

  /// All properties of an edge in the order of their symbols.
  package func properties(of edge: EdgeID) throws -> [(name: Symbol, value: Value)] {
    throw notBuilt
  }

  /// The transaction that created an edge; `nil` where it does not exist at the snapshot.
  package func creation(of edge: EdgeID) throws -> TransactionNumber? { throw notBuilt }

  /// Appends to `edges` up to `limit` edges of `type` (any edge where it is `nil`) in the order of
  /// their identities, and moves `position`.
  package func scanEdges(
    type: Symbol?, after position: inout ScanPosition, into edges: inout [EdgeEnds], limit: Int
  ) throws { throw notBuilt }

  // MARK: Adjacency

  /// Appends the edges of `node` in `direction` whose type is in `types` (all where it is empty).
  /// Per type and direction they come in the order of their identities. One seek, then sequential
  /// reads; a self-loop is met once with `.both`.
  package func expand(
    _ node: NodeID, _ direction: Direction, types: [Symbol], into edges: inout [AdjacentEdge]
  ) throws { throw notBuilt }

  /// How many edges `expand` would append.
  package func degree(_ node: NodeID, _ direction: Direction, types: [Symbol]) throws -> Int {
    throw notBuilt
  }

  // MARK: Ordered indexes

  /// The ordered indexes in force, by their numbers.
  package func indexes() throws -> [GraphIndex] { throw notBuilt }

  /// Appends up to `limit` nodes whose first properties equal `prefix` and whose next property lies
  /// in `range`, in the order of the index (or its reverse), and moves `position`.
  ///
  /// Nodes are met only where they have every property of the index. Strings over 400 bytes are
  /// indexed by prefix and hash, so their order beyond 400 bytes is not that of the bytes.
  package func seek(
    _ index: GraphIndex, prefix: [Value], range: IndexRange?, isDescending: Bool,
    after position: inout IndexPosition, into nodes: inout [NodeID], limit: Int
  ) throws { throw notBuilt }

  // MARK: Statistics (of the present, whatever the snapshot)

  /// How many nodes have a label now (all nodes for `nil`).
  package func nodeCount(label: Symbol?) throws -> Int { throw notBuilt }

  /// How many edges of a type there are now (all edges for `nil`).
  package func edgeCount(type: Symbol?) throws -> Int { throw notBuilt }

  /// One past the largest node identity at the snapshot: the size for arrays indexed by node.
  package var nodeLimit: UInt64 { 0 }

  /// One past the largest edge identity at the snapshot.
  package var edgeLimit: UInt64 { 0 }
}

let notBuilt = StemmaError(.queryNotSupported, "this part of the graph is not built yet")
