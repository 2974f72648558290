// Bitmaps: gathered over a group and written once, since many changes meet in few
// rows.

import Base
import Store

/// One bitmap of one range.
struct BitmapName: Hashable, Comparable {
  var what: UInt8
  var symbol: UInt32
  var range: UInt64

  static func < (left: BitmapName, right: BitmapName) -> Bool {
    (left.what, left.symbol, left.range) < (right.what, right.symbol, right.range)
  }
}

/// A bitmap under construction.
struct Bitmap {
  var bytes: [UInt8]
  /// Whether the store has other bytes, or none.
  var isChanged = false
}

extension Projector {
  /// Sets the bit of a member, and the one that says to look closer.
  func mark(
    _ what: UInt8, _ symbol: Symbol, _ identity: UInt64, closer: Bool = false,
    _ store: borrowing WriteTransaction
  ) throws {
    let name = BitmapName(
      what: what, symbol: symbol.rawValue, range: identity >> MemberBitmap.rangeShift)
    let place = try loadBitmap(name, store)
    let bit = Int(identity & MemberBitmap.rangeMask)
    bitmaps.values[place].set(bit)
    if closer { bitmaps.values[place].setCloser(bit) }
  }

  /// Sets the bits of many members of one range; `bits` are as a bitmap has them.
  func mark(
    _ name: BitmapName, _ bits: [UInt8], _ store: borrowing WriteTransaction
  ) throws {
    bitmaps.values[try loadBitmap(name, store)].add(bits)
  }

  private func loadBitmap(
    _ name: BitmapName, _ store: borrowing WriteTransaction
  ) throws -> Bitmaps.Index {
    if let place = bitmaps.index(forKey: name) { return place }
    let key = MemberBitmap.key(name.what, Symbol(name.symbol), range: name.range)
    let known = try copy(.labels, key, store)
    if let known { try MemberBitmap.check(known.span.bytes) }
    bitmaps[name] = Bitmap(bytes: known ?? [UInt8](repeating: 0, count: MemberBitmap.bytes))
    return bitmaps.index(forKey: name)!
  }

  /// Writes the bitmaps that changed since the last flush, and forgets all where they are many.
  func flushBitmaps(_ store: inout WriteTransaction) throws {
    let changed = bitmaps.indices.filter { bitmaps.values[$0].isChanged }
    for place in changed.sorted(by: { bitmaps.keys[$0] < bitmaps.keys[$1] }) {
      let name = bitmaps.keys[place]
      let key = MemberBitmap.key(name.what, Symbol(name.symbol), range: name.range)
      try store.put(.labels, key, bitmaps.values[place].bytes)
      bitmaps.values[place].isChanged = false
    }
    if bitmaps.count > KeptProjection.rowsAtMost { bitmaps.removeAll(keepingCapacity: true) }
  }
}

extension Bitmap {
  mutating func set(_ bit: Int) {
    isChanged = true
    bytes[bit >> 3] |= 1 << UInt8(bit & 7)
  }

  mutating func add(_ bits: [UInt8]) {
    isChanged = true
    for index in bits.indices { bytes[index] |= bits[index] }
  }

  mutating func setCloser(_ bit: Int) {
    isChanged = true
    if bytes.count == MemberBitmap.bytes {
      bytes.append(contentsOf: [UInt8](repeating: 0, count: MemberBitmap.bytes))
    }
    bytes[MemberBitmap.bytes + (bit >> 3)] |= 1 << UInt8(bit & 7)
  }
}
