// How identities are divided into ranges. Full ranges are sealed into columns; the size is a part
// of the store (it is in the head) so that tests can cross many boundaries with few nodes.

import Base

/// The division of identities into ranges.
package struct GraphLayout: Hashable, Sendable {
  /// A range has 2 to this many identities.
  package private(set) var rangeShift: UInt64

  /// What stores have: a column of eight-byte values of a full range is 64 KiB.
  package static let standard = GraphLayout(rangeShift: 13)

  /// For tests, with at least 64 identities per range; at most 65,536.
  package init(rangeShift: UInt64) {
    precondition(Self.shifts.contains(rangeShift), "a range has 2^6 to 2^16 identities")
    self.rangeShift = rangeShift
  }

  static let shifts: ClosedRange<UInt64> = 6...16

  /// Identities per range.
  var rangeSize: Int { 1 << Int(rangeShift) }

  /// The range of an identity.
  @inline(__always)
  func range(of identity: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: identity >> rangeShift) }

  /// The place of an identity within its range.
  @inline(__always)
  func place(of identity: UInt64) -> Int { Int(identity & ((1 << rangeShift) - 1)) }
}

/// The keys of the table `chunks`.
enum ChunkKey {
  static let nodeColumn: UInt8 = 0
  static let edgeColumn: UInt8 = 1
  static let nodeHeads: UInt8 = 2
  static let edgeHeads: UInt8 = 3
  static let nodeChanges: UInt8 = 4
  static let edgeChanges: UInt8 = 5

  /// All of a kind for one range.
  @inline(__always)
  static func key(_ kind: UInt8, _ range: UInt32) -> KeyBuffer {
    var key = KeyBuffer()
    key.add(kind)
    key.add32(range)
    return key
  }

  /// The column of a property.
  @inline(__always)
  static func key(_ kind: UInt8, _ range: UInt32, _ name: Symbol) -> KeyBuffer {
    var key = key(kind, range)
    key.add32(name.rawValue)
    return key
  }
}
