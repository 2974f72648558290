// The second half of an external merge sort (Knuth, The Art of Computer Programming 3, 5.4): parts
// of the rows that were sorted in memory and put on disk, merged block by block into one order.

import Base
import Graph

/// Sorted parts of all rows, on disk.
final class SortedRuns {
  /// Keys first, then slots.
  private typealias Block = [SpillFile.Place]

  /// Where the merge is in one part.
  private struct Cursor {
    var blocks: [Block]
    var next = 0
    var columns: [Column]
    var row = 0
    var rows = 0
  }

  private let file: SpillFile
  private let isDescending: [Bool]
  private let slots: [Int]
  private var cursors: [Cursor] = []
  /// The cursors that have rows, as a heap: the one with the first row on top.
  private var heap: [Int] = []
  private var isMerging = false
  /// Rows that still may come out.
  private var left: Int
  private var held = HeldMemory()

  /// A block has about so many bytes, within these bounds.
  private static let blockBytes = 4_096...(256 << 10)

  init(in folder: String, isDescending: [Bool], slots: [Int], most: Int) throws {
    file = try SpillFile(in: folder)
    self.isDescending = isDescending
    self.slots = slots
    left = most
  }

  // MARK: Writing

  /// Puts rows on disk in their order. `bytes` is what they hold in memory.
  func add(
    _ order: [Int32], keys: [Column], rows: RowBuffer, bytes: Int, _ run: ExecutionRun
  ) throws {
    let before = file.byteCount
    let wanted = min(max(bytes / 32, Self.blockBytes.lowerBound), Self.blockBytes.upperBound)
    let blockRows = max(1, wanted / max(1, bytes / max(1, rows.count)))
    var batch = Batch(slotCount: rows.slotCount)
    var key = Column()
    var blocks: [Block] = []
    for start in stride(from: 0, to: order.count, by: blockRows) {
      try run.checkpoint()
      let part = order[start..<min(order.count, start + blockRows)]
      var block: Block = []
      for column in keys {
        key.gather(Array(part), of: column)
        block.append(try file.append(key))
      }
      rows.gather(part, into: &batch)
      for slot in slots { block.append(try file.append(batch.columns[slot])) }
      blocks.append(block)
    }
    let columns = [Column](repeating: Column(), count: keys.count + slots.count)
    cursors.append(Cursor(blocks: blocks, columns: columns))
    try run.countSpilled(bytes: file.byteCount - before)
  }

  // MARK: Merging

  /// Replaces `batch` with the next rows; false where there are none.
  func next(into batch: inout Batch, limit: Int, _ run: ExecutionRun) throws -> Bool {
    if !isMerging { try begin(run) }
    batch.clear()
    var count = 0
    while count < limit, left > 0, let first = heap.first {
      try run.tick()
      for (index, slot) in slots.enumerated() {
        let place = isDescending.count + index
        if count == 0 { batch.columns[slot].reset(to: cursors[first].columns[place].kind) }
        batch.columns[slot].append(row: cursors[first].row, of: cursors[first].columns[place])
      }
      count += 1
      left -= 1
      cursors[first].row += 1
      if cursors[first].row == cursors[first].rows, try !load(first, run) {
        heap[0] = heap[heap.count - 1]
        heap.removeLast()
      }
      sink(0)
    }
    batch.rowCount = count
    return count > 0
  }

  private func begin(_ run: ExecutionRun) throws {
    isMerging = true
    for index in cursors.indices where try load(index, run) { heap.append(index) }
    for place in stride(from: heap.count / 2 - 1, through: 0, by: -1) { sink(place) }
  }

  /// Reads the next block of a part; false at its end.
  private func load(_ index: Int, _ run: ExecutionRun) throws -> Bool {
    guard cursors[index].next < cursors[index].blocks.count else { return false }
    try run.checkpoint()
    let block = cursors[index].blocks[cursors[index].next]
    var held = 0
    for (place, column) in zip(block, cursors[index].columns.indices) {
      try file.read(place, into: &cursors[index].columns[column])
      held += cursors[index].columns[column].approximateBytes
    }
    // Blocks of one part are about equally large.
    if cursors[index].next == 0 { try self.held.add(held, run) }
    cursors[index].next += 1
    cursors[index].row = 0
    cursors[index].rows = cursors[index].columns.first?.count ?? 0
    return cursors[index].rows > 0
  }

  private func sink(_ start: Int) {
    var place = start
    while true {
      var first = place
      for child in [2 * place + 1, 2 * place + 2] where child < heap.count {
        if comes(heap[child], before: heap[first]) { first = child }
      }
      if first == place { return }
      heap.swapAt(first, place)
      place = first
    }
  }

  /// Among equal rows those of the earlier part come first, as they did in the input.
  private func comes(_ left: Int, before right: Int) -> Bool {
    for key in isDescending.indices {
      let result = RowComparison.compare(
        cursors[left].columns[key], cursors[left].row, cursors[right].columns[key],
        cursors[right].row)
      if result != 0 { return isDescending[key] ? result > 0 : result < 0 }
    }
    return left < right
  }
}
