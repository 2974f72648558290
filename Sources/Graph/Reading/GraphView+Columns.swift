// Reading sealed columns: single values, and all that a range has of one node or edge.

import Base
import Store

extension GraphView {
  /// The value of a place of a column, `.null` where it has none.
  func value(_ column: ColumnChunk, _ place: Int, _ chunk: RawSpan) throws -> Value {
    guard let rank = try column.rank(of: place, chunk) else { return .null }
    return try value(column, rank: rank, chunk)
  }

  /// The value of a rank below the column's count.
  @inline(__always)
  func value(_ column: ColumnChunk, rank: Int, _ chunk: RawSpan) throws -> Value {
    switch column.encoding {
    case ColumnChunk.Encoding.integers: return .integer(column.integer(rank, chunk))
    case ColumnChunk.Encoding.floats: return .float(column.float(rank, chunk))
    case ColumnChunk.Encoding.booleans: return .boolean(column.boolean(rank, chunk))
    case ColumnChunk.Encoding.dictionary:
      let found = try column.entry(try column.code(rank, chunk), chunk)
      return try PropertyCodec.decode(chunk, at: found.offset, count: found.count)
    default:
      let found = try column.plain(rank, chunk)
      guard found.count > 0, chunk.byte(found.offset) == ColumnChunk.referenceTag else {
        return try PropertyCodec.decode(chunk, at: found.offset, count: found.count)
      }
      return try textInLog(chunk, found.offset + 1)
    }
  }

  /// The text that an entry of a column refers to.
  private func textInLog(_ chunk: RawSpan, _ start: Int) throws -> Value {
    var next = start
    let transaction = TransactionNumber(try chunk.variable(&next))
    let (offset, count) = (try chunk.variable(&next), try chunk.variable(&next))
    guard let record = try reading.get(.log, LogWriter.logKey(transaction).bytes),
      offset <= UInt64(record.byteCount), count <= UInt64(record.byteCount) - offset
    else { throw StemmaError.damaged("chunks", "a text is not where it was in the log") }
    return .string(try PropertyCodec.text(record, Int(offset), Int(count)))
  }

  /// All that the columns of a range have of one node or edge, in the order of their symbols.
  func sealedProperties(
    _ kind: UInt8, _ identity: UInt64
  ) throws -> [(name: Symbol, value: Value)] {
    let prefix = ChunkKey.key(kind, head.layout.range(of: identity))
    let place = head.layout.place(of: identity)
    var result: [(name: Symbol, value: Value)] = []
    var cursor = try reading.cursor(.chunks)
    var isThere = try cursor.seek(prefix.bytes)
    while isThere, cursor.keyStarts(with: prefix.bytes) {
      guard cursor.key.byteCount == 9 else {
        throw StemmaError.damaged("chunks", "a key has the wrong length")
      }
      let chunk = cursor.value
      let value = try value(try ColumnChunk(chunk, head.layout), place, chunk)
      if !value.isNull { result.append((Symbol(cursor.key.big32(5)), value)) }
      isThere = try cursor.next()
    }
    return result
  }
}
