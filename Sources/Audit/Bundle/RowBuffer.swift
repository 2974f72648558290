// Rows for the SQLite copy, packed by whoever makes them and bound from here by the one who inserts
// them: nothing is allocated for a cell.

import Base

/// Rows of the three tables, one after the other.
struct RowBuffer: Sendable {
  enum Table: UInt8 { case records, nodes, edges }

  /// What a cell begins with: an integer has eight bytes, a text four of length, lowest first.
  enum Tag {
    static let null: UInt8 = 0
    static let integer: UInt8 = 1
    static let text: UInt8 = 2
    /// Ends a row.
    static let end: UInt8 = 3
  }

  private(set) var bytes: [UInt8] = []

  mutating func begin(_ table: Table) { bytes.append(table.rawValue) }

  mutating func end() { bytes.append(Tag.end) }

  mutating func null() { bytes.append(Tag.null) }

  mutating func integer(_ number: Int64) {
    bytes.append(Tag.integer)
    for index in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number >> Int64(8 * index))) }
  }

  mutating func integer(_ number: UInt64) { integer(Int64(clamping: number)) }

  mutating func text(_ text: ArraySlice<UInt8>) { filled { $0 += text } }

  mutating func text(_ text: Text) { filled { $0.append(contentsOf: text.string.utf8) } }

  /// A text of what `body` appends.
  mutating func filled(_ body: (inout [UInt8]) -> Void) {
    bytes.append(Tag.text)
    let start = bytes.count + 4
    for _ in 0..<4 { bytes.append(0) }
    body(&bytes)
    let count = UInt32(clamping: bytes.count - start)
    for index in 0..<4 {
      bytes[start - 4 + index] = UInt8(truncatingIfNeeded: count >> UInt32(8 * index))
    }
  }

  /// Cells that were packed before.
  mutating func append(_ cells: RowBuffer) { bytes += cells.bytes }
}
