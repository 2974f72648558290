// The direction in which an edge is followed from a node.

/// How an edge is followed from the node at hand.
public enum Direction: UInt8, Sendable, Hashable, CaseIterable {
  /// Along the arrow: from its start to its end.
  case outgoing
  /// Against the arrow.
  case incoming
  /// Either way; a self-loop is met once.
  case both
}
