// How an operation that is not yet in the log names the node or edge it is about.

public import Base

/// A node named by an operation: one that exists, or one made earlier in the same transaction.
public enum NodeReference: Sendable, Hashable {
  case id(NodeID)
  /// A key such as `P42`; resolved when the transaction is prepared.
  case key(Text)
  /// The n-th node created in this transaction, from 0.
  case new(Int)
}

/// An edge named by an operation.
public enum EdgeReference: Sendable, Hashable {
  case id(EdgeID)
  /// The n-th edge created in this transaction, from 0.
  case new(Int)
}

/// A node or an edge.
public enum EntityReference: Sendable, Hashable {
  case node(NodeReference)
  case edge(EdgeReference)
}
