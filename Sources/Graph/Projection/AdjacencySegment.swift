// The neighbours of a hub, per direction and type, in segments that are read in sequence:
//
//   key:    direction (2 outgoing, 3 incoming) | type (2 or 4 bytes) | node (5 bytes)
//           and for the second segment and later ones its number from 1 (4 bytes)
//   value:  flags | counts, if flagged | ended bits, if flagged | entries
//   flags:  1: counts: entries ever, then entries ended, over all segments (4 bytes each); only the
//              first segment of several has them
//           2: ten bytes of bits: which entries of this segment have ended
//   entry:  neighbour (5 bytes) | edge (5 bytes)
//
// Keys are big-endian, values little-endian, entries in the order of the edges. A segment has at
// most `capacity` entries, so that appending to a hub rewrites two small values whatever its
// degree. Other nodes share rows (AdjacencyGroup.swift).

import Base
import Store

/// The beginning of a segment, read once.
struct AdjacencySegment {
  static let entryBytes = 10
  /// Entries per segment: under a kilobyte, so that a segment never gets pages of its own.
  static let capacity = 80
  static let bitmapBytes = capacity / 8

  static let outgoing: UInt8 = 0
  static let incoming: UInt8 = 1
  /// Added to the direction in the keys of segments.
  static let hub: UInt8 = 2

  enum Flags {
    static let counts: UInt8 = 1
    static let ended: UInt8 = 2
  }

  /// Entries ever and entries ended over all segments, where the segment says.
  var counts: (total: UInt32, ended: UInt32)?
  /// Where the bits are that say which entries have ended.
  var endedOffset: Int?
  /// Where the entries begin.
  var start: Int
  /// How many entries the segment has.
  var count: Int

  /// Reads and checks the beginning of a segment.
  @inline(__always)
  init(_ segment: RawSpan) throws {
    try segment.require(1, at: 0)
    let flags = segment.byte(0)
    start = 1
    if flags != 0 {
      if flags & Flags.counts != 0 {
        try segment.require(8, at: start)
        counts = (segment.little32(start), segment.little32(start + 4))
        start += 8
      }
      if flags & Flags.ended != 0 {
        try segment.require(Self.bitmapBytes, at: start)
        endedOffset = start
        start += Self.bitmapBytes
      }
    }
    let rest = segment.byteCount - start
    count = rest / Self.entryBytes
    guard rest >= 0, count <= Self.capacity, rest == count * Self.entryBytes else {
      throw StemmaError.damaged("adjacency", "a segment is not a whole number of entries")
    }
  }

  /// The neighbour and the edge of an entry below `count`.
  @inline(__always)
  func entry(_ index: Int, _ segment: RawSpan) -> (neighbour: NodeID, edge: EdgeID) {
    let offset = start + index * Self.entryBytes
    return (
      NodeID(segment.little64(offset) & 0xFF_FFFF_FFFF), EdgeID(segment.little64(offset + 2) >> 24)
    )
  }

  /// Whether an entry has ended at some time.
  @inline(__always)
  func isEnded(_ index: Int, _ segment: RawSpan) -> Bool {
    guard let endedOffset else { return false }
    return (segment.byte(endedOffset + (index >> 3)) >> UInt8(index & 7)) & 1 != 0
  }

  static func append(_ neighbour: NodeID, _ edge: EdgeID, to bytes: inout [UInt8]) {
    bytes.appendLittle(neighbour.rawValue, bytes: 5)
    bytes.appendLittle(edge.rawValue, bytes: 5)
  }
}

/// A segment taken apart, to be changed and written again.
struct EditableSegment {
  var counts: (total: UInt32, ended: UInt32)?
  var ended: [UInt8]?
  var entries: [UInt8]

  init() { entries = [] }

  init(_ segment: RawSpan) throws {
    let parts = try AdjacencySegment(segment)
    counts = parts.counts
    if let offset = parts.endedOffset {
      let end = offset + AdjacencySegment.bitmapBytes
      ended = [UInt8](copying: segment.extracting(offset..<end))
    }
    entries = [UInt8](copying: segment.extracting(parts.start..<segment.byteCount))
  }

  var count: Int { entries.count / AdjacencySegment.entryBytes }

  /// How many of its entries have not ended.
  var liveCount: Int { count - (ended ?? []).reduce(0) { $0 + $1.nonzeroBitCount } }

  mutating func setEnded(_ index: Int) {
    var bits = ended ?? [UInt8](repeating: 0, count: AdjacencySegment.bitmapBytes)
    bits[index >> 3] |= 1 << UInt8(index & 7)
    ended = bits
  }

  func write(into row: inout [UInt8]) {
    row.removeAll(keepingCapacity: true)
    row.append(
      (counts == nil ? 0 : AdjacencySegment.Flags.counts)
        | (ended == nil ? 0 : AdjacencySegment.Flags.ended))
    if let counts {
      row.appendLittle(UInt64(counts.total), bytes: 4)
      row.appendLittle(UInt64(counts.ended), bytes: 4)
    }
    if let ended { row.append(contentsOf: ended) }
    row.append(contentsOf: entries)
  }
}
