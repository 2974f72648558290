// The audit trail as readers see it, the nodes of the log's tree, and which transactions made an
// entity what it is: everything that a proof is built from.

package import Base
import Store

extension GraphView {
  /// The entries of one kind up to the snapshot, in the order of the log, with the transactions
  /// that wrote them.
  package func trail(
    _ kind: TrailEntry.Kind
  ) throws -> [(transaction: TransactionNumber, entry: TrailEntry)] {
    var found: [(transaction: TransactionNumber, entry: TrailEntry)] = []
    let prefix = MetaKey.trail(kind)
    var cursor = try reading.cursor(.meta)
    var isThere = try cursor.seek(prefix.bytes)
    while isThere, cursor.keyStarts(with: prefix.bytes) {
      let (transaction, entry) = try Self.trailEntry(cursor.key, cursor.value)
      if transaction <= snapshot { found.append((transaction, entry)) }
      isThere = try cursor.next()
    }
    return found
  }

  /// The last entry of a kind up to the snapshot. One look-up.
  package func lastTrailEntry(
    _ kind: TrailEntry.Kind
  ) throws -> (transaction: TransactionNumber, entry: TrailEntry)? {
    let end = MetaKey.trail(kind, TransactionNumber(snapshot.rawValue + 1), 0)
    let prefix = MetaKey.trail(kind)
    var cursor = try reading.cursor(.meta)
    guard try cursor.seekBelow(end.bytes), cursor.keyStarts(with: prefix.bytes) else { return nil }
    return try Self.trailEntry(cursor.key, cursor.value)
  }

  private static func trailEntry(
    _ key: RawSpan, _ value: RawSpan
  ) throws -> (transaction: TransactionNumber, entry: TrailEntry) {
    var reader = CBORReader([UInt8](copying: value))
    do throws(CBORError) {
      try reader.array(of: 4)
      let entry = try reader.trailEntry()
      try reader.finish()
      guard key.byteCount == 14 else { throw CBORError(.unexpected, at: 0) }
      return (TransactionNumber(key.big64(2)), entry)
    } catch {
      throw StemmaError.damaged("meta", "an entry of the audit trail cannot be read")
    }
  }

  /// The size of the tree that a named checkpoint is over: the transaction that AS OF means by it.
  package func checkpoint(named name: Text) throws -> TransactionNumber? {
    guard name.utf8Count <= TrailEntry.nameLimitBytes,
      let row = try reading.get(.meta, MetaKey.checkpoint(named: name).span.bytes)
    else { return nil }
    guard row.byteCount == 8 else {
      throw StemmaError.damaged("meta", "a checkpoint's name leads to no transaction")
    }
    return TransactionNumber(row.big64(0))
  }

  // MARK: The tree

  /// The root of a complete subtree of 2^level leaves of the log's tree. One look-up.
  package func treeNode(level: UInt8, index: UInt64) throws -> Digest {
    let key = LogWriter.treeKey(level: level, index: index)
    guard let row = try reading.get(.merkle, key.bytes),
      let digest = Digest(row)
    else { throw StemmaError.damaged("merkle", "a node of the tree is missing") }
    return digest
  }

  // MARK: Versions

  /// The transactions that wrote versions of an entity's properties or labels up to the snapshot,
  /// ascending, without the one that created it; with `name`, those of one property only.
  package func versions(
    of node: NodeID, name: Symbol? = nil
  ) throws -> [TransactionNumber] {
    let properties = try versions(VersionKind.nodeProperty, node.rawValue, name)
    if name != nil { return properties }
    let labels = try versions(VersionKind.nodeLabel, node.rawValue, nil)
    return Set(properties + labels).sorted()
  }

  package func versions(
    of edge: EdgeID, name: Symbol? = nil
  ) throws -> [TransactionNumber] {
    try versions(VersionKind.edgeProperty, edge.rawValue, name)
  }

  private func versions(
    _ kind: UInt8, _ identity: UInt64, _ name: Symbol?
  ) throws -> [TransactionNumber] {
    var found: Set<TransactionNumber> = []
    let prefix = VersionKind.key(kind, identity)
    var cursor = try reading.cursor(.versions)
    var isThere = try cursor.seek(prefix.bytes)
    while isThere, cursor.keyStarts(with: prefix.bytes) {
      guard cursor.key.byteCount == 18 else {
        throw StemmaError.damaged("versions", "a key has the wrong length")
      }
      let transaction = TransactionNumber(~cursor.key.big64(10))
      let isWanted = name.map { $0.rawValue == cursor.key.big32(6) } ?? true
      if isWanted, transaction <= snapshot { found.insert(transaction) }
      isThere = try cursor.next()
    }
    return found.sorted()
  }
}
