// What following an edge yields. Plain bits, so that arrays of them are filled without counting
// references.

package import Base

/// One edge as met from one of its ends.
package struct AdjacentEdge: BitwiseCopyable, Hashable, Sendable {
  /// The node at the other end; the node itself for a self-loop.
  package var neighbour: NodeID
  package var edge: EdgeID
  package var type: Symbol
  /// Whether the edge was followed along its arrow. A self-loop met with `.both` says `true`.
  package var isOutgoing: Bool

  @inlinable
  package init(neighbour: NodeID, edge: EdgeID, type: Symbol, isOutgoing: Bool) {
    self.neighbour = neighbour
    self.edge = edge
    self.type = type
    self.isOutgoing = isOutgoing
  }
}

/// An edge with both ends, as a scan yields it.
package struct EdgeEnds: BitwiseCopyable, Hashable, Sendable {
  package var edge: EdgeID
  package var type: Symbol
  package var from: NodeID
  package var to: NodeID

  @inlinable
  package init(edge: EdgeID, type: Symbol, from: NodeID, to: NodeID) {
    self.edge = edge
    self.type = type
    self.from = from
    self.to = to
  }
}
