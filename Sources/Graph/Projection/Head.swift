// Counters and limits of the whole store: one row of `meta`, read at the start of every snapshot
// and written at the end of every transaction. And the bounds of each past transaction.

import Base
import Store

/// What the store has come to after its last transaction.
struct Head: Hashable, Sendable {
  var transaction = TransactionNumber.zero
  var committedAt = Timestamp(microsecondsSinceEpoch: .min)
  /// One past the largest identity of a node, and of an edge.
  var nodeLimit: UInt64 = 0
  var edgeLimit: UInt64 = 0
  /// How many nodes and edges have ended; zero lets readers skip every check.
  var endedNodes: UInt64 = 0
  var endedEdges: UInt64 = 0
  var symbolCount: UInt32 = 0
  /// Index numbers handed out so far.
  var indexCount: UInt32 = 0
  /// Types that some edge has or had.
  var edgeTypeCount: UInt32 = 0
  /// The last transaction that changed the schema or an index.
  var schemaTransaction = TransactionNumber.zero
  /// Nodes and edges below these are in columns; the others have rows.
  var sealedNodes: UInt64 = 0
  var sealedEdges: UInt64 = 0
  /// Sealed ranges with a row of changes; zero lets readers skip every check.
  var changedNodeRanges: UInt32 = 0
  var changedEdgeRanges: UInt32 = 0
  var layout: GraphLayout

  private static let byteCount = 93

  init(layout: GraphLayout) { self.layout = layout }

  /// Reads the head; an empty store has none, and gets `layout`.
  init(_ reading: Reading, layout: GraphLayout = .standard) throws {
    self.layout = layout
    guard let row = try reading.get(.meta, MetaKey.head.bytes) else { return }
    guard row.byteCount == Self.byteCount else {
      throw StemmaError.damaged("meta", "the head has the wrong length")
    }
    transaction = TransactionNumber(row.little64(0))
    committedAt = Timestamp(microsecondsSinceEpoch: Int64(bitPattern: row.little64(8)))
    nodeLimit = row.little64(16)
    edgeLimit = row.little64(24)
    endedNodes = row.little64(32)
    endedEdges = row.little64(40)
    symbolCount = row.little32(48)
    indexCount = row.little32(52)
    schemaTransaction = TransactionNumber(row.little64(56))
    edgeTypeCount = row.little32(64)
    sealedNodes = row.little64(68)
    sealedEdges = row.little64(76)
    changedNodeRanges = row.little32(84)
    changedEdgeRanges = row.little32(88)
    let shift = UInt64(row.byte(92))
    guard GraphLayout.shifts.contains(shift) else {
      throw StemmaError.damaged("meta", "the head names an impossible layout")
    }
    self.layout = GraphLayout(rangeShift: shift)
    try check(reading)
  }

  /// Identities are dense, so the tables say whether the limits can be right. Readers size arrays
  /// by them.
  private func check(_ reading: Reading) throws {
    guard sealedNodes <= nodeLimit, sealedEdges <= edgeLimit, nodeLimit <= NodeID.limit,
      edgeLimit <= EdgeID.limit,
      try RowBlock.entries(nodeLimit - sealedNodes).contains(UInt64(reading.count(.nodes))),
      try RowBlock.entries(edgeLimit - sealedEdges).contains(UInt64(reading.count(.edges))),
      try UInt64(reading.count(.log)) == transaction.rawValue,
      try reading.count(.symbols) == Int(symbolCount)
    else { throw StemmaError.damaged("meta", "the head does not fit the tables") }
  }

  var bytes: [UInt8] {
    var row: [UInt8] = []
    row.reserveCapacity(Self.byteCount)
    row.appendLittle(transaction.rawValue, bytes: 8)
    row.appendLittle(UInt64(bitPattern: committedAt.rawValue), bytes: 8)
    row.appendLittle(nodeLimit, bytes: 8)
    row.appendLittle(edgeLimit, bytes: 8)
    row.appendLittle(endedNodes, bytes: 8)
    row.appendLittle(endedEdges, bytes: 8)
    row.appendLittle(UInt64(symbolCount), bytes: 4)
    row.appendLittle(UInt64(indexCount), bytes: 4)
    row.appendLittle(schemaTransaction.rawValue, bytes: 8)
    row.appendLittle(UInt64(edgeTypeCount), bytes: 4)
    row.appendLittle(sealedNodes, bytes: 8)
    row.appendLittle(sealedEdges, bytes: 8)
    row.appendLittle(UInt64(changedNodeRanges), bytes: 4)
    row.appendLittle(UInt64(changedEdgeRanges), bytes: 4)
    row.append(UInt8(layout.rangeShift))
    return row
  }
}

/// What the identities were limited to right after a transaction: AS OF is first of all this bound.
struct TransactionBounds: Hashable, Sendable {
  var nodeLimit: UInt64
  var edgeLimit: UInt64
  var committedAt: Timestamp

  init(_ head: Head) {
    nodeLimit = head.nodeLimit
    edgeLimit = head.edgeLimit
    committedAt = head.committedAt
  }

  init(_ reading: Reading, _ transaction: TransactionNumber) throws {
    guard let row = try reading.get(.meta, MetaKey.bounds(transaction).bytes) else {
      throw StemmaError.damaged("meta", "transaction \(transaction.rawValue) has no bounds")
    }
    guard row.byteCount == 18 else {
      throw StemmaError.damaged("meta", "bounds have the wrong length")
    }
    nodeLimit = row.identity(0)
    edgeLimit = row.identity(5)
    committedAt = Timestamp(microsecondsSinceEpoch: Int64(bitPattern: row.little64(10)))
  }

  var bytes: [UInt8] {
    var row: [UInt8] = []
    row.appendIdentity(nodeLimit)
    row.appendIdentity(edgeLimit)
    row.appendLittle(UInt64(bitPattern: committedAt.rawValue), bytes: 8)
    return row
  }
}
