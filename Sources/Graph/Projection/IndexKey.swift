// The keys of ordered indexes:
//
//   key:    index (4 bytes) | value of each property | node (5 bytes) | from transaction (8 bytes)
//   value:  end transaction or 0 (8 bytes, little-endian) | 1 where the values are abridged, else 0
//
// A value is one byte for its class, then bytes that sort as the values of the class do; none is
// the beginning of another. Texts over the limit are abridged to their beginning and a hash, values
// of classes without an order of bytes to a hash: who reads such an entry looks at the node again.

import Base

/// The encoded values of one entry.
struct IndexValues: Hashable {
  var bytes: [UInt8]
  /// Whether some value is abridged.
  var isAbridged: Bool
}

/// Encodes keys of ordered indexes.
enum IndexKey {
  /// The bytes of a text that an index of one property keeps; shared among its properties.
  static let textBytes = 400

  enum Class {
    static let dateTime: UInt8 = 0x10
    static let localDateTime: UInt8 = 0x11
    static let date: UInt8 = 0x12
    static let time: UInt8 = 0x13
    static let localTime: UInt8 = 0x14
    static let hashed: UInt8 = 0x15
    static let string: UInt8 = 0x16
    static let boolean: UInt8 = 0x17
    static let number: UInt8 = 0x18
    static let notANumber: UInt8 = 0x19
  }

  static func prefix(_ index: UInt32) -> [UInt8] {
    var key: [UInt8] = []
    key.reserveCapacity(64)
    key.appendBig32(index)
    return key
  }

  /// The values of an index for a node with these properties; `nil` where one is missing.
  static func values(
    _ index: IndexRecord, _ properties: [(name: Symbol, value: Value)]
  ) throws -> IndexValues? {
    var result = IndexValues(bytes: [], isAbridged: false)
    for name in index.properties {
      guard let found = properties.first(where: { $0.name == name }), !found.value.isNull else {
        return nil
      }
      if encode(found.value, into: &result.bytes, limit: textBytes / index.properties.count) {
        result.isAbridged = true
      }
    }
    return result
  }

  /// How many bytes the first value takes.
  static func lengthOfFirst(_ bytes: [UInt8]) throws -> Int {
    guard let tag = bytes.first else { return 0 }
    switch tag {
    case Class.string:
      var at = 1
      while at + 1 < bytes.count {
        if bytes[at] != 0 {
          at += 1
        } else if bytes[at + 1] == 255 {
          at += 2
        } else {
          return bytes[at + 1] == 2 ? at + 10 : at + 2
        }
      }
      throw StemmaError.damaged("indexes", "a text in a key does not end")
    case Class.number: return 11
    case Class.boolean: return 2
    case Class.localDateTime: return 17
    case Class.dateTime: return 13
    case Class.hashed, Class.notANumber: return 1
    default: return 9
    }
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

  /// Appends a value that is not null; says whether it had to be abridged.
  static func encode(_ value: Value, into key: inout [UInt8], limit: Int) -> Bool {
    switch value {
    case .string(let text):
      key.append(Class.string)
      return encode(text, into: &key, limit: limit)
    case .integer(let number):
      let nearest = Double(number)
      let back = nearest == 0x1p63 ? Int64.min : Int64(nearest)
      encode(number: nearest, residue: number &- back, into: &key)
    case .float(let number) where number.isNaN: key.append(Class.notANumber)
    case .float(let number): encode(number: number, residue: 0, into: &key)
    case .boolean(let flag): key.append(contentsOf: [Class.boolean, flag ? 1 : 0])
    case .date(let date): whole(Class.date, date.daysSinceEpoch, into: &key)
    case .localTime(let time): whole(Class.localTime, time.nanosecondsOfDay, into: &key)
    case .time(let time):
      let offset = Int64(time.offsetSeconds) &* 1_000_000_000
      whole(Class.time, time.local.nanosecondsOfDay &- offset, into: &key)
    case .localDateTime(let moment):
      whole(Class.localDateTime, moment.date.daysSinceEpoch, into: &key)
      key.appendBig64(UInt64(bitPattern: moment.time.nanosecondsOfDay))
    case .dateTime(let moment):
      whole(Class.dateTime, moment.secondsSinceEpoch, into: &key)
      key.appendBig32(UInt32(bitPattern: moment.nanosecondsOfSecond))
    default:
      // Equal values may differ in representation here, so the class alone is the key.
      key.append(Class.hashed)
      return true
    }
    return false
  }

  /// The nearest double, then how far the integer lies from it: integers and floats compare
  /// exactly, beyond 2^53 too.
  private static func encode(number: Double, residue: Int64, into key: inout [UInt8]) {
    key.append(Class.number)
    let bits = (number == 0 ? 0.0 : number).bitPattern
    key.appendBig64(bits >> 63 == 0 ? bits | (1 << 63) : ~bits)
    key.appendBig(UInt64(UInt16(truncatingIfNeeded: residue + 0x8000)), bytes: 2)
  }

  private static func whole(_ tag: UInt8, _ number: Int64, into key: inout [UInt8]) {
    key.append(tag)
    key.appendBig64(UInt64(bitPattern: number) ^ (1 << 63))
  }

  /// Bytes with 0 written as 0 255, closed by 0 1; or abridged, closed by 0 2 and a hash.
  private static func encode(_ text: Text, into key: inout [UInt8], limit: Int) -> Bool {
    var taken = 0
    for byte in text.string.utf8 {
      let size = byte == 0 ? 2 : 1
      if taken + size > limit {
        key.append(contentsOf: [0, 2])
        key.appendBig64(hash(text))
        return true
      }
      key.append(byte)
      if byte == 0 { key.append(255) }
      taken += size
    }
    key.append(contentsOf: [0, 1])
    return false
  }

  /// Fowler, Noll and Vo's hash (FNV-1a, 64 bits): spreads, does not protect.
  private static func hash(_ text: Text) -> UInt64 {
    var result: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.string.utf8 { result = (result ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return result
  }
}
