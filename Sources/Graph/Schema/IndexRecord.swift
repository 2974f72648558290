// The definition of an ordered index as the store keeps it: what it covers, when it was made and
// when it was dropped. Definitions stay for ever, since entries are read AS OF.
//
//   key in `schema`:  2 | number (4 bytes)
//   value:            created (8) | dropped or 0 (8) | unique (1) | label symbol (4) |
//                     number of properties (LEB128) | their symbols (4 each) | name
//
// Numbers with a size are little-endian.

import Base
import Store

/// An ordered index, past or present.
struct IndexRecord: Hashable, Sendable {
  static let keyPrefix: UInt8 = 2

  var number: UInt32
  var definition: IndexDefinition
  var label: Symbol
  var properties: [Symbol]
  var created: TransactionNumber
  /// The transaction that dropped it; `.zero` while it is in force.
  var dropped: TransactionNumber

  var isInForce: Bool { dropped == .zero }

  static func key(_ number: UInt32) -> KeyBuffer {
    var key = KeyBuffer()
    key.add(keyPrefix)
    key.add32(number)
    return key
  }

  var bytes: [UInt8] {
    var row: [UInt8] = []
    row.appendLittle(created.rawValue, bytes: 8)
    row.appendLittle(dropped.rawValue, bytes: 8)
    row.append(definition.isUnique ? 1 : 0)
    row.appendLittle(UInt64(label.rawValue), bytes: 4)
    row.appendVariable(UInt64(properties.count))
    for property in properties { row.appendLittle(UInt64(property.rawValue), bytes: 4) }
    row.append(definition.name)
    return row
  }

  init(
    number: UInt32, definition: IndexDefinition, label: Symbol, properties: [Symbol],
    created: TransactionNumber
  ) {
    self.number = number
    self.definition = definition
    self.label = label
    self.properties = properties
    self.created = created
    dropped = .zero
  }

  init(number: UInt32, _ row: RawSpan, names: [Text]) throws {
    self.number = number
    try row.require(21, at: 0)
    created = TransactionNumber(row.little64(0))
    dropped = TransactionNumber(row.little64(8))
    label = Symbol(row.little32(17))
    var offset = 21
    let count = try row.length(&offset)
    try row.require(count * 4, at: offset)
    properties = []
    for index in 0..<count { properties.append(Symbol(row.little32(offset + index * 4))) }
    offset += count * 4
    guard ([label] + properties).allSatisfy({ Int($0.rawValue) < names.count }) else {
      throw StemmaError.damaged("schema", "an index names an unknown symbol")
    }
    definition = IndexDefinition(
      name: try PropertyCodec.text(row, offset, row.byteCount - offset),
      label: names[Int(label.rawValue)],
      properties: properties.map { names[Int($0.rawValue)] }, isUnique: row.byte(16) != 0)
  }

  /// Every index that was ever made, in the order of their numbers.
  static func all(_ reading: Reading, _ names: [Text]) throws -> [IndexRecord] {
    var records: [IndexRecord] = []
    var cursor = try reading.cursor(.schema)
    let first = key(0)
    var isThere = try cursor.seek(first.bytes)
    while isThere, cursor.key.byteCount == 5, cursor.key.byte(0) == keyPrefix {
      records.append(
        try IndexRecord(number: cursor.key.big32(1), cursor.value, names: names))
      isThere = try cursor.next()
    }
    return records
  }
}
