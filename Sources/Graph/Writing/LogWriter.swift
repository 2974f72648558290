// Appends records to the log and their leaves to its Merkle tree:
//
//   log:     transaction (8 bytes, big-endian) -> the record
//   merkle:  position (8 bytes, big-endian) -> the root of a complete subtree
//
// Positions count leaves and subtrees in the order in which they become complete, so that both
// tables only ever grow at their end. Transaction n is leaf n - 1. The tree's right edge is found
// from these.

package import Base
package import Store

/// Writes the log within one write transaction of the store.
package final class LogWriter {
  /// What the log says made the records.
  static let toolVersion: Text = "stemma 0.1"

  private let storeIdentity: [UInt8]
  private(set) var frontier: MerkleFrontier
  /// The leaf of the last record, where it was appended or looked at here.
  private(set) var lastLeaf: Digest?

  init(_ reading: Reading, storeIdentity: [UInt8], transactions: UInt64) throws {
    self.storeIdentity = storeIdentity
    frontier = try Self.frontier(reading, size: transactions)
  }

  /// Goes on where `kept` ends; `nil` where the log of the store is another one.
  init?(_ reading: Reading, storeIdentity: [UInt8], transactions: UInt64, _ kept: KeptProjection)
    throws
  {
    guard transactions > 0, kept.frontier.size == transactions else { return nil }
    let key = Self.treeKey(level: 0, index: transactions - 1)
    guard let row = try reading.get(.merkle, key.bytes), Digest(row) == kept.lastLeaf else {
      return nil
    }
    self.storeIdentity = storeIdentity
    frontier = kept.frontier
    lastLeaf = kept.lastLeaf
  }

  static func logKey(_ transaction: TransactionNumber) -> KeyBuffer {
    var key = KeyBuffer()
    key.add64(transaction.rawValue)
    return key
  }

  /// The key of the subtree number `index` of 2^level leaves.
  static func treeKey(level: UInt8, index: UInt64) -> KeyBuffer {
    let last = (index + 1) << UInt64(level) - 1
    var key = KeyBuffer()
    key.add64(2 * last - UInt64(last.nonzeroBitCount) + UInt64(level))
    return key
  }

  /// The right edge of a tree with `size` leaves.
  static func frontier(_ reading: Reading, size: UInt64) throws -> MerkleFrontier {
    var peaks: [Digest] = []
    for level in stride(from: 63, through: 0, by: -1) where size >> UInt64(level) & 1 == 1 {
      let index = (size >> UInt64(level)) - 1
      let key = treeKey(level: UInt8(level), index: index)
      guard let row = try reading.get(.merkle, key.bytes),
        let digest = Digest(row)
      else { throw StemmaError.damaged("merkle", "a node of the tree is missing") }
      peaks.append(digest)
    }
    guard let frontier = MerkleFrontier(size: size, peaks: peaks) else {
      throw StemmaError.damaged("merkle", "the tree does not fit the log")
    }
    return frontier
  }

  /// The beginning of the record of a transaction; throws where the request's texts are too long.
  func draft(
    _ request: TransactionRequest, _ transaction: TransactionNumber, at time: Timestamp,
    schema: CompiledSchema?, _ surroundings: Surroundings
  ) throws -> RecordDraft {
    for hash in [request.queryHash, request.parametersHash] {
      guard hash == nil || hash!.count == Digest.byteCount else {
        throw StemmaError(.writeRejected, "a hash in a request has \(Digest.byteCount) bytes")
      }
    }
    let header = RecordHeader(
      store: storeIdentity, transaction: transaction, committedAt: time, actor: request.actor,
      onBehalfOf: request.onBehalfOf, reason: request.reason, requestID: request.requestID,
      toolVersion: Self.toolVersion, queryHash: request.queryHash.flatMap { Digest(bytes: $0) },
      parametersHash: request.parametersHash.flatMap { Digest(bytes: $0) },
      schemaHash: schema?.sourceHash)
    var secret: [UInt8] = []
    for _ in 0..<Commitment.secretBytes / 8 { secret.appendBig64(surroundings.random()) }
    try header.checkLimits()
    return RecordDraft(header: header, secret: secret)
  }

  /// Appends a record and its leaf.
  func append(
    _ record: LogRecord, _ bytes: [UInt8], _ store: inout WriteTransaction
  ) throws {
    try append(record.header.transaction, record.leaf, bytes, &store)
  }

  /// Appends the bytes of a record and its leaf.
  func append(
    _ transaction: TransactionNumber, _ leaf: Digest, _ bytes: [UInt8],
    _ store: inout WriteTransaction
  ) throws {
    try store.append(.log, Self.logKey(transaction), bytes)
    try Self.extend(&frontier, by: leaf, &store)
    lastLeaf = leaf
  }

  /// Adds a leaf to the tree in the store.
  package static func extend(
    _ frontier: inout MerkleFrontier, by leaf: Digest, _ store: inout WriteTransaction
  ) throws {
    let index = frontier.size
    try store.append(.merkle, treeKey(level: 0, index: index), leaf.bytes)
    var level: UInt8 = 0
    for root in frontier.append(leaf) {
      level += 1
      try store.append(
        .merkle, treeKey(level: level, index: index >> UInt64(level)), root.bytes)
    }
  }
}

/// A record without its operations.
struct RecordDraft: Sendable {
  var header: RecordHeader
  var secret: [UInt8]

  /// The record with its operations, and its bytes.
  func record(_ operations: [LoggedOperation]) throws -> (LogRecord, [UInt8]) {
    let record = try LogRecord(header: header, secret: secret, operations: operations)
    return (record, record.bytes)
  }
}
