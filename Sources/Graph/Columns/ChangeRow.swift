// What became of the nodes or edges of a sealed range since they were created: the one part of it
// that changes. `versions` has what; this says where to look.
//
//   flags | bits of those that ended, if flagged
//   | of those with a property that changed, if flagged
//   | of those with a label that changed, if flagged
//
// The flags are those of rows (RowFlags); there are as many bits as the range has places.

import Base

/// Reads and edits rows of changes.
enum ChangeRow {
  /// The flags that a node or an edge of the range would have in a row of its own.
  @inline(__always)
  static func flags(_ place: Int, _ row: RawSpan, _ layout: GraphLayout) throws -> UInt8 {
    let size = layout.rangeSize / 8
    try row.require(1, at: 0)
    let present = row.byte(0)
    guard row.byteCount == 1 + size * present.nonzeroBitCount, present & ~7 == 0 else {
      throw StemmaError.damaged("chunks", "a row of changes has the wrong length")
    }
    var result: UInt8 = 0
    var offset = 1
    for flag in [RowFlags.ended, RowFlags.properties, RowFlags.labels] where present & flag != 0 {
      if (row.byte(offset + place >> 3) >> UInt8(place & 7)) & 1 != 0 { result |= flag }
      offset += size
    }
    return result
  }

  /// Sets a flag of a place; `row` may be empty, and is then made.
  static func set(_ flag: UInt8, _ place: Int, in row: inout [UInt8], _ layout: GraphLayout) {
    let size = layout.rangeSize / 8
    if row.isEmpty { row.append(0) }
    let before = (row[0] & (flag - 1)).nonzeroBitCount
    let offset = 1 + before * size
    if row[0] & flag == 0 {
      row[0] |= flag
      row.insert(contentsOf: [UInt8](repeating: 0, count: size), at: offset)
    }
    row[offset + place >> 3] |= 1 << UInt8(place & 7)
  }
}
