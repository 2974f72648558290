// A sealed column in place: numbers that a kernel reads where they lie in the file, with bounds
// that say whether it need look at all.

package import Base
import Store

/// What one sealed range of nodes was created with, of one property.
package struct ColumnSlice: ~Escapable {
  /// What the values are.
  package enum Kind: Sendable { case integers, floats, booleans, others }

  package let kind: Kind
  /// The first node of the range, and how many nodes it has.
  package let first: NodeID
  package let size: Int
  private let column: ColumnChunk
  private let chunk: RawSpan

  @_lifetime(copy chunk)
  init(_ chunk: RawSpan, first: NodeID, _ layout: GraphLayout) throws {
    self.chunk = chunk
    self.first = first
    column = try ColumnChunk(chunk, layout)
    size = layout.rangeSize
    kind =
      switch column.encoding {
      case ColumnChunk.Encoding.integers: .integers
      case ColumnChunk.Encoding.floats: .floats
      case ColumnChunk.Encoding.booleans: .booleans
      default: .others
      }
  }

  /// How many nodes of the range have a value.
  package var count: Int { column.count }

  /// Whether every node of the range has one, so that the n-th value is the n-th node's.
  package var isDense: Bool { column.presence == ColumnChunk.Presence.all }

  /// The least and the greatest float that is a number; `nil` where there is none or these are no
  /// floats.
  package var floatBounds: (least: Double, greatest: Double)? {
    guard kind == .floats, column.flags & ColumnChunk.Flags.noBounds == 0 else { return nil }
    return (Double(bitPattern: column.least), Double(bitPattern: column.greatest))
  }

  /// The least and the greatest integer; `nil` where these are no integers.
  package var integerBounds: (least: Int64, greatest: Int64)? {
    guard kind == .integers else { return nil }
    return (Int64(bitPattern: column.least), Int64(bitPattern: column.greatest))
  }

  /// Whether some float is not a number.
  package var hasNotANumber: Bool { column.flags & ColumnChunk.Flags.notANumber != 0 }

  /// The floats where they lie, eight bytes each, little-endian, aligned to two bytes at least;
  /// empty for other kinds.
  package var floats: RawSpan {
    @_lifetime(copy self)
    get {
      let end = kind == .floats ? column.valuesOffset + column.count * 8 : column.valuesOffset
      return chunk.extracting(column.valuesOffset..<end)
    }
  }

  /// The float of a rank below `count`, in a slice of floats.
  @inline(__always)
  package func float(at rank: Int) -> Double {
    precondition(kind == .floats && rank >= 0 && rank < column.count, "no such float")
    return column.float(rank, chunk)
  }

  /// The integer of a rank below `count`, in a slice of integers.
  @inline(__always)
  package func integer(at rank: Int) -> Int64 {
    precondition(kind == .integers && rank >= 0 && rank < column.count, "no such integer")
    return column.integer(rank, chunk)
  }

  /// The rank of a node's value among those of the range; `nil` where it has none.
  package func rank(of node: NodeID) throws -> Int? {
    guard node >= first, node.rawValue < first.rawValue + UInt64(size) else { return nil }
    return try column.rank(of: Int(node.rawValue - first.rawValue), chunk)
  }
}

extension GraphView {
  /// How many ranges of nodes are sealed; nodes from `firstUnsealed` on are met one by one.
  package var sealedRanges: UInt32 { head.layout.range(of: head.sealedNodes) }

  /// The first node that is in no sealed range.
  package var firstUnsealed: NodeID { NodeID(min(head.sealedNodes, nodeLimit)) }

  /// A property in a sealed range; `nil` where no node of the range was created with it.
  @_lifetime(copy self)
  package func slice(_ name: Symbol, range: UInt32) throws -> ColumnSlice? {
    let key = ChunkKey.key(ChunkKey.nodeColumn, range, name)
    guard let chunk = try reading.get(.chunks, key.bytes) else { return nil }
    return try ColumnSlice(
      chunk, first: NodeID(UInt64(range) << head.layout.rangeShift), head.layout)
  }

  /// Whether what a sealed range was created with is what the snapshot has: nothing of it changed
  /// or was deleted since, and all of it was there.
  package func isAsCreated(range: UInt32) throws -> Bool {
    guard (UInt64(range) + 1) << head.layout.rangeShift <= nodeLimit else { return false }
    if head.changedNodeRanges == 0 { return true }
    let key = ChunkKey.key(ChunkKey.nodeChanges, range)
    return try !reading.contains(.chunks, key.bytes)
  }

  /// How much of a sealed range has a label: `true` all of it for certain, `false` none of it,
  /// `nil` where each node must be asked.
  package func coverage(of label: Symbol, range: UInt32) throws -> Bool? {
    let start = UInt64(range) << head.layout.rangeShift
    let end = start + UInt64(head.layout.rangeSize)
    var members = 0
    var part = start >> MemberBitmap.rangeShift
    while part << MemberBitmap.rangeShift < end {
      let key = MemberBitmap.key(MemberBitmap.label, label, range: part)
      if let bitmap = try reading.get(.labels, key.bytes) {
        try MemberBitmap.check(bitmap)
        if bitmap.byteCount > MemberBitmap.bytes { return nil }
        let base = part << MemberBitmap.rangeShift
        let stop = min(end, base + MemberBitmap.rangeSize)
        for identity in stride(from: max(start, base), to: stop, by: 64) {
          let offset = Int(identity & MemberBitmap.rangeMask) >> 3
          members += bitmap.little64(offset).nonzeroBitCount
        }
      }
      part += 1
    }
    return members == 0 ? false : members == head.layout.rangeSize ? true : nil
  }
}
