// Schemas as the store keeps them, one per transaction that defined one:
//
//   key in `schema`:  1 | transaction (8 bytes)
//   value:            the graph type in CBOR, as the log has it
//
// The log has the schema too; this copy spares an opening store the search for it.

import Base
import Store

/// Reads and writes schemas in the table `schema`.
enum SchemaRecord {
  static let keyPrefix: UInt8 = 1

  static func key(_ transaction: TransactionNumber) -> KeyBuffer {
    var key = KeyBuffer()
    key.add(keyPrefix)
    key.add64(transaction.rawValue)
    return key
  }

  /// The schema in force, if there is one.
  static func newest(_ reading: Reading) throws -> GraphType? {
    var cursor = try reading.cursor(.schema)
    let end = key(.unbounded)
    guard try cursor.seekBelow(end.bytes), cursor.key.byteCount == 9,
      cursor.key.byte(0) == keyPrefix
    else { return nil }
    return try decode(cursor.value)
  }

  /// The schema that was in force after a transaction, if there was one.
  static func newest(_ reading: Reading, at transaction: TransactionNumber) throws -> GraphType? {
    guard transaction < .unbounded else { return try newest(reading) }
    var cursor = try reading.cursor(.schema)
    let end = key(TransactionNumber(transaction.rawValue + 1))
    guard try cursor.seekBelow(end.bytes), cursor.key.byteCount == 9,
      cursor.key.byte(0) == keyPrefix
    else { return nil }
    return try decode(cursor.value)
  }

  static func encode(_ type: GraphType) -> [UInt8] {
    var writer = CBORWriter()
    writer.graphType(type)
    return writer.bytes
  }

  static func decode(_ row: RawSpan) throws -> GraphType {
    do {
      var reader = CBORReader([UInt8](copying: row))
      let type = try reader.graphType()
      try reader.finish()
      return type
    } catch {
      throw StemmaError.damaged("schema", "a schema cannot be read: \(error)")
    }
  }
}
