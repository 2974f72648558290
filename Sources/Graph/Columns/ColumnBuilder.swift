// Makes the chunk of one property for one range from the rows of the range. The bytes are a
// function of the values alone.

import Base

/// Where a text lies in the log.
struct LogPlace: Hashable {
  var transaction: TransactionNumber
  /// From the beginning of the record.
  var offset: Int
  var count: Int
}

/// Gathers the values of a column, then writes the chunk.
struct ColumnBuilder {
  /// Texts of this many bytes and more stay in the log, where they are not few.
  static let referenceBytes = 32
  /// A dictionary has at most so many entries, of so many bytes together.
  private static let dictionaryEntries = 255
  private static let dictionaryBytes = 8192

  /// The places that have a value, ascending.
  private var places: [UInt16] = []
  /// The encoded values, one after another, and where each ends.
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  /// The types met, a bit for each.
  private var types: UInt32 = 0
  private var codes: [UInt8] = []
  private var dictionary: [ArraySlice<UInt8>] = []
  /// Texts that lie in the log, in the order of their ranks.
  private var references: [(rank: Int, place: LogPlace)] = []
  private(set) var encoding = ColumnChunk.Encoding.plain

  /// Adds the value of the next place that has one, as it lies in a row.
  mutating func add(_ place: Int, _ row: RawSpan, _ offset: Int, _ count: Int) {
    places.append(UInt16(truncatingIfNeeded: place))
    types |= 1 << UInt32(row.byte(offset) & 31)
    for index in offset..<offset + count { bytes.append(row.byte(index)) }
    ends.append(bytes.count)
  }

  /// Adds the value of the next place that has one, from a range of bytes.
  mutating func add(_ place: Int, _ source: [UInt8], _ range: Range<Int>) {
    places.append(UInt16(truncatingIfNeeded: place))
    types |= 1 << UInt32(source[range.lowerBound] & 31)
    bytes.append(contentsOf: source[range])
    ends.append(bytes.count)
  }

  /// Says where the text that was added last lies in the log, if it is a long text.
  mutating func noteLast(_ found: LogPlace) {
    let rank = ends.count - 1
    if isLong(rank) { references.append((rank, found)) }
  }

  var isEmpty: Bool { ends.isEmpty }

  private func range(_ rank: Int) -> Range<Int> { (rank == 0 ? 0 : ends[rank - 1])..<ends[rank] }

  // MARK: The encoding

  /// Chooses the encoding, after the last value.
  mutating func choose() {
    switch types {
    case 1 << UInt32(PropertyCodec.Tag.integer): encoding = ColumnChunk.Encoding.integers
    case 1 << UInt32(PropertyCodec.Tag.float): encoding = ColumnChunk.Encoding.floats
    case 1 << UInt32(PropertyCodec.Tag.no), 1 << UInt32(PropertyCodec.Tag.yes),
      1 << UInt32(PropertyCodec.Tag.no) | 1 << UInt32(PropertyCodec.Tag.yes):
      encoding = ColumnChunk.Encoding.booleans
    default:
      encoding =
        makeDictionary() ? ColumnChunk.Encoding.dictionary : ColumnChunk.Encoding.plain
    }
  }

  /// Numbers the different values in the order in which they come; false where they are too many.
  private mutating func makeDictionary() -> Bool {
    var numbers: [ArraySlice<UInt8>: UInt8] = [:]
    var size = 0
    for rank in ends.indices {
      let value = bytes[range(rank)]
      if let known = numbers[value] {
        codes.append(known)
        continue
      }
      size += value.count
      guard dictionary.count < Self.dictionaryEntries, size <= Self.dictionaryBytes else {
        return false
      }
      codes.append(UInt8(dictionary.count))
      numbers[value] = UInt8(dictionary.count)
      dictionary.append(value)
    }
    return dictionary.count * 2 <= ends.count
  }

  /// Whether values of this column must be found in the log.
  var wantsPlaces: Bool {
    encoding == ColumnChunk.Encoding.plain && ends.indices.contains { isLong($0) }
  }

  private func isLong(_ rank: Int) -> Bool {
    let range = range(rank)
    return range.count > Self.referenceBytes && bytes[range.lowerBound] == PropertyCodec.Tag.string
  }

  /// Says where the text of a place lies in the log; places come ascending.
  mutating func note(_ place: Int, _ found: LogPlace) {
    var low = 0
    var high = places.count
    while low < high {
      let middle = (low + high) / 2
      if Int(places[middle]) < place { low = middle + 1 } else { high = middle }
    }
    guard low < places.count, Int(places[low]) == place, isLong(low),
      found.count == range(low).count - 1
    else { return }
    references.append((low, found))
  }

  // MARK: Writing

  /// The chunk, for a range of `size` places.
  func chunk(size: Int) -> [UInt8] {
    var values: [UInt8] = []
    var header = Header(encoding: encoding)
    switch encoding {
    case ColumnChunk.Encoding.integers: writeIntegers(&header, &values)
    case ColumnChunk.Encoding.floats: writeFloats(&header, &values)
    case ColumnChunk.Encoding.booleans: writeBooleans(&values)
    case ColumnChunk.Encoding.dictionary: writeDictionary(&header, &values)
    default: writePlain(&header, &values)
    }
    var chunk: [UInt8] = []
    chunk.reserveCapacity(ColumnChunk.headerBytes + ColumnChunk.bitsBytes(size) + values.count + 8)
    let presence = presenceSection(size)
    chunk.append(contentsOf: [header.encoding, presence.kind, UInt8(header.width), header.flags])
    chunk.appendLittle(UInt64(places.count), bytes: 4)
    chunk.appendLittle(header.base, bytes: 8)
    chunk.appendLittle(header.least, bytes: 8)
    chunk.appendLittle(header.greatest, bytes: 8)
    chunk.append(contentsOf: presence.bytes)
    while chunk.count % 8 != 0 { chunk.append(0) }
    chunk.append(contentsOf: values)
    return chunk
  }

  private struct Header {
    var encoding: UInt8
    var width = 0
    var flags: UInt8 = 0
    var base: UInt64 = 0
    var least: UInt64 = 0
    var greatest: UInt64 = 0
  }

  private func presenceSection(_ size: Int) -> (kind: UInt8, bytes: [UInt8]) {
    if places.count == size { return (ColumnChunk.Presence.all, []) }
    var section: [UInt8] = []
    if places.count * 2 < ColumnChunk.bitsBytes(size) {
      for place in places { section.appendLittle(UInt64(place), bytes: 2) }
      return (ColumnChunk.Presence.list, section)
    }
    section = [UInt8](repeating: 0, count: (size / 8 + 7) & ~7)
    for place in places { section[Int(place) >> 3] |= 1 << UInt8(place & 7) }
    var before = 0
    for block in 0..<(size + ColumnChunk.rankBlock - 1) / ColumnChunk.rankBlock {
      while before < places.count, Int(places[before]) < block * ColumnChunk.rankBlock {
        before += 1
      }
      section.appendLittle(UInt64(before), bytes: 2)
    }
    return (ColumnChunk.Presence.bits, section)
  }

  private func writeIntegers(_ header: inout Header, _ values: inout [UInt8]) {
    let span = bytes.span.bytes
    let numbers = ends.indices.map { rank in
      PropertyCodec.integer(span, range(rank).lowerBound + 1, range(rank).count - 1)
    }
    let (least, greatest) = (numbers.min()!, numbers.max()!)
    header.base = UInt64(bitPattern: least)
    header.least = UInt64(bitPattern: least)
    header.greatest = UInt64(bitPattern: greatest)
    header.width = PackedWidth.bytes(UInt64(bitPattern: greatest) &- header.base)
    for number in numbers {
      values.appendLittle(UInt64(bitPattern: number) &- header.base, bytes: header.width)
    }
  }

  private func writeFloats(_ header: inout Header, _ values: inout [UInt8]) {
    header.width = 8
    let span = bytes.span.bytes
    var bounds: (least: Double, greatest: Double)?
    for rank in ends.indices {
      let number = Double(bitPattern: span.little64(range(rank).lowerBound + 1))
      values.appendLittle(number.bitPattern, bytes: 8)
      if number.isNaN {
        header.flags |= ColumnChunk.Flags.notANumber
      } else if let known = bounds {
        if number < known.least { bounds!.least = number }
        if number > known.greatest { bounds!.greatest = number }
      } else {
        bounds = (number, number)
      }
    }
    if let bounds {
      header.least = bounds.least.bitPattern
      header.greatest = bounds.greatest.bitPattern
    } else {
      header.flags |= ColumnChunk.Flags.noBounds
    }
  }

  private func writeBooleans(_ values: inout [UInt8]) {
    values = [UInt8](repeating: 0, count: (ends.count + 7) / 8)
    for rank in ends.indices where bytes[range(rank).lowerBound] == PropertyCodec.Tag.yes {
      values[rank >> 3] |= 1 << UInt8(rank & 7)
    }
  }

  private func writeDictionary(_ header: inout Header, _ values: inout [UInt8]) {
    header.width = dictionary.count == 1 ? 0 : 1
    values.appendLittle(UInt64(dictionary.count), bytes: 4)
    var end = 0
    values.appendLittle(0, bytes: 4)
    for entry in dictionary {
      end += entry.count
      values.appendLittle(UInt64(end), bytes: 4)
    }
    for entry in dictionary { values.append(contentsOf: entry) }
    if header.width == 1 { values.append(contentsOf: codes) }
  }

  private func writePlain(_ header: inout Header, _ values: inout [UInt8]) {
    var blob: [UInt8] = []
    var ends: [Int] = [0]
    var next = 0
    for rank in self.ends.indices {
      if next < references.count, references[next].rank == rank {
        let place = references[next].place
        next += 1
        blob.append(ColumnChunk.referenceTag)
        blob.appendVariable(place.transaction.rawValue)
        blob.appendVariable(UInt64(place.offset))
        blob.appendVariable(UInt64(place.count))
      } else {
        blob.append(contentsOf: bytes[range(rank)])
      }
      ends.append(blob.count)
    }
    header.width = blob.count <= 0xFFFF ? 2 : 4
    for end in ends { values.appendLittle(UInt64(end), bytes: header.width) }
    values.append(contentsOf: blob)
  }
}
