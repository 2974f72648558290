// How projections read numbers out of rows in place. Every read is checked against the row's
// length, since a damaged row must become an error and never a trap.

import Base

extension StemmaError {
  /// The error for bytes that contradict themselves.
  static func damaged(_ table: String, _ what: String) -> StemmaError {
    StemmaError(
      .storeDamaged, "the store is damaged: \(what)", at: .record(table: table, key: ""),
      advice: "run `stemma verify`")
  }
}

extension RawSpan {
  /// The byte at an offset that the caller has checked.
  @inline(__always)
  func byte(_ offset: Int) -> UInt8 { unsafeLoad(fromByteOffset: offset, as: UInt8.self) }

  @inline(__always)
  func little64(_ offset: Int) -> UInt64 {
    UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inline(__always)
  func little16(_ offset: Int) -> UInt16 {
    UInt16(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  @inline(__always)
  func little32(_ offset: Int) -> UInt32 {
    UInt32(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  @inline(__always)
  func big64(_ offset: Int) -> UInt64 {
    UInt64(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inline(__always)
  func big32(_ offset: Int) -> UInt32 {
    UInt32(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// An identity in five bytes, the most significant first, at an offset that was checked.
  @inline(__always)
  func identity(_ offset: Int) -> UInt64 {
    UInt64(byte(offset)) << 32 | UInt64(big32(offset + 1))
  }

  /// An unsigned LEB128 number; moves `offset` past it.
  @inline(__always)
  func variable(_ offset: inout Int) throws -> UInt64 {
    guard offset < byteCount else { throw StemmaError.damaged("rows", "a row ends early") }
    let first = byte(offset)
    offset += 1
    if first < 0x80 { return UInt64(first) }
    return try longVariable(UInt64(first & 0x7F), &offset)
  }

  private func longVariable(_ start: UInt64, _ offset: inout Int) throws -> UInt64 {
    var result = start
    var shift: UInt64 = 7
    while offset < byteCount, shift < 64 {
      let next = byte(offset)
      offset += 1
      result |= UInt64(next & 0x7F) << shift
      if next < 0x80 { return result }
      shift += 7
    }
    throw StemmaError.damaged("rows", "a number in a row does not end")
  }

  /// A length or count that must fit into what is left of the row.
  @inline(__always)
  func length(_ offset: inout Int) throws -> Int {
    let value = try variable(&offset)
    guard value <= UInt64(byteCount) else {
      throw StemmaError.damaged("rows", "a length in a row is larger than the row")
    }
    return Int(value)
  }

  /// Throws unless `count` bytes follow at `offset`.
  @inline(__always)
  func require(_ count: Int, at offset: Int) throws {
    guard count >= 0, offset >= 0, byteCount - offset >= count else {
      throw StemmaError.damaged("rows", "a row ends early")
    }
  }
}

extension [UInt8] {
  mutating func appendBig64(_ value: UInt64) { appendBig(value, bytes: 8) }
  mutating func appendBig32(_ value: UInt32) { appendBig(UInt64(value), bytes: 4) }
  mutating func appendIdentity(_ value: UInt64) { appendBig(value, bytes: 5) }

  mutating func appendBig(_ value: UInt64, bytes: Int) {
    for index in stride(from: bytes - 1, through: 0, by: -1) {
      append(UInt8(truncatingIfNeeded: value >> UInt64(index * 8)))
    }
  }

  mutating func appendLittle(_ value: UInt64, bytes: Int) {
    for index in 0..<bytes { append(UInt8(truncatingIfNeeded: value >> UInt64(index * 8))) }
  }

  /// An unsigned LEB128 number.
  mutating func appendVariable(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  mutating func append(_ text: Text) { append(contentsOf: text.string.utf8) }
}
