// The log as readers see it: single records up to the snapshot, and what of the graph is still as
// its record has it.

package import Base
import Store

extension GraphView {
  /// The record of a transaction; `nil` for zero and for what lies after the snapshot. One look-up
  /// and a decoding.
  package func record(of transaction: TransactionNumber) throws -> LogRecord? {
    guard transaction > .zero, transaction <= snapshot else { return nil }
    guard let row = try reading.get(.log, LogWriter.logKey(transaction).bytes) else {
      throw StemmaError.damaged("log", "\(transaction.rawValue) is missing")
    }
    do {
      return try LogRecord(bytes: [UInt8](copying: row))
    } catch {
      throw StemmaError.damaged("log", "\(transaction.rawValue) is no record")
    }
  }

  /// The stored bytes of a record up to the snapshot.
  @_lifetime(copy self)
  private func row(of transaction: TransactionNumber) throws -> RawSpan {
    guard transaction > .zero, transaction <= snapshot,
      let row = try reading.get(.log, LogWriter.logKey(transaction).bytes)
    else { throw StemmaError.damaged("log", "\(transaction.rawValue) is missing") }
    return row
  }

  /// How long the record of a transaction is as stored. One look-up.
  package func recordByteCount(of transaction: TransactionNumber) throws -> Int {
    try row(of: transaction).byteCount
  }

  /// The record of a transaction as auditors get it. One look-up and a walk over its bytes.
  package func transcript(of transaction: TransactionNumber) throws -> RecordTranscript {
    try RecordTranscript(try row(of: transaction))
  }

  /// The header of a record: the leaf of the log's tree is over exactly these bytes. One look-up.
  package func headerBytes(of transaction: TransactionNumber) throws -> [UInt8] {
    let row = try row(of: transaction)
    var walk = CBORWalk(offset: 0)
    _ = try walk.head(row)
    let count = try walk.advance(try walk.head(row).argument, row)
    return [UInt8](copying: row.extracting(walk.offset - count..<walk.offset))
  }

  /// Whether a node has never been changed or deleted, so that it is what its record created.
  package func isAsCreated(_ node: NodeID) throws -> Bool {
    guard node.rawValue < nodeLimit else { return false }
    return try flags(of: node) == 0
  }

  /// The same of an edge.
  package func isAsCreated(_ edge: EdgeID) throws -> Bool {
    guard edge.rawValue < edgeLimit else { return false }
    return try flags(of: edge) == 0
  }
}
