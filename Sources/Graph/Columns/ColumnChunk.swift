// A sealed column: the values that the nodes (or edges) of one range were created with, of one
// property. It never changes. docs/store-format.md has the bytes.
//
//   encoding | presence | width | flags | count (4) | base (8) | least (8) | greatest (8)
//   | presence section, filled up to a multiple of 8 | values
//
// What is read here is checked against the chunk's length; a damaged chunk is an error, never a
// trap.

import Base

/// The beginning of a chunk, read once; the bytes stay where they are.
struct ColumnChunk {
  enum Encoding {
    /// Integers less the base, `width` bytes each.
    static let integers: UInt8 = 0
    /// Floats, eight bytes each.
    static let floats: UInt8 = 1
    /// Booleans, a bit each.
    static let booleans: UInt8 = 2
    /// Numbers of different values, `width` bytes each, after the values themselves.
    static let dictionary: UInt8 = 3
    /// Values of any type, after where each begins in `width` bytes.
    static let plain: UInt8 = 4
  }

  enum Presence {
    static let all: UInt8 = 0
    /// A bit per place, then how many are set before each 512 of them, two bytes each.
    static let bits: UInt8 = 1
    /// The places, two bytes each.
    static let list: UInt8 = 2
  }

  enum Flags {
    /// Some float is not a number; the least and the greatest are of the others.
    static let notANumber: UInt8 = 1
    /// All floats are, so there is no least and no greatest.
    static let noBounds: UInt8 = 2
  }

  /// The first byte of an entry of `plain` that is in the log: transaction, offset in the record,
  /// length (LEB128 each).
  static let referenceTag: UInt8 = 0xFF
  static let headerBytes = 32
  /// Places per entry of the directory of ranks.
  static let rankBlock = 512

  let encoding: UInt8
  let presence: UInt8
  let width: Int
  let flags: UInt8
  /// How many values there are.
  let count: Int
  let base: UInt64
  /// Bits of the least and the greatest number: of an integer or of a float.
  let least: UInt64
  let greatest: UInt64
  /// How many places the range has.
  let size: Int
  /// Where the values begin.
  let valuesOffset: Int

  @inline(__always)
  init(_ chunk: RawSpan, _ layout: GraphLayout) throws {
    try chunk.require(Self.headerBytes, at: 0)
    encoding = chunk.byte(0)
    presence = chunk.byte(1)
    width = Int(chunk.byte(2))
    flags = chunk.byte(3)
    count = Int(chunk.little32(4))
    base = chunk.little64(8)
    least = chunk.little64(16)
    greatest = chunk.little64(24)
    size = layout.rangeSize
    let section: Int
    switch presence {
    case Presence.all: section = 0
    case Presence.bits: section = Self.bitsBytes(size)
    case Presence.list: section = count * 2
    default: throw StemmaError.damaged("chunks", "a column has an unknown presence")
    }
    valuesOffset = Self.headerBytes + (section + 7) & ~7
    guard count > 0, count <= size, width <= 8, presence != Presence.all || count == size,
      valuesOffset <= chunk.byteCount, try chunk.byteCount >= valuesOffset + leastValuesBytes()
    else { throw StemmaError.damaged("chunks", "a column contradicts its length") }
  }

  /// Bytes of the presence bits and their directory.
  static func bitsBytes(_ size: Int) -> Int {
    (size / 8 + 7) & ~7 + (size + rankBlock - 1) / rankBlock * 2
  }

  /// The bytes that the values take at least.
  private func leastValuesBytes() throws -> Int {
    switch encoding {
    case Encoding.integers: count * width
    case Encoding.floats: count * 8
    case Encoding.booleans: (count + 7) / 8
    case Encoding.dictionary: 8
    case Encoding.plain where width == 2 || width == 4: (count + 1) * width
    default: throw StemmaError.damaged("chunks", "a column has an unknown encoding")
    }
  }

  /// The number of a place's value among the values; `nil` where it has none.
  @inline(__always)
  func rank(of place: Int, _ chunk: RawSpan) throws -> Int? {
    if presence == Presence.all { return place }
    let rank =
      presence == Presence.bits ? rankInBits(place, chunk) : rankInList(place, chunk)
    guard let rank else { return nil }
    guard rank < count else { throw StemmaError.damaged("chunks", "a column has lost values") }
    return rank
  }

  @inline(__always)
  private func rankInBits(_ place: Int, _ chunk: RawSpan) -> Int? {
    let start = Self.headerBytes
    let word = chunk.little64(start + (place >> 6) << 3)
    let bit = UInt64(place & 63)
    guard (word >> bit) & 1 != 0 else { return nil }
    let block = place / Self.rankBlock
    let directory = start + (size / 8 + 7) & ~7 + block * 2
    var rank = Int(chunk.byte(directory)) | Int(chunk.byte(directory + 1)) << 8
    var index = block * (Self.rankBlock / 64)
    while index < place >> 6 {
      rank += chunk.little64(start + index << 3).nonzeroBitCount
      index += 1
    }
    return rank + (word & ((1 << bit) - 1)).nonzeroBitCount
  }

  private func rankInList(_ place: Int, _ chunk: RawSpan) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      let found = listed(middle, chunk)
      if found == place { return middle }
      if found < place { low = middle + 1 } else { high = middle }
    }
    return nil
  }

  @inline(__always)
  func listed(_ index: Int, _ chunk: RawSpan) -> Int {
    let offset = Self.headerBytes + index * 2
    return Int(chunk.byte(offset)) | Int(chunk.byte(offset + 1)) << 8
  }

  // MARK: Values by rank

  @inline(__always)
  func integer(_ rank: Int, _ chunk: RawSpan) -> Int64 {
    Int64(bitPattern: base &+ chunk.packed(valuesOffset + rank * width, width))
  }

  /// An integer less the base.
  @inline(__always)
  func packed(_ rank: Int, _ chunk: RawSpan) -> UInt64 {
    chunk.packed(valuesOffset + rank * width, width)
  }

  /// The integers where they lie, less the base, `width` bytes each.
  @_lifetime(copy chunk)
  func packedIntegers(_ chunk: RawSpan) -> RawSpan {
    chunk.extracting(valuesOffset..<valuesOffset + count * width)
  }

  @inline(__always)
  func float(_ rank: Int, _ chunk: RawSpan) -> Double {
    Double(bitPattern: chunk.little64(valuesOffset + rank * 8))
  }

  @inline(__always)
  func boolean(_ rank: Int, _ chunk: RawSpan) -> Bool {
    (chunk.byte(valuesOffset + rank >> 3) >> UInt8(rank & 7)) & 1 != 0
  }

  /// How many different values a dictionary has.
  func entries(_ chunk: RawSpan) -> Int { Int(chunk.little32(valuesOffset)) }

  /// The number of a value in the dictionary.
  @inline(__always)
  func code(_ rank: Int, _ chunk: RawSpan) throws -> Int {
    let start = valuesOffset + 4 + 4 * (entries(chunk) + 1)
    try chunk.require(0, at: start)
    let end = Int(chunk.little32(start - 4))
    let offset = start + end + rank * width
    try chunk.require(width, at: offset)
    return Int(chunk.packed(offset, width))
  }

  /// The numbers of all values in the dictionary, a byte each; empty where there is one value only.
  @_lifetime(copy chunk)
  func codes(_ chunk: RawSpan) throws -> RawSpan {
    let start = valuesOffset + 4 + 4 * (entries(chunk) + 1)
    try chunk.require(0, at: start)
    let offset = start + Int(chunk.little32(start - 4))
    let size = width == 0 ? 0 : count
    try chunk.require(size, at: offset)
    return chunk.extracting(offset..<offset + size)
  }

  /// Where an entry of the dictionary lies.
  func entry(_ code: Int, _ chunk: RawSpan) throws -> (offset: Int, count: Int) {
    let entries = entries(chunk)
    let directory = valuesOffset + 4
    guard code < entries, entries <= chunk.byteCount else {
      throw StemmaError.damaged("chunks", "a column names no entry of its dictionary")
    }
    try chunk.require(4 * (entries + 1), at: directory)
    let first = Int(chunk.little32(directory + code * 4))
    let last = Int(chunk.little32(directory + code * 4 + 4))
    let start = directory + 4 * (entries + 1)
    guard first <= last else { throw StemmaError.damaged("chunks", "a dictionary is no order") }
    try chunk.require(last - first, at: start + first)
    return (start + first, last - first)
  }

  /// Where an entry of a plain column lies.
  func plain(_ rank: Int, _ chunk: RawSpan) throws -> (offset: Int, count: Int) {
    let first = Int(chunk.packed(valuesOffset + rank * width, width))
    let last = Int(chunk.packed(valuesOffset + (rank + 1) * width, width))
    let start = valuesOffset + (count + 1) * width
    guard first <= last else { throw StemmaError.damaged("chunks", "a column is no order") }
    try chunk.require(last - first, at: start + first)
    return (start + first, last - first)
  }
}

extension ColumnChunk {
  /// The floats where they lie, eight bytes each.
  @_lifetime(copy chunk)
  func floats(_ chunk: RawSpan) -> RawSpan {
    chunk.extracting(valuesOffset..<valuesOffset + count * 8)
  }

  /// What the bounds say of a comparison: true of every value, true of none, or `nil`.
  func verdict(of predicate: ColumnPredicate) -> Bool? {
    switch encoding {
    case Encoding.floats:
      switch predicate.floats {
      case .nothing: return false
      case .unknown: return nil
      case .closed(let low, let high):
        if flags & Flags.noBounds != 0 { return false }
        let (least, greatest) = (Double(bitPattern: least), Double(bitPattern: greatest))
        if least > high || greatest < low { return false }
        return least >= low && greatest <= high && flags & Flags.notANumber == 0 ? true : nil
      }
    case Encoding.integers:
      switch predicate.integers {
      case .nothing: return false
      case .unknown: return nil
      case .closed(let low, let high):
        let (least, greatest) = (Int64(bitPattern: least), Int64(bitPattern: greatest))
        if least > high || greatest < low { return false }
        return least >= low && greatest <= high ? true : nil
      }
    default: return nil
    }
  }
}
