// Where the columns of ranges that follow each other are sought: those of one range, and of the
// next one, mostly lie beside each other.

import Base
import Store

/// A place in the table of columns, within one snapshot. Make one per batch of ranges, not per
/// range.
package struct ColumnReader: ~Copyable, ~Escapable {
  private var cursor: Cursor
  /// The column that was asked for last but one: a scan asks for one more than once.
  private var known: RawSpan?
  private var knownName = Symbol(0)
  private var knownRange: UInt32 = 0

  @_lifetime(copy cursor)
  fileprivate init(_ cursor: consuming Cursor) {
    self.cursor = cursor
    known = nil
  }

  /// The column of a property in a range; `nil` where no node of the range was created with it.
  @_lifetime(copy self)
  @inline(__always)
  mutating func chunk(_ name: Symbol, range: UInt32) throws -> RawSpan? {
    if let known, knownRange == range, knownName == name { return known }
    let key = ChunkKey.key(ChunkKey.nodeColumn, range, name)
    if cursor.isValid {
      // What is wanted often is the next one.
      let last = cursor.value
      let lastKey = cursor.key
      if lastKey.byteCount == 9 {
        let (lastRange, lastName) = (lastKey.big32(1), Symbol(lastKey.big32(5)))
        if lastRange == range, lastName == name { return last }
        (known, knownRange, knownName) = (last, lastRange, lastName)
      }
      if try cursor.next(), cursor.key.order(against: key.bytes) == 0 { return cursor.value }
    }
    guard try cursor.find(key.bytes) else { return nil }
    return cursor.value
  }
}

extension GraphView {
  @_lifetime(copy self)
  package func columnReader() throws -> ColumnReader {
    ColumnReader(try reading.cursor(.chunks))
  }
}
