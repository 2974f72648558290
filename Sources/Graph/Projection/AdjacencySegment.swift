// The neighbours of a node, per direction and type, in segments that are read in sequence:
//
//   segment 0:  entries ever (4 bytes) | entries ended (4 bytes) | entries
//   segment n:  entries
//   an entry:   neighbour (5 bytes) | 1 where the edge has ended, else 0 | edge (6 bytes)
//
// all little-endian, in the order of the edges. A segment holds at most `capacity` entries, so that
// appending to a hub rewrites two small values whatever its degree. Segments fit into a leaf page.

import Base

/// The layout of adjacency.
enum AdjacencySegment {
  static let entryBytes = 12
  static let headBytes = 8
  /// Entries per segment: under a kilobyte, so that a segment never gets pages of its own.
  static let capacity = 80

  static let outgoing: UInt8 = 0
  static let incoming: UInt8 = 1

  /// One entry.
  struct Entry {
    var neighbour: NodeID
    var edge: EdgeID
    var isEnded: Bool
  }

  /// The entry at an offset that the caller has checked.
  @inline(__always)
  static func entry(_ segment: RawSpan, at offset: Int) -> Entry {
    let low = segment.little64(offset)
    let high = segment.little64(offset + 4)
    return Entry(
      neighbour: NodeID(low & 0xFF_FFFF_FFFF), edge: EdgeID(high >> 16),
      isEnded: (low >> 40) & 1 != 0)
  }

  static func append(_ entry: Entry, to bytes: inout [UInt8]) {
    bytes.appendLittle(entry.neighbour.rawValue, bytes: 5)
    bytes.append(entry.isEnded ? 1 : 0)
    bytes.appendLittle(entry.edge.rawValue, bytes: 6)
  }

  /// Where the entries of a segment begin.
  @inline(__always)
  static func start(ofSegment number: UInt32) -> Int { number == 0 ? headBytes : 0 }

  /// Throws unless a segment is a whole number of entries.
  @inline(__always)
  static func check(_ segment: RawSpan, start: Int) throws {
    let rest = segment.byteCount - start
    guard rest >= 0, rest % entryBytes == 0 else {
      throw StemmaError.damaged("adjacency", "a segment is not a whole number of entries")
    }
  }
}
