// A transaction under way whose operations are applied as they come. It lives inside the closure
// of `Graph.write`; nobody keeps one.

package import Base

/// A transaction that reads what it writes.
package struct GraphTransaction: ~Copyable {
  /// The number that the transaction will have in the log.
  package let number: TransactionNumber

  /// Lends the graph with everything applied so far.
  package borrowing func read<Result>(
    _ body: (borrowing GraphView) throws -> Result
  ) throws -> Result { throw notBuilt }

  /// Applies one operation. What it would violate at once (unknown kinds, wrong types, missing
  /// entities) throws here; required properties are checked at the end of the transaction.
  package mutating func apply(_ operation: Operation) throws -> AppliedOperation {
    throw notBuilt
  }
}

/// What an operation came to.
package struct AppliedOperation: Hashable, Sendable {
  /// The node that was created.
  package var node: NodeID?
  /// The edge that was created.
  package var edge: EdgeID?
  /// The key of the node that was created.
  package var key: Text?
  /// Edges that were deleted together with their node.
  package var detachedEdges: [EdgeID] = []
  /// Whether the graph is any different from before, for example `false` for a label that the
  /// node had already.
  package var changedAnything = true

  package init() {}
}
