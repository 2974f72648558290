// A transaction under way whose operations are applied as they come. It lives inside the closure
// of `Graph.write`; nobody keeps one.

package import Base
import Store

/// A transaction that reads what it writes.
package struct GraphTransaction: ~Copyable {
  /// The number that the transaction will have in the log.
  package var number: TransactionNumber { projector.head.transaction }
  /// The nodes and edges created so far.
  package private(set) var createdNodes: [NodeID] = []
  package private(set) var createdEdges: [EdgeID] = []
  private(set) var createdKeys: [Text?] = []

  private var store: WriteTransaction
  let projector: Projector
  let preparation: Preparation

  init(_ store: consuming WriteTransaction, _ projector: Projector) {
    self.store = store
    self.projector = projector
    preparation = Preparation(projector)
  }

  /// Whether anything was changed so far.
  package var hasChanges: Bool { !preparation.changes.isEmpty }

  /// Lends the graph with everything applied so far.
  package mutating func read<Result>(
    _ body: (borrowing GraphView) throws -> Result
  ) throws -> Result {
    try projector.flushChanges(&store)
    return try projector.read(store, body)
  }

  /// Lends the graph to who reads properties only: entries of indexes, neighbours, members of
  /// labels and statistics of what was applied may not be there yet.
  package mutating func readProperties<Result>(
    _ body: (borrowing GraphView) throws -> Result
  ) throws -> Result {
    try projector.flushRows(&store)
    return try projector.read(store, body)
  }

  /// Lends the graph to who needs nothing of what was applied.
  package func readWithoutChanges<Result>(
    _ body: (borrowing GraphView) throws -> Result
  ) throws -> Result { try projector.read(store, body) }

  /// Whether nodes with one of these labels have keys.
  package func hasKeys(_ labels: [Text]) -> Bool {
    guard let prefixes = projector.schema?.keyPrefixes else { return false }
    return labels.contains { prefixes[$0] != nil }
  }

  /// Applies one operation. What it would violate at once (unknown kinds, wrong types, missing
  /// entities) throws here and changes nothing; required properties, edges of deleted nodes and
  /// unique values are checked at the end of the transaction.
  @discardableResult
  package mutating func apply(_ operation: Operation) throws -> AppliedOperation {
    let before = preparation.changes.count
    // What creates looks at nothing that was created before but through `preparation`.
    if !operation.isCreation || projector.holdsManyRows { try projector.flushRows(&store) }
    let applied: AppliedOperation
    do {
      let view = try GraphView(
        store.reading, projector.head, projector.currentCatalogue, at: nil)
      applied = try preparation.prepare(operation, view)
    }
    for index in before..<preparation.changes.count {
      try projector.apply(preparation.changes[index], &store)
    }
    if let node = applied.node {
      createdNodes.append(node)
      createdKeys.append(applied.key)
    }
    if let edge = applied.edge { createdEdges.append(edge) }
    return applied
  }

  /// The checks that only the whole transaction can answer.
  mutating func finish() throws {
    try projector.flushChanges(&store)
    let view = try GraphView(store.reading, projector.head, projector.currentCatalogue, at: nil)
    try preparation.finish(view)
  }

  /// Ends the use of the transaction and hands back the store's.
  consuming func giveBack() -> WriteTransaction { store }
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
  /// Whether the graph is any different from before: `false` for example for a label that the node
  /// had already.
  package var changedAnything = true

  package init() {}
}
