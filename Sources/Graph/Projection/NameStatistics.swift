// What is counted for a name: the nodes that have it as label, the edges that have it as type, and
// how many nodes have how many of these edges. Names that follow each other share a row:
//
//   key:    01 | symbol / 256 (4 bytes)
//   value:  for each symbol of which something was counted, in their order:
//           symbol mod 256 (1 byte) | flags (1): 1 a label, 2 a type
//           | nodes now | edges now | degrees outgoing | degrees incoming
//   degrees: number of classes (1 byte) | how many nodes are in each; class c is for 2^c up to
//           2^(c+1) - 1 edges, and the last is not empty
//
// Numbers without a size are LEB128. What was counted once stays, with 0 if need be.

import Base
import Store

/// How many nodes have how many edges of a type in a direction, those that have some.
package struct DegreeDistribution: Sendable, Hashable {
  /// `nodes[c]` have at least 2^c and fewer than 2^(c+1) edges.
  package internal(set) var nodes: [UInt64] = []

  /// The class of a degree above 0.
  @inline(__always)
  static func of(_ degree: Int) -> Int { Int.bitWidth - 1 - degree.leadingZeroBitCount }

  /// How many nodes have an edge.
  package var nodesWithEdges: UInt64 { nodes.reduce(0, &+) }
}

/// The counts of one name.
struct NameStatistics: Hashable {
  /// `nil` where it was never a label, or never a type.
  var nodes: UInt64?
  var edges: UInt64?
  var outgoing = DegreeDistribution()
  var incoming = DegreeDistribution()

  static let shift: UInt32 = 8
  private static let isLabel: UInt8 = 1
  private static let isType: UInt8 = 2

  static func key(block: UInt32) -> KeyBuffer {
    var key = KeyBuffer()
    key.add(StatisticKind.names)
    key.add32(block)
    return key
  }

  /// The counts of a name, as the store has them; `nil` where nothing was counted.
  static func read(_ symbol: Symbol, _ reading: Reading) throws -> NameStatistics? {
    let key = key(block: symbol.rawValue >> shift)
    guard let row = try reading.get(.statistics, key.bytes) else { return nil }
    var offset = 0
    while offset < row.byteCount {
      let (low, entry) = try next(row, &offset)
      if low == UInt8(truncatingIfNeeded: symbol.rawValue) { return entry }
    }
    return nil
  }

  /// Every name of which something was counted, in the order of symbols.
  static func all(_ reading: Reading) throws -> [(symbol: Symbol, counts: NameStatistics)] {
    var result: [(symbol: Symbol, counts: NameStatistics)] = []
    var cursor = try reading.cursor(.statistics)
    var isThere = try cursor.seek(key(block: 0).bytes)
    while isThere, cursor.key.byteCount == 5, cursor.key.byte(0) == StatisticKind.names {
      let first = cursor.key.big32(1) << shift
      for (low, counts) in try entries(cursor.value) {
        result.append((Symbol(first | UInt32(low)), counts))
      }
      isThere = try cursor.next()
    }
    return result
  }

  /// A name of a row, by its place among those that share the row.
  typealias Entry = (low: UInt8, counts: NameStatistics)

  static func entries(_ row: RawSpan) throws -> [Entry] {
    var result: [Entry] = []
    var offset = 0
    while offset < row.byteCount { result.append(try next(row, &offset)) }
    return result
  }

  private static func next(
    _ row: RawSpan, _ offset: inout Int
  ) throws -> (low: UInt8, counts: NameStatistics) {
    try row.require(2, at: offset)
    let (low, flags) = (row.byte(offset), row.byte(offset + 1))
    offset += 2
    var counts = NameStatistics()
    if flags & isLabel != 0 { counts.nodes = try row.variable(&offset) }
    if flags & isType != 0 {
      counts.edges = try row.variable(&offset)
      counts.outgoing = try degrees(row, &offset)
      counts.incoming = try degrees(row, &offset)
    }
    guard flags != 0, flags & ~(isLabel | isType) == 0 else {
      throw StemmaError.damaged("statistics", "a name has impossible flags")
    }
    return (low, counts)
  }

  private static func degrees(
    _ row: RawSpan, _ offset: inout Int
  ) throws -> DegreeDistribution {
    try row.require(1, at: offset)
    let count = row.byte(offset)
    offset += 1
    guard count <= 64 else {
      throw StemmaError.damaged("statistics", "degrees have too many classes")
    }
    var result = DegreeDistribution()
    for _ in 0..<count { result.nodes.append(try row.variable(&offset)) }
    return result
  }

  func write(low: UInt8, to row: inout [UInt8]) {
    if nodes == nil, edges == nil { return }
    row.append(low)
    row.append((nodes == nil ? 0 : Self.isLabel) | (edges == nil ? 0 : Self.isType))
    if let nodes { row.appendVariable(nodes) }
    guard let edges else { return }
    row.appendVariable(edges)
    for distribution in [outgoing, incoming] {
      let count = (distribution.nodes.lastIndex { $0 > 0 } ?? -1) + 1
      row.append(UInt8(count))
      for nodes in distribution.nodes.prefix(count) { row.appendVariable(nodes) }
    }
  }
}

/// A row of counts, taken apart.
struct NameBlock {
  var number: UInt32
  var entries: [NameStatistics.Entry]
}

/// The kinds of rows in the table `statistics`, the first byte of their keys.
enum StatisticKind {
  static let names: UInt8 = 1
  static let index: UInt8 = 2
  static let nodeValues: UInt8 = 3
  static let edgeValues: UInt8 = 4
  /// The bytes of a sketch's key before the property.
  static let namePrefixBytes = 5

  /// The sketch of a property's values on nodes with a label, or on edges of a type.
  static func key(_ kind: UInt8, _ name: Symbol, _ property: Symbol) -> KeyBuffer {
    var key = KeyBuffer()
    key.add(kind)
    key.add32(name.rawValue)
    key.add32(property.rawValue)
    return key
  }
}

/// The counts of an index: `02`, index (4 bytes) -> entries now, first values ever (LEB128 each).
struct IndexStatistics: Hashable {
  var entries: UInt64 = 0
  /// Different values that the first property ever had.
  var distinct: UInt64 = 0

  init() {}

  static func key(_ index: UInt32) -> KeyBuffer {
    var key = KeyBuffer()
    key.add(StatisticKind.index)
    key.add32(index)
    return key
  }

  /// The counts that the store holds.
  init(_ index: UInt32, _ reading: Reading) throws {
    guard let row = try reading.get(.statistics, Self.key(index).bytes) else { return }
    var offset = 0
    entries = try row.variable(&offset)
    distinct = try row.variable(&offset)
    guard offset == row.byteCount else {
      throw StemmaError.damaged("statistics", "an index's counts have the wrong length")
    }
  }
}
