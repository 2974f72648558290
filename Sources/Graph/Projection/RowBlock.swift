// The rows of sixteen nodes, or edges, that follow each other, in one entry of their table:
//
//   key:    identity / 16 (5 bytes)
//   value:  number of rows | where each ends (2 bytes each, from the first row) | rows
//
// A row of more than `longest` bytes is empty here and lies under the key with its place in the
// block added (1 byte), so that writing a block again stays cheap. Blocks divide ranges: sealing
// takes whole ones.

import Base
import Store

/// How rows are divided into blocks.
enum RowBlock {
  static let shift: UInt64 = 4
  static let size = 1 << 4
  /// The longest row that is kept among others.
  static let longest = 1_024

  /// The key of the block of an identity.
  @inline(__always)
  static func key(_ identity: UInt64) -> KeyBuffer {
    var key = KeyBuffer()
    key.addIdentity(identity >> shift)
    return key
  }

  /// The key of a long row.
  static func longKey(_ identity: UInt64) -> KeyBuffer {
    var key = key(identity)
    key.add(UInt8(place(identity)))
    return key
  }

  @inline(__always)
  static func place(_ identity: UInt64) -> Int { Int(identity & (UInt64(size) - 1)) }

  /// How many entries hold this many rows at least, and at most.
  static func entries(_ rows: UInt64) -> ClosedRange<UInt64> {
    let blocks = (rows + UInt64(size) - 1) >> shift
    return blocks...(blocks + rows)
  }

  /// Where the row of an identity lies in its block; empty where it has an entry of its own.
  @inline(__always)
  static func range(_ block: RawSpan, _ identity: UInt64) throws -> Range<Int> {
    let place = place(identity)
    try block.require(1, at: 0)
    let count = Int(block.byte(0))
    let start = 1 + 2 * count
    guard place < count, start <= block.byteCount else {
      throw StemmaError.damaged("rows", "a block has too few rows")
    }
    let first = place == 0 ? 0 : Int(block.little16(2 * place - 1))
    let last = Int(block.little16(2 * place + 1))
    guard first <= last, start + last <= block.byteCount else {
      throw StemmaError.damaged("rows", "a block contradicts its length")
    }
    return start + first..<start + last
  }
}

extension Reading {
  /// The row of an identity that is in no sealed range; `nil` where it is missing.
  @_lifetime(copy self)
  @inline(__always)
  func row(_ table: Table, _ identity: UInt64) throws -> RawSpan? {
    guard let block = try get(table, RowBlock.key(identity).bytes) else { return nil }
    let range = try RowBlock.range(block, identity)
    if range.isEmpty { return try get(table, RowBlock.longKey(identity).bytes) }
    return block.extracting(range)
  }
}
