// The neighbours of sixty-four nodes that follow each other, per direction and type, in one row:
//
//   key:    direction (0 outgoing, 1 incoming) | type (2 or 4 bytes) | node / 64 (5 bytes)
//   value:  flags | nodes (8) | hubs, if flagged (8) | widths | least neighbour (5)
//           | least edge (5) | counts, unless flagged | ended bits, if flagged | entries
//   flags:  1: ended bits; 2: hubs; 4: every count is one, and counts are left out
//   nodes:  a bit for each node that has entries here; hubs: for each that has them in segments
//   widths: bytes of a neighbour, and 16 times bytes of an edge
//   counts: a byte for each node that has entries here, in their order
//   entry:  neighbour less the least | edge less the least
//
// A node with more than `AdjacencyGroup.most` edges is a hub and has segments of its own
// (AdjacencySegment.swift). The row is a function of the edges alone: whoever writes it, and
// whenever, writes the same bytes.

import Base

/// What a group's row says of all its nodes, read once.
struct AdjacencyGroupHeader {
  fileprivate var flags: UInt8
  fileprivate var nodes: UInt64
  fileprivate var hubs: UInt64 = 0
  fileprivate var neighbourWidth: Int
  fileprivate var edgeWidth: Int
  fileprivate var leastNeighbour: UInt64
  fileprivate var leastEdge: UInt64
  /// Where the counts begin, how many they are, and what they come to.
  fileprivate var countsOffset: Int
  fileprivate var listed: Int
  fileprivate var endedOffset: Int?
  fileprivate var start: Int

  @inline(__always)
  init(_ row: RawSpan) throws {
    try row.require(20, at: 0)
    flags = row.byte(0)
    nodes = row.little64(1)
    var offset = 9
    if flags & AdjacencyGroupRow.Flags.hubs != 0 {
      try row.require(19, at: offset)
      hubs = row.little64(offset)
      offset += 8
    }
    neighbourWidth = Int(row.byte(offset) & 15)
    edgeWidth = Int(row.byte(offset) >> 4)
    leastNeighbour = row.little64(offset) >> 8 & 0xFF_FFFF_FFFF
    leastEdge = row.little64(offset + 3) >> 24
    offset += 11
    listed = nodes.nonzeroBitCount
    countsOffset = offset
    var total = listed
    if flags & AdjacencyGroupRow.Flags.ones == 0 {
      try row.require(listed, at: offset)
      total = row.sumOfBytes(offset, listed)
      offset += listed
    }
    if flags & AdjacencyGroupRow.Flags.ended != 0 {
      endedOffset = offset
      offset += (total + 7) / 8
    }
    start = offset
    guard neighbourWidth <= 5, edgeWidth <= 5,
      row.byteCount == offset + total * (neighbourWidth + edgeWidth)
    else { throw StemmaError.damaged("adjacency", "a group contradicts its length") }
  }
}

extension AdjacencyGroupHeader {
  /// Whether a node's entries are in segments of its own.
  @inline(__always)
  func isHub(_ node: NodeID) -> Bool { (hubs >> (node.rawValue & 63)) & 1 != 0 }

  /// The numbers of a node's entries among all in the row.
  @inline(__always)
  func entries(of node: NodeID, _ row: RawSpan) -> Range<Int> {
    let bit = node.rawValue & 63
    guard (nodes >> bit) & 1 != 0 else { return 0..<0 }
    let below = (nodes & ((1 << bit) - 1)).nonzeroBitCount
    // At most 64 counts of a byte each, which were all added up when the header was read.
    if flags & AdjacencyGroupRow.Flags.ones != 0 {
      return Range(uncheckedBounds: (below, below &+ 1))
    }
    let first = row.sumOfBytes(countsOffset, below)
    let count = Int(row.byte(countsOffset &+ below))
    return Range(uncheckedBounds: (first, first &+ count))
  }

  /// The neighbour and the edge of an entry.
  @inline(__always)
  func entry(_ number: Int, _ row: RawSpan) -> (neighbour: NodeID, edge: EdgeID) {
    let offset = start &+ number &* (neighbourWidth &+ edgeWidth)
    return (
      NodeID(leastNeighbour &+ row.packed(offset, neighbourWidth)),
      EdgeID(leastEdge &+ row.packed(offset &+ neighbourWidth, edgeWidth))
    )
  }

  /// Whether an entry has ended at some time.
  @inline(__always)
  func isEnded(_ number: Int, _ row: RawSpan) -> Bool {
    guard let endedOffset else { return false }
    return (row.byte(endedOffset + (number >> 3)) >> UInt8(number & 7)) & 1 != 0
  }
}

/// What a group's row says of one of its nodes.
struct AdjacencyGroupRow {
  enum Flags {
    static let ended: UInt8 = 1
    static let hubs: UInt8 = 2
    static let ones: UInt8 = 4
  }

  /// Whether the node's entries are in segments of its own.
  let isHub: Bool
  /// How many entries the node has here, and the number of its first among all in the row.
  let count: Int
  private let first: Int
  private let header: AdjacencyGroupHeader

  /// Reads what a row says of one of its nodes.
  @inline(__always)
  init(_ row: RawSpan, _ node: NodeID) throws {
    header = try AdjacencyGroupHeader(row)
    isHub = header.isHub(node)
    let entries = header.entries(of: node, row)
    (first, count) = (entries.lowerBound, entries.count)
  }

  /// The neighbour and the edge of one of the node's entries below `count`.
  @inline(__always)
  func entry(_ index: Int, _ row: RawSpan) -> (neighbour: NodeID, edge: EdgeID) {
    header.entry(first + index, row)
  }

  /// Whether an entry of the node has ended at some time.
  @inline(__always)
  func isEnded(_ index: Int, _ row: RawSpan) -> Bool { header.isEnded(first + index, row) }

  /// Whether some entry of the node has ended.
  func hasEnded(_ row: RawSpan) -> Bool {
    header.endedOffset != nil && (0..<count).contains { isEnded($0, row) }
  }
}

extension RawSpan {
  /// An unsigned number of `width` (at most eight) bytes that were checked to be there.
  @inline(__always)
  func packed(_ offset: Int, _ width: Int) -> UInt64 {
    if offset + 8 <= byteCount {
      return width == 8 ? little64(offset) : little64(offset) & ((1 << UInt64(width * 8)) - 1)
    }
    var result: UInt64 = 0
    for index in 0..<width { result |= UInt64(byte(offset + index)) << UInt64(index * 8) }
    return result
  }
}

extension RawSpan {
  /// The sum of bytes that were checked to be there, eight at a time.
  @inline(__always)
  func sumOfBytes(_ offset: Int, _ count: Int) -> Int {
    var (sum, next) = (0, 0)
    while next < count {
      let word = packed(offset + next, min(8, count - next))
      // Four sums of two bytes each, added up in the upper sixteen bits.
      let pairs = (word & 0x00FF_00FF_00FF_00FF) + (word >> 8 & 0x00FF_00FF_00FF_00FF)
      sum += Int((pairs &* 0x0001_0001_0001_0001) >> 48)
      next += 8
    }
    return sum
  }
}

/// One entry of a group.
struct AdjacencyEntry {
  var neighbour: UInt64
  var edge: UInt64
  var isEnded = false
}

/// A group taken apart, to be changed and written again.
struct AdjacencyGroup {
  /// Nodes per group.
  static let shift: UInt64 = 6
  /// A node with more edges than this of one type and direction is a hub.
  static let most = 15

  private(set) var nodes: UInt64 = 0
  private(set) var hubs: UInt64 = 0
  /// Per node of the group.
  private var counts = [UInt8](repeating: 0, count: 64)
  /// In the order of nodes, then edges.
  private var entries: [AdjacencyEntry] = []
  /// Whether the store has another row, or none.
  var isChanged = false

  init() {}

  init(_ row: RawSpan) throws {
    let header = try AdjacencyGroupHeader(row)
    (nodes, hubs) = (header.nodes, header.hubs)
    var total = 0
    var rest = nodes
    while rest != 0 {
      let bit = rest.trailingZeroBitCount
      let count = header.entries(of: NodeID(UInt64(bit)), row).count
      counts[bit] = UInt8(truncatingIfNeeded: count)
      total += count
      rest &= rest - 1
    }
    entries.reserveCapacity(total + 1)
    for number in 0..<total {
      let (neighbour, edge) = header.entry(number, row)
      entries.append(
        AdjacencyEntry(
          neighbour: neighbour.rawValue, edge: edge.rawValue,
          isEnded: header.isEnded(number, row)))
    }
  }

  func isHub(_ node: NodeID) -> Bool { (hubs >> (node.rawValue & 63)) & 1 != 0 }

  private func range(_ node: NodeID) -> Range<Int> {
    let bit = Int(node.rawValue & 63)
    var first = 0
    for index in 0..<bit { first += Int(counts[index]) }
    return first..<first + Int(counts[bit])
  }

  /// How many entries of a node have not ended.
  func degree(of node: NodeID) -> Int {
    var degree = 0
    for index in range(node) where !entries[index].isEnded { degree += 1 }
    return degree
  }

  /// Adds an entry for a node that is no hub. Returns all entries of the node where it thereby
  /// becomes one; the group has them no longer.
  mutating func add(_ entry: AdjacencyEntry, to node: NodeID) -> [AdjacencyEntry]? {
    isChanged = true
    let bit = Int(node.rawValue & 63)
    let range = range(node)
    entries.insert(entry, at: range.upperBound)
    counts[bit] += 1
    nodes |= 1 << UInt64(bit)
    guard Int(counts[bit]) > Self.most else { return nil }
    let all = Array(entries[range.lowerBound...range.upperBound])
    entries.removeSubrange(range.lowerBound...range.upperBound)
    counts[bit] = 0
    nodes &= ~(1 << UInt64(bit))
    hubs |= 1 << UInt64(bit)
    return all
  }

  /// Adds all entries of a node that is above those that have some; at most `most`.
  mutating func append(_ added: [AdjacencyEntry], to node: NodeID) {
    let bit = Int(node.rawValue & 63)
    entries += added
    counts[bit] = UInt8(added.count)
    nodes |= 1 << UInt64(bit)
  }

  /// Says that a node has segments of its own.
  mutating func setHub(_ node: NodeID) { hubs |= 1 << (node.rawValue & 63) }

  /// Marks an edge of a node as ended; false where the node has no such edge here.
  mutating func end(_ edge: EdgeID, of node: NodeID) -> Bool {
    for index in range(node) where entries[index].edge == edge.rawValue {
      entries[index].isEnded = true
      isChanged = true
      return true
    }
    return false
  }

  func write(into row: inout [UInt8]) {
    row.removeAll(keepingCapacity: true)
    let hasEnded = entries.contains(where: \.isEnded)
    let areOnes = counts.allSatisfy { $0 <= 1 }
    row.append(
      (hasEnded ? AdjacencyGroupRow.Flags.ended : 0)
        | (hubs == 0 ? 0 : AdjacencyGroupRow.Flags.hubs)
        | (areOnes ? AdjacencyGroupRow.Flags.ones : 0))
    row.appendLittle(nodes, bytes: 8)
    if hubs != 0 { row.appendLittle(hubs, bytes: 8) }
    var neighbours = (least: UInt64.max, most: UInt64.min)
    var edges = neighbours
    for entry in entries {
      neighbours = (min(neighbours.least, entry.neighbour), max(neighbours.most, entry.neighbour))
      edges = (min(edges.least, entry.edge), max(edges.most, entry.edge))
    }
    if entries.isEmpty { (neighbours, edges) = ((0, 0), (0, 0)) }
    let neighbourWidth = PackedWidth.bytes(neighbours.most - neighbours.least)
    let edgeWidth = PackedWidth.bytes(edges.most - edges.least)
    row.append(UInt8(neighbourWidth | edgeWidth << 4))
    row.appendLittle(neighbours.least, bytes: 5)
    row.appendLittle(edges.least, bytes: 5)
    if !areOnes { for count in counts where count > 0 { row.append(count) } }
    if hasEnded {
      var bits = [UInt8](repeating: 0, count: (entries.count + 7) / 8)
      for (index, entry) in entries.enumerated() where entry.isEnded {
        bits[index >> 3] |= 1 << UInt8(index & 7)
      }
      row.append(contentsOf: bits)
    }
    for entry in entries {
      row.appendLittle(entry.neighbour - neighbours.least, bytes: neighbourWidth)
      row.appendLittle(entry.edge - edges.least, bytes: edgeWidth)
    }
  }
}

/// How wide packed numbers are.
enum PackedWidth {
  /// The bytes that the largest of some unsigned numbers needs; none where all are zero.
  static func bytes(_ largest: UInt64) -> Int { (64 - largest.leadingZeroBitCount + 7) / 8 }
}
