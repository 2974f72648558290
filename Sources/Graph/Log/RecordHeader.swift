// The header of a record: who did what kind of thing when, and the root of the operations. Its
// bytes are the leaf of the log's Merkle tree, so they are all that an auditor needs to place a
// record.

package import Base

/// The header of a log record.
package struct RecordHeader: Sendable, Hashable {
  /// Headers stay below this, so that tiles and proofs can carry them whole.
  package static let limitBytes = 4096
  package static let actorLimitBytes = 256
  package static let reasonLimitBytes = 2048
  package static let toolVersionLimitBytes = 128
  /// The newest form of records that this program knows.
  package static let newestFormat: UInt64 = 2

  package var format: UInt64 = RecordHeader.newestFormat
  /// Sixteen bytes: records of one store are worth nothing in another.
  package var store: [UInt8]
  package var transaction: TransactionNumber
  /// Strictly above that of the record before.
  package var committedAt: Timestamp
  package var actor: Text
  package var onBehalfOf: Text?
  package var reason: Text
  package var requestID: RequestID
  package var toolVersion: Text
  /// SHA-256 of the query's text and of its parameters, for writes made by Cypher.
  package var queryHash: Digest?
  package var parametersHash: Digest?
  /// SHA-256 of the text of the schema in force when the operations were checked.
  package var schemaHash: Digest?
  /// These two are set when the record is made.
  package var operationCount = 0
  package var operationsRoot = MerkleTree.root([])

  package init(
    store: [UInt8], transaction: TransactionNumber, committedAt: Timestamp, actor: Text,
    onBehalfOf: Text? = nil, reason: Text, requestID: RequestID, toolVersion: Text,
    queryHash: Digest? = nil, parametersHash: Digest? = nil, schemaHash: Digest? = nil
  ) {
    precondition(store.count == 16, "a store's identity has sixteen bytes")
    self.store = store
    self.transaction = transaction
    self.committedAt = committedAt
    self.actor = actor
    self.onBehalfOf = onBehalfOf
    self.reason = reason
    self.requestID = requestID
    self.toolVersion = toolVersion
    self.queryHash = queryHash
    self.parametersHash = parametersHash
    self.schemaHash = schemaHash
  }

  /// Throws where a text is longer than a header has room for.
  package func checkLimits() throws(StemmaError) {
    let texts: [(name: String, text: Text?, limit: Int)] = [
      ("actor", actor, Self.actorLimitBytes), ("on behalf of", onBehalfOf, Self.actorLimitBytes),
      ("reason", reason, Self.reasonLimitBytes),
      ("tool version", toolVersion, Self.toolVersionLimitBytes),
    ]
    for (name, text, limit) in texts where (text?.utf8Count ?? 0) > limit {
      throw StemmaError(
        .writeRejected, "the transaction's \(name) is longer than \(limit) bytes",
        advice: "shorten it; long texts belong into properties")
    }
  }
}
