// The entries of ordered indexes:
//
//   key:    index (2 bytes below 2^15, else 4 with the first bit set) | value of each property
//           | node (5 bytes)
//   value:  LEB128 numbers: 2 * from, plus 1 where some value is cut | end | from | end ...
//
// An entry holds from one transaction until before another, or for good where the last end is
// missing; it may come back. Values are in the ordered encoding. One that is longer than its share
// of the limit is cut and hashed: who reads such an entry looks at the node again.

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
    if index < 0x8000 {
      key.appendBig(UInt64(index), bytes: 2)
    } else {
      key.appendBig32(index | 0x8000_0000)
    }
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
  static func entry(_ index: UInt32, _ values: IndexValues, _ node: NodeID) -> [UInt8] {
    var key = prefix(index)
    key.append(contentsOf: values.bytes)
    key.appendIdentity(node.rawValue)
    return key
  }
}

/// When an entry of an index holds.
struct IndexEntry {
  var isCut: Bool
  /// Whether it holds at the snapshot asked for.
  var holds: Bool

  /// Reads the value of an entry.
  @inline(__always)
  init(_ value: RawSpan, at snapshot: TransactionNumber) throws {
    var offset = 0
    let first = try value.variable(&offset)
    isCut = first & 1 != 0
    holds = first >> 1 <= snapshot.rawValue
    if offset < value.byteCount { try readOn(value, offset, snapshot) }
  }

  private mutating func readOn(
    _ value: RawSpan, _ start: Int, _ snapshot: TransactionNumber
  ) throws {
    var offset = start
    var isFrom = false
    while offset < value.byteCount {
      if try value.variable(&offset) <= snapshot.rawValue { holds = isFrom }
      isFrom.toggle()
    }
  }
}
