// Which nodes have a label, which edges have a type, which nodes have ended: one bit per identity,
// in ranges of 2,048.
//
//   key:    what (1 byte) | symbol (4 bytes) | range (4 bytes)
//   value:  256 bytes of members, then 256 bytes of "look closer" where any bit of it is set
//
// A member bit says "had it at some time". A "look closer" bit says that the label came or went
// after the creation of the node, or that it ended, so that its row decides for a snapshot.

import Base

/// The layout of membership bitmaps, in the table `labels`.
enum MemberBitmap {
  static let label: UInt8 = 0
  static let edgeType: UInt8 = 1
  static let endedNodes: UInt8 = 2

  static let rangeShift: UInt64 = 11
  static let rangeSize: UInt64 = 1 << rangeShift
  static let rangeMask: UInt64 = rangeSize - 1
  static let bytes = Int(rangeSize) / 8
  /// The bytes of the key before the range.
  static let prefixBytes = 5

  static func key(_ what: UInt8, _ symbol: Symbol, range: UInt64) -> KeyBuffer {
    var key = KeyBuffer()
    key.add(what)
    key.add32(symbol.rawValue)
    key.add32(UInt32(truncatingIfNeeded: range))
    return key
  }

  static func check(_ value: RawSpan) throws {
    guard value.byteCount == bytes || value.byteCount == bytes * 2 else {
      throw StemmaError.damaged("labels", "a bitmap has the wrong length")
    }
  }

  /// Whether a bit is set in a bitmap that was checked; `closer` asks the second half.
  @inline(__always)
  static func isSet(_ value: RawSpan, _ bit: Int, closer: Bool = false) -> Bool {
    let offset = bit >> 3 + (closer ? bytes : 0)
    guard offset < value.byteCount else { return false }
    return (value.byte(offset) >> UInt8(bit & 7)) & 1 != 0
  }
}
