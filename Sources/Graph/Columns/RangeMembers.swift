// The nodes of one sealed range that a scan is about: those that were created with a label. Columns
// of a property that exactly these nodes have are read rank by rank, with no look at a place.
//
// Where all nodes of a range have the same labels, as after a load of one kind, its heads say so in
// a few bytes; only other ranges are looked up in the bitmaps of the label.

import Base
import Store

/// The members of a range, as bits of its places. Bits of sixteen ranges or so are read at once.
struct RangeMembers: Sendable {
  /// Bits of the nodes from `firstNode` on, and which parts of the bitmap have all of theirs.
  private var words: [UInt64] = []
  private var fullParts: UInt64 = 0
  private var firstNode: UInt64 = 0
  /// The words of the range at hand.
  private var range: Range<Int> = 0..<0
  private(set) var count = 0
  private var size = 0

  /// Ranges from `firstRange` to below `endRange` whose heads were asked: those whose nodes all
  /// have the label, and those whose nodes differ.
  private var firstRange: UInt32 = 0
  private var endRange: UInt32 = 0
  private var whole: UInt64 = 0
  private var mixed: UInt64 = 0

  /// Parts of the bitmap that are read at once.
  private static let parts: UInt64 = 64
  /// Ranges whose heads are asked at once.
  private static let ranges: UInt32 = 64

  /// Whether every place of the range is a member.
  var isWhole: Bool { count == size }

  /// Turns to a range; `nil` means that all of its nodes are members.
  mutating func turn(
    to range: UInt32, of label: Symbol?, _ layout: GraphLayout, _ reading: Reading
  ) throws {
    size = layout.rangeSize
    let start = UInt64(range) << layout.rangeShift
    guard let label else {
      self.range = 0..<0
      count = size
      return
    }
    if range < firstRange || range >= endRange { try askHeads(label, from: range, layout, reading) }
    if (mixed >> (range - firstRange)) & 1 == 0 {
      self.range = 0..<0
      count = (whole >> (range - firstRange)) & 1 == 0 ? 0 : size
      return
    }
    let bits = UInt64(words.count) * 64
    if start < firstNode || start + UInt64(size) > firstNode + bits {
      try load(label, from: start, reading)
    }
    let first = Int(start - firstNode) / 64
    self.range = first..<first + size / 64
    if isFull(start) {
      count = size
      return
    }
    count = 0
    for word in self.range { count += words[word].nonzeroBitCount }
  }

  /// Asks the heads of ranges from `range` on what labels their nodes have.
  private mutating func askHeads(
    _ label: Symbol, from range: UInt32, _ layout: GraphLayout, _ reading: Reading
  ) throws {
    (firstRange, endRange, whole, mixed) = (range, range, 0, 0)
    var cursor = try reading.cursor(.chunks)
    var isThere = try cursor.seek(ChunkKey.key(ChunkKey.nodeHeads, range).bytes)
    while isThere, endRange - range < Self.ranges {
      let key = cursor.key
      guard key.byteCount == 5, key.byte(0) == ChunkKey.nodeHeads, key.big32(1) == endRange
      else { break }
      let bit = UInt64(1) << UInt64(endRange - range)
      switch try NodeHeads(cursor.value, layout).share(label, cursor.value) {
      case true?: whole |= bit
      case false?: break
      case nil: mixed |= bit
      }
      endRange += 1
      isThere = try cursor.next()
    }
    guard endRange > range else {
      throw StemmaError.damaged("chunks", "a sealed range has no heads")
    }
  }

  /// Whether all parts of the bitmap that a range has are full.
  private func isFull(_ start: UInt64) -> Bool {
    guard size >= MemberBitmap.rangeSize else { return false }
    let first = (start - firstNode) >> MemberBitmap.rangeShift
    let wanted = UInt64(1) << (UInt64(size) >> MemberBitmap.rangeShift) - 1
    return (fullParts >> first) & wanted == wanted
  }

  /// Reads the bitmap of a label from the part that `start` lies in.
  private mutating func load(_ label: Symbol, from start: UInt64, _ reading: Reading) throws {
    let firstPart = start >> MemberBitmap.rangeShift
    firstNode = firstPart << MemberBitmap.rangeShift
    let wordsPerPart = MemberBitmap.bytes / 8
    let parts = Self.parts
    words.removeAll(keepingCapacity: true)
    fullParts = 0
    let first = MemberBitmap.key(MemberBitmap.label, label, range: firstPart)
    var cursor = try reading.cursor(.labels)
    var isThere = try cursor.seek(first.bytes)
    while isThere, cursor.keyStarts(with: first.prefix(MemberBitmap.prefixBytes)) {
      let part = UInt64(cursor.key.big32(5)) - firstPart
      guard part < parts else { break }
      let bitmap = cursor.value
      try MemberBitmap.check(bitmap)
      let missing = Int(part) * wordsPerPart - words.count
      words.append(contentsOf: repeatElement(0, count: missing))
      var all = UInt64.max
      for word in 0..<wordsPerPart {
        let bits = bitmap.little64(word * 8)
        words.append(bits)
        all &= bits
      }
      if all == .max { fullParts |= 1 << part }
      isThere = try cursor.next()
    }
    let missing = Int(parts) * wordsPerPart - words.count
    words.append(contentsOf: repeatElement(0, count: missing))
  }

  /// Whether exactly the members have a value in a column.
  func match(_ column: ColumnChunk, _ chunk: RawSpan) -> Bool {
    guard column.count == count else { return false }
    switch column.presence {
    case ColumnChunk.Presence.all: return isWhole
    case ColumnChunk.Presence.bits:
      if range.isEmpty { return false }
      var different: UInt64 = 0
      for (index, word) in range.enumerated() {
        different |= words[word] ^ chunk.little64(ColumnChunk.headerBytes + index * 8)
      }
      return different == 0
    default:
      // As many as there are members, and each of them one.
      return (0..<column.count).allSatisfy { isMember(column.listed($0, chunk)) }
    }
  }

  private func isMember(_ place: Int) -> Bool {
    if range.isEmpty { return true }
    guard place < size else { return false }
    return (words[range.lowerBound + place >> 6] >> UInt64(place & 63)) & 1 != 0
  }

  /// Calls `body` with the rank and the place of each member, ascending.
  @inline(__always)
  func forEach(_ body: (_ rank: Int, _ place: Int) throws -> Void) rethrows {
    if range.isEmpty {
      for place in 0..<count { try body(place, place) }
      return
    }
    var rank = 0
    for (index, number) in range.enumerated() {
      var word = words[number]
      while word != 0 {
        try body(rank, index << 6 + word.trailingZeroBitCount)
        word &= word - 1
        rank += 1
      }
    }
  }
}
