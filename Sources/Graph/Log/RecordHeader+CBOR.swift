// The header's bytes: a CBOR map with small numbers as keys, in their order, absent where there is
// nothing to say. docs/store-format.md has the table.

package import Base

extension RecordHeader {
  private enum Field {
    static let format: UInt64 = 0
    static let store: UInt64 = 1
    static let transaction: UInt64 = 2
    static let committedAt: UInt64 = 3
    static let actor: UInt64 = 4
    static let onBehalfOf: UInt64 = 5
    static let reason: UInt64 = 6
    static let requestID: UInt64 = 7
    static let toolVersion: UInt64 = 8
    static let queryHash: UInt64 = 9
    static let parametersHash: UInt64 = 10
    static let schemaHash: UInt64 = 11
    static let operationCount: UInt64 = 12
    static let operationsRoot: UInt64 = 13
  }

  /// The deterministic bytes; the Merkle leaf is over exactly these.
  package var bytes: [UInt8] {
    let optional = [onBehalfOf != nil, queryHash != nil, parametersHash != nil, schemaHash != nil]
    var writer = CBORWriter()
    writer.reserve(320)
    writer.map(10 + optional.count(where: { $0 }))
    writer.unsigned(Field.format)
    writer.unsigned(format)
    writer.unsigned(Field.store)
    writer.byteString(store)
    writer.unsigned(Field.transaction)
    writer.unsigned(transaction.rawValue)
    writer.unsigned(Field.committedAt)
    writer.integer(committedAt.rawValue)
    writer.unsigned(Field.actor)
    writer.text(actor)
    if let onBehalfOf {
      writer.unsigned(Field.onBehalfOf)
      writer.text(onBehalfOf)
    }
    writer.unsigned(Field.reason)
    writer.text(reason)
    writer.unsigned(Field.requestID)
    writer.byteString(requestID.bytes)
    writer.unsigned(Field.toolVersion)
    writer.text(toolVersion)
    for (field, hash) in [
      (Field.queryHash, queryHash), (Field.parametersHash, parametersHash),
      (Field.schemaHash, schemaHash),
    ] {
      guard let hash else { continue }
      writer.unsigned(field)
      writer.digest(hash)
    }
    writer.unsigned(Field.operationCount)
    writer.unsigned(UInt64(operationCount))
    writer.unsigned(Field.operationsRoot)
    writer.digest(operationsRoot)
    return writer.bytes
  }

  /// Reads a header; refuses bytes that `bytes` would not have written.
  package init(bytes: [UInt8]) throws(CBORError) {
    guard bytes.count < Self.limitBytes else { throw CBORError(.outOfRange, at: 0) }
    var fields = FieldReader(reader: CBORReader(bytes))
    fields.remaining = try fields.reader.map()
    try fields.require(Field.format)
    let format = try fields.reader.unsigned()
    guard format == Self.newestFormat else { throw CBORError(.unexpected, at: 0) }
    try fields.require(Field.store)
    let store = try fields.bytes(of: 16)
    try fields.require(Field.transaction)
    let transaction = TransactionNumber(try fields.reader.unsigned())
    try fields.require(Field.committedAt)
    let committedAt = Timestamp(microsecondsSinceEpoch: try fields.reader.integer())
    try fields.require(Field.actor)
    let actor = try fields.reader.text()
    let onBehalfOf = try fields.has(Field.onBehalfOf) ? try fields.reader.text() : nil
    try fields.require(Field.reason)
    let reason = try fields.reader.text()
    try fields.require(Field.requestID)
    let requestID = RequestID(bytes: try fields.bytes(of: 16))!
    try fields.require(Field.toolVersion)
    self.init(
      store: store, transaction: transaction, committedAt: committedAt, actor: actor,
      onBehalfOf: onBehalfOf, reason: reason, requestID: requestID,
      toolVersion: try fields.reader.text())
    if try fields.has(Field.queryHash) { queryHash = try fields.reader.digest() }
    if try fields.has(Field.parametersHash) { parametersHash = try fields.reader.digest() }
    if try fields.has(Field.schemaHash) { schemaHash = try fields.reader.digest() }
    try fields.require(Field.operationCount)
    operationCount = try fields.reader.integer(in: 0...Int.max)
    try fields.require(Field.operationsRoot)
    operationsRoot = try fields.reader.digest()
    guard fields.remaining == 0 else { throw CBORError(.unexpected, at: fields.reader.offset) }
    try fields.reader.finish()
  }
}

/// Reads the keys of a map whose order is known.
private struct FieldReader {
  var reader: CBORReader
  var remaining = 0

  mutating func require(_ field: UInt64) throws(CBORError) {
    let offset = reader.offset
    guard try has(field) else { throw CBORError(.unexpected, at: offset) }
  }

  /// Whether the next key is this one; reads it if so. Keys here are below 24, hence one byte.
  mutating func has(_ field: UInt64) throws(CBORError) -> Bool {
    guard remaining > 0, reader.initialByte == UInt8(field) else { return false }
    remaining -= 1
    return try reader.unsigned() == field
  }

  mutating func bytes(of count: Int) throws(CBORError) -> [UInt8] {
    let offset = reader.offset
    let bytes = try reader.byteString()
    guard bytes.count == count else { throw CBORError(.outOfRange, at: offset) }
    return bytes
  }
}

extension RequestID {
  /// The sixteen bytes, most significant first.
  package var bytes: [UInt8] {
    [high, low].flatMap { half in
      (0..<8).map { UInt8(truncatingIfNeeded: half >> UInt64(56 - 8 * $0)) }
    }
  }

  /// From sixteen bytes; `nil` otherwise.
  package init?(bytes: [UInt8]) {
    guard bytes.count == 16 else { return nil }
    self.init(
      high: bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) },
      low: bytes[8...].reduce(0) { $0 << 8 | UInt64($1) })
  }
}
