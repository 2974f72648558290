// Rows of nodes or edges that a transaction made and that are not in the store yet.

import Base
import Store

/// Rows under construction, one after another.
struct RowBuffer {
  /// The identity of the first row; meaningless while there is none.
  private(set) var first: UInt64 = 0
  /// The rows, and where each ends.
  var bytes: [UInt8] = []
  private var ends: [Int] = []
  /// How many of the rows are dropped.
  private var dropped = 0
  /// A block under construction, reused.
  private var block: [UInt8] = []

  var isEmpty: Bool { ends.isEmpty }

  /// Says that a row for `identity` was appended to `bytes`.
  mutating func close(_ identity: UInt64) {
    if ends.isEmpty { first = identity }
    ends.append(bytes.count)
  }

  /// Where the row of an identity lies in `bytes`.
  func range(of identity: UInt64) -> Range<Int> {
    let index = Int(identity - first)
    return (index == 0 ? 0 : ends[index - 1])..<ends[index]
  }

  /// Forgets the rows below an identity.
  mutating func drop(below identity: UInt64) {
    guard !isEmpty, identity > first else { return }
    dropped = min(ends.count, Int(identity - first))
  }

  /// Puts the rows into a table, block by block.
  mutating func flush(_ table: Table, _ store: inout WriteTransaction) throws {
    if ends.isEmpty { return }
    var index = dropped
    while index < ends.count {
      let place = RowBlock.place(first + UInt64(index))
      let end = min(ends.count, index + RowBlock.size - place)
      try write(index..<end, place, table, &store)
      index = end
    }
    bytes.removeAll(keepingCapacity: bytes.count < 1 << 20)
    ends.removeAll(keepingCapacity: true)
    dropped = 0
  }

  /// Puts some rows of one block, after those that it has.
  private mutating func write(
    _ rows: Range<Int>, _ place: Int, _ table: Table, _ store: inout WriteTransaction
  ) throws {
    let identity = first + UInt64(rows.lowerBound)
    let key = RowBlock.key(identity)
    try begin(place, key, rows.count, table, store)
    let start = 1 + 2 * (place + rows.count)
    for index in rows {
      let range = range(of: first + UInt64(index))
      if range.count <= RowBlock.longest {
        block.append(contentsOf: bytes[range])
      } else {
        let longKey = RowBlock.longKey(first + UInt64(index))
        try store.put(table, longKey.bytes, bytes.span.bytes.extracting(range))
      }
      let offset = 1 + 2 * (place + index - rows.lowerBound)
      let end = block.count - start
      block[offset] = UInt8(truncatingIfNeeded: end)
      block[offset + 1] = UInt8(truncatingIfNeeded: end >> 8)
    }
    try store.put(table, key, block)
  }

  /// Begins a block with the rows that it has, and room for where `added` more end.
  private mutating func begin(
    _ place: Int, _ key: KeyBuffer, _ added: Int, _ table: Table,
    _ store: borrowing WriteTransaction
  ) throws {
    block.removeAll(keepingCapacity: true)
    block.append(UInt8(place + added))
    let reading = store.reading
    if place > 0 {
      guard let old = try reading.get(table, key.bytes), old.byteCount > 2 * place,
        Int(old.byte(0)) == place
      else { throw StemmaError.damaged(table.name, "a block is not what comes before its rows") }
      for index in 1...2 * place { block.append(old.byte(index)) }
      block.append(contentsOf: repeatElement(0, count: 2 * added))
      block += [UInt8](copying: old.extracting((1 + 2 * place)..<old.byteCount))
    } else {
      block.append(contentsOf: repeatElement(0, count: 2 * added))
    }
  }
}
