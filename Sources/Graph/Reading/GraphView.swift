// The graph at one snapshot: everything a reader can ask. A view lives inside the closure that it
// is lent to and is passed down as `borrowing`; nobody keeps one (the compiler sees to it). It must
// never write.
//
// AS OF T is a bound on identities, then ends at or before T, then versions up to T. Calls that a
// vectorised reader makes often fill arrays that the caller owns and reuses. What each can throw is
// "store damaged" alone.

package import Base
import Store

/// The graph as it was right after one transaction.
package struct GraphView: ~Copyable, ~Escapable {
  /// The transaction after which the graph is read.
  package let snapshot: TransactionNumber
  /// One past the largest node identity at the snapshot: the size for arrays indexed by node.
  package let nodeLimit: UInt64
  /// One past the largest edge identity at the snapshot.
  package let edgeLimit: UInt64
  /// When the snapshot's transaction was committed.
  package let committedAt: Timestamp

  let reading: Reading
  let head: Head
  let catalogue: Catalogue

  /// A view at `transaction`, or at the head for `nil`.
  @_lifetime(copy reading)
  init(
    _ reading: Reading, _ head: Head, _ catalogue: Catalogue, at transaction: TransactionNumber?
  ) throws {
    self.reading = reading
    self.head = head
    self.catalogue = catalogue
    if let transaction, transaction < head.transaction {
      snapshot = transaction
      if transaction == .zero {
        nodeLimit = 0
        edgeLimit = 0
        committedAt = Timestamp(microsecondsSinceEpoch: .min)
      } else {
        let bounds = try TransactionBounds(reading, transaction)
        guard bounds.nodeLimit <= head.nodeLimit, bounds.edgeLimit <= head.edgeLimit else {
          throw StemmaError.damaged("meta", "bounds are above those of the present")
        }
        nodeLimit = bounds.nodeLimit
        edgeLimit = bounds.edgeLimit
        committedAt = bounds.committedAt
      }
    } else {
      snapshot = head.transaction
      nodeLimit = head.nodeLimit
      edgeLimit = head.edgeLimit
      committedAt = head.committedAt
    }
  }

  // MARK: Names

  /// The symbol of a label, edge type or property name; `nil` where the log never used it.
  package func symbol(for name: Text) throws -> Symbol? { catalogue.symbols[name] }

  /// The name that a symbol stands for.
  package func name(of symbol: Symbol) throws -> Text {
    guard Int(symbol.rawValue) < catalogue.names.count else {
      throw StemmaError.damaged("symbols", "symbol \(symbol.rawValue) has no name")
    }
    return catalogue.names[Int(symbol.rawValue)]
  }

  /// How many symbols there are: their numbers are below it.
  package var symbolCount: Int { catalogue.names.count }

  /// The schema that was in force at the snapshot, if there was one.
  package func schema() throws -> GraphType? {
    if snapshot >= head.schemaTransaction { return catalogue.schema?.type }
    return try SchemaRecord.newest(reading, at: snapshot)
  }

  // MARK: Ends and versions

  /// Whether a node or an edge whose row says that it ended had done so at the snapshot.
  func hasEnded(_ kind: UInt8, _ identity: UInt64) throws -> Bool {
    let key = VersionKind.key(kind, identity)
    guard let row = try reading.get(.versions, key.bytes), row.byteCount == 8 else {
      throw StemmaError.damaged("versions", "an end is missing")
    }
    return row.big64(0) <= snapshot.rawValue
  }

  /// Calls `body` with the newest version at or before the snapshot; false where there is none.
  func withVersion(
    _ kind: UInt8, _ identity: UInt64, _ name: Symbol, _ body: (RawSpan) throws -> Void
  ) throws -> Bool {
    let key = VersionKind.key(kind, identity, name, snapshot)
    var cursor = try reading.cursor(.versions)
    guard try cursor.seek(key.bytes), cursor.keyStarts(with: key.prefix(VersionKind.prefixBytes))
    else { return false }
    try body(cursor.value)
    return true
  }
}
