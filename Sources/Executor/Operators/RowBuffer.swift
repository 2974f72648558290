// Rows that an operator keeps: sorting, joins, and the stages of writing queries. Columns grow over
// all rows; memory is charged to the run.

import Base
package import Graph

/// Any number of rows with the slots that are needed later.
package struct RowBuffer {
  /// The slots that are kept; the others are empty in every batch that comes out.
  package let slots: [Int]
  package let slotCount: Int
  package private(set) var columns: [Column]
  package private(set) var count = 0
  private var held = HeldMemory()
  /// What the rows hold, roughly.
  package var heldBytes: Int { held.bytes }

  package init(slots: [Int], slotCount: Int) {
    self.slots = slots
    self.slotCount = slotCount
    columns = [Column](repeating: Column(), count: slots.count)
  }

  /// Appends the rows of a batch that count. Slots that are not bound there become null.
  package mutating func append(_ batch: Batch, _ run: ExecutionRun) throws {
    var bytes = 0
    let added = batch.selectedCount
    for (index, slot) in slots.enumerated() {
      let source = batch.columns[slot]
      if count == 0, source.count == batch.rowCount, columns[index].kind != source.kind {
        columns[index].reset(to: source.kind)
      }
      if source.count < batch.rowCount {
        for _ in 0..<added { columns[index].appendNull() }
        bytes += added * 8
      } else {
        columns[index].append(rows: batch.selection, of: source)
        bytes += source.approximateBytes(of: batch.selection)
      }
    }
    count += added
    try held.add(bytes, run)
  }

  /// All rows as one batch of any size; the buffer is empty afterwards, and what the rows hold is
  /// given back when it is cleared.
  package mutating func takeBatch() -> Batch {
    var batch = Batch(slotCount: slotCount)
    for (index, slot) in slots.enumerated() { swap(&batch.columns[slot], &columns[index]) }
    batch.rowCount = count
    count = 0
    return batch
  }

  /// Forgets the rows, keeping buffers.
  package mutating func clear() {
    for index in columns.indices { columns[index].reset(to: columns[index].kind) }
    count = 0
    held.giveBack()
  }

  /// Keeps only these rows, in this order.
  package mutating func keep(_ rows: [Int32]) {
    held.keep(rows.count, of: count)
    for index in columns.indices {
      var kept = Column()
      kept.gather(rows, of: columns[index])
      columns[index] = kept
    }
    count = rows.count
  }

  /// Replaces `batch` with the rows from `start`.
  package func copy(from start: Int, count: Int, into batch: inout Batch) {
    let rows = (start..<start + count).map { Int32($0) }
    gather(rows[...], into: &batch)
  }

  /// Replaces `batch` with the rows at `rows`, in that order.
  package func gather(_ rows: ArraySlice<Int32>, into batch: inout Batch) {
    batch.clear()
    let picked = Array(rows)
    for (index, slot) in slots.enumerated() {
      batch.columns[slot].gather(picked, of: columns[index])
    }
    batch.rowCount = picked.count
  }
}

extension Column {
  /// Roughly what the values of a general column hold, in bytes.
  var approximateBytes: Int {
    guard kind == .values else { return count * 8 }
    return values.reduce(0) { $0 + $1.estimatedBytes }
  }

  /// Roughly what the values of some rows hold, of all for `nil`.
  func approximateBytes(of rows: [Int32]?) -> Int {
    guard let rows else { return approximateBytes }
    guard kind == .values, !isEmpty else { return rows.count * 8 }
    return rows.reduce(0) { $0 + values[Int($1)].estimatedBytes }
  }
}
