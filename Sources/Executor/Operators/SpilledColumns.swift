// Rows that an operator puts off for want of memory: they go to disk in the order in which they
// come, and are read back in that order, block by block.

import Base
import Graph

/// Rows of some columns on disk. Gone with the last reference to it.
final class SpilledColumns {
  private let file: SpillFile
  private var blocks: [[SpillFile.Place]] = []
  /// Rows that do not make up a block yet; when rows are read, the block at hand.
  private var columns: [Column]
  private var rowCount = 0
  /// The next row of the block at hand, and the next block.
  private var row = 0
  private var nextBlock = 0
  private var isReading = false

  init(in folder: String, columns: Int) throws {
    file = try SpillFile(in: folder)
    self.columns = [Column](repeating: Column(), count: columns)
  }

  // MARK: Writing

  /// Puts rows of columns at the end.
  func add(_ rows: [Int32], of others: [Column], _ run: ExecutionRun) throws {
    for index in columns.indices { columns[index].append(rows: rows, of: others[index]) }
    rowCount += rows.count
    if rowCount >= Batch.capacity { try flush(run) }
  }

  private func flush(_ run: ExecutionRun) throws {
    guard rowCount > 0 else { return }
    let before = file.byteCount
    blocks.append(try columns.map { try file.append($0) })
    for index in columns.indices { columns[index].reset(to: columns[index].kind) }
    rowCount = 0
    try run.countSpilled(bytes: file.byteCount - before)
  }

  // MARK: Reading

  /// Replaces what is in `others` by at most `limit` of the rows that come next; returns how many
  /// there are, 0 at the end. Nothing can be added any more.
  func next(into others: inout [Column], limit: Int, _ run: ExecutionRun) throws -> Int {
    if !isReading {
      try flush(run)
      isReading = true
    }
    if row == rowCount {
      guard nextBlock < blocks.count else { return 0 }
      for (place, index) in zip(blocks[nextBlock], columns.indices) {
        try file.read(place, into: &columns[index])
      }
      nextBlock += 1
      rowCount = columns.first?.count ?? 0
      row = 0
    }
    let count = min(limit, rowCount - row)
    let rows = (row..<row + count).map { Int32(truncatingIfNeeded: $0) }
    for index in columns.indices { others[index].gather(rows, of: columns[index]) }
    row += count
    return count
  }

  /// Goes back to the first row. Nothing can be added any more.
  func restart(_ run: ExecutionRun) throws {
    if !isReading { try flush(run) }
    isReading = true
    (row, rowCount, nextBlock) = (0, 0, 0)
  }
}
