// Bitmaps and counters: gathered over a group and written once, since many changes meet in few
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
}

/// What is counted.
struct StatisticName: Hashable, Comparable {
  enum Kind: UInt8 {
    case nodes, edges, label, edgeType, indexEntries, indexDistinct
  }

  var kind: Kind
  var number: UInt32

  static func < (left: StatisticName, right: StatisticName) -> Bool {
    (left.kind.rawValue, left.number) < (right.kind.rawValue, right.number)
  }

  var key: KeyBuffer {
    var key = KeyBuffer()
    key.add(kind.rawValue)
    key.add32(number)
    return key
  }

  /// The count that the store holds.
  func value(_ reading: Reading) throws -> Int64 {
    guard let row = try reading.get(.statistics, key.bytes) else { return 0 }
    guard row.byteCount == 8 else {
      throw StemmaError.damaged("statistics", "a count has the wrong length")
    }
    return Int64(bitPattern: row.little64(0))
  }
}

extension Projector {
  /// Sets the bit of a member, and the one that says to look closer.
  func mark(
    _ what: UInt8, _ symbol: Symbol, _ identity: UInt64, closer: Bool = false,
    _ store: borrowing WriteTransaction
  ) throws {
    let name = BitmapName(
      what: what, symbol: symbol.rawValue, range: identity >> MemberBitmap.rangeShift)
    try loadBitmap(name, store)
    let bit = Int(identity & MemberBitmap.rangeMask)
    bitmaps[name]!.set(bit)
    if closer { bitmaps[name]!.setCloser(bit) }
  }

  /// Sets the bits of many members of one range; `bits` are as a bitmap has them.
  func mark(
    _ name: BitmapName, _ bits: [UInt8], _ store: borrowing WriteTransaction
  ) throws {
    try loadBitmap(name, store)
    bitmaps[name]!.add(bits)
  }

  private func loadBitmap(_ name: BitmapName, _ store: borrowing WriteTransaction) throws {
    if bitmaps[name] != nil { return }
    let key = MemberBitmap.key(name.what, Symbol(name.symbol), range: name.range)
    let known = try copy(.labels, key, store)
    if let known { try MemberBitmap.check(known.span.bytes) }
    bitmaps[name] = Bitmap(bytes: known ?? [UInt8](repeating: 0, count: MemberBitmap.bytes))
  }

  /// Writes the bitmaps that were touched since the last flush, and forgets them.
  func flushBitmaps(_ store: inout WriteTransaction) throws {
    for name in bitmaps.keys.sorted() {
      let key = MemberBitmap.key(name.what, Symbol(name.symbol), range: name.range)
      try store.put(.labels, key, bitmaps[name]!.bytes)
    }
    bitmaps.removeAll(keepingCapacity: true)
  }

  func count(_ kind: StatisticName.Kind, _ number: UInt32, _ difference: Int64) {
    counters[StatisticName(kind: kind, number: number), default: 0] += difference
  }

  func flushCounters(_ store: inout WriteTransaction) throws {
    for (name, difference) in counters.sorted(by: { $0.key < $1.key }) {
      let sum = try name.value(store.reading) &+ difference
      row.removeAll(keepingCapacity: true)
      row.appendLittle(UInt64(bitPattern: sum), bytes: 8)
      try store.put(.statistics, name.key, row)
    }
    counters.removeAll(keepingCapacity: true)
  }
}

extension Bitmap {
  mutating func set(_ bit: Int) {
    bytes[bit >> 3] |= 1 << UInt8(bit & 7)
  }

  mutating func add(_ bits: [UInt8]) {
    for index in bits.indices { bytes[index] |= bits[index] }
  }

  mutating func setCloser(_ bit: Int) {
    if bytes.count == MemberBitmap.bytes {
      bytes.append(contentsOf: [UInt8](repeating: 0, count: MemberBitmap.bytes))
    }
    bytes[MemberBitmap.bytes + (bit >> 3)] |= 1 << UInt8(bit & 7)
  }
}
