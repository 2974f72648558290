// Walks over CBOR that nobody vouches for yet: finds where items end and refuses what is not
// well-formed, so that everything after it may take the form for granted.

import Base

/// A position in the bytes of records.
struct PlainCursor {
  struct Malformed: Error {
    var offset: Int
  }

  /// The bytes are fine as far as they go, and end too early.
  struct Truncated: Error {}

  let bytes: [UInt8]
  var offset: Int

  /// More than any record of ours nests.
  private static let depthLimit = 80

  /// The major type and the argument of the next head, which must be as short as it can be.
  mutating func head() throws -> (major: UInt8, argument: UInt64) {
    guard offset < bytes.count else { throw Truncated() }
    let major = bytes[offset] >> 5
    let low = bytes[offset] & 31
    if low < 24 {
      offset += 1
      return (major, UInt64(low))
    }
    guard low < 28 else { throw Malformed(offset: offset) }
    let width = 1 << Int(low - 24)
    guard bytes.count - offset > width else { throw Truncated() }
    var argument: UInt64 = 0
    for index in 1...width { argument = argument << 8 | UInt64(bytes[offset + index]) }
    let least: [UInt64] = [24, 1 << 8, 1 << 16, 1 << 32]
    guard major == 7 || argument >= least[Int(low - 24)] else { throw Malformed(offset: offset) }
    offset += 1 + width
    return (major, argument)
  }

  /// The number of items of an array.
  mutating func array() throws -> Int {
    let start = offset
    let (major, argument) = try head()
    guard major == 4 else { throw Malformed(offset: start) }
    return Int(clamping: argument)
  }

  mutating func unsigned() throws -> UInt64 {
    let start = offset
    let (major, argument) = try head()
    guard major == 0 else { throw Malformed(offset: start) }
    return argument
  }

  /// The bytes of a byte string or, with major type 3, of a text.
  mutating func string(major wanted: UInt8 = 2) throws -> ArraySlice<UInt8> {
    let start = offset
    let (major, argument) = try head()
    guard major == wanted else { throw Malformed(offset: start) }
    guard argument <= UInt64(bytes.count - offset) else { throw Truncated() }
    defer { offset += Int(argument) }
    return bytes[offset..<offset + Int(argument)]
  }

  mutating func text() throws -> Text {
    let start = offset
    guard let text = Text(validatingUTF8: try string(major: 3)) else {
      throw Malformed(offset: start)
    }
    return text
  }

  /// Moves behind one well-formed item; names in maps are texts.
  mutating func skip(depth: Int = 0) throws {
    let start = offset
    guard depth < Self.depthLimit else { throw Malformed(offset: start) }
    guard offset < bytes.count else { throw Truncated() }
    switch bytes[offset] >> 5 {
    case 2: _ = try string()
    case 3: _ = try text()
    case 4:
      for _ in 0..<(try array()) { try skip(depth: depth + 1) }
    case 5:
      let pairs = try head().argument
      for _ in 0..<pairs {
        _ = try text()
        try skip(depth: depth + 1)
      }
    case 6:
      _ = try head()
      try skip(depth: depth + 1)
    case 7:
      let first = bytes[offset]
      _ = try head()
      guard (0xF4...0xF6).contains(first) || (0xF9...0xFB).contains(first) else {
        throw Malformed(offset: start)
      }
    default: _ = try head()
    }
  }
}
