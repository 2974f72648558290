// The keys of ordered indexes:
//
//   key:    index (4 bytes) | value of each property | node (5 bytes) | from transaction (8 bytes)
//   value:  end transaction or 0 (8 bytes, little-endian) | 1 where some value is cut, else 0
//
// Values are in the ordered encoding. One that is longer than its share of the limit is cut and
// hashed: who reads such an entry looks at the node again.

import Base

/// The encoded values of one entry.
struct IndexValues: Hashable {
  var bytes: [UInt8] = []
  /// How many bytes the first value takes.
  var firstCount = 0
  /// Whether some value is cut.
  var isCut = false
}

/// Encodes keys of ordered indexes.
enum IndexKey {
  /// The bytes that the values of one entry may take, shared among its properties.
  static let valueBytes = 400

  static func prefix(_ index: UInt32) -> [UInt8] {
    var key: [UInt8] = []
    key.reserveCapacity(64)
    key.appendBig32(index)
    return key
  }

  /// How long each value of an index may be before it is cut.
  static func limit(_ properties: Int) -> Int {
    valueBytes / properties - (properties == 1 ? 0 : OrderedEncoding.hashBytes)
  }

  /// The values of an index for a node with these properties; `nil` where one is missing.
  static func values(
    _ index: IndexRecord, _ properties: [(name: Symbol, value: Value)]
  ) throws -> IndexValues? {
    var result = IndexValues()
    for name in index.properties {
      guard let found = properties.first(where: { $0.name == name }), !found.value.isNull else {
        return nil
      }
      let isCut = OrderedEncoding.append(
        found.value, limitBytes: limit(index.properties.count), to: &result.bytes)
      guard let isCut else { return nil }
      if isCut { result.isCut = true }
      if result.firstCount == 0 { result.firstCount = result.bytes.count }
    }
    return result
  }

  /// The key of an entry.
  static func entry(
    _ index: UInt32, _ values: IndexValues, _ node: NodeID, from: TransactionNumber
  ) -> [UInt8] {
    var key = prefix(index)
    key.append(contentsOf: values.bytes)
    key.appendIdentity(node.rawValue)
    key.appendBig64(from.rawValue)
    return key
  }
}
