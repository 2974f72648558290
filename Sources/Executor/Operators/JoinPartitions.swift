// Both sides of a join on disk, divided by their keys (Kitsuregawa, Tanaka and Moto-oka, 1983):
// rows that can meet are in the same partition. Each partition is joined by itself; where even one
// is too large for memory, its rows are held block by block and the others read again for each
// block. What comes out does not depend on how much memory there is, but its order does.

import Base
import Graph

/// The rows of a join that are too many to be held.
final class JoinPartitions {
  /// How many there are of each side.
  private static let count = 16

  /// Rows of one side: keys first, then slots.
  private struct Side {
    var parts: [SpilledColumns]
    var slots: [Int]

    init(in folder: String, keys: Int, slots: [Int]) throws {
      self.slots = slots
      parts = try (0..<JoinPartitions.count).map { _ in
        try SpilledColumns(in: folder, columns: keys + slots.count)
      }
    }
  }

  private var streamed: Side
  private var held: Side
  private let keyCount: Int
  private let slotCount: Int
  /// The partition at hand, -1 before the first.
  private var current = -1
  private var isOpen = false

  init(
    in folder: String, keys: Int, streamedSlots: [Int], heldSlots: [Int], slotCount: Int
  ) throws {
    keyCount = keys
    self.slotCount = slotCount
    streamed = try Side(in: folder, keys: keys, slots: streamedSlots)
    held = try Side(in: folder, keys: keys, slots: heldSlots)
  }

  // MARK: Writing

  func addHeld(_ batch: Batch, _ keys: [Column], _ run: ExecutionRun) throws {
    try Self.add(batch, keys, to: held, run)
  }

  func addStreamed(_ batch: Batch, _ keys: [Column], _ run: ExecutionRun) throws {
    try Self.add(batch, keys, to: streamed, run)
  }

  private static func add(
    _ batch: Batch, _ keys: [Column], to side: Side, _ run: ExecutionRun
  ) throws {
    var rows = [[Int32]](repeating: [], count: count)
    var bytes: [UInt8] = []
    batch.forEachSelected { row in
      rows[part(of: keys, row, &bytes)].append(Int32(truncatingIfNeeded: row))
    }
    // A slot that is bound by nothing is null.
    let columns = side.slots.map { slot in
      var column = batch.columns[slot]
      if column.count < batch.rowCount {
        column.reset(to: .values)
        for _ in 0..<batch.rowCount { column.appendNull() }
      }
      return column
    }
    for part in rows.indices where !rows[part].isEmpty {
      try side.parts[part].add(rows[part], of: keys + columns, run)
    }
  }

  /// Equivalent keys are in one partition, in every run of the same query.
  private static func part(of keys: [Column], _ row: Int, _ bytes: inout [UInt8]) -> Int {
    bytes.removeAll(keepingCapacity: true)
    for key in keys { _ = OrderedEncoding.append(key[row], to: &bytes) }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: (hash ^ hash >> 32) % UInt64(count))
  }

  // MARK: Reading

  /// Replaces what is in the table by the rows that are held next; `false` where there are none.
  func fill(_ table: inout JoinTable, _ run: ExecutionRun) throws -> Bool {
    table.removeAll()
    var batch = Batch(slotCount: slotCount)
    var keys = [Column](repeating: Column(), count: keyCount)
    while current < Self.count {
      if isOpen {
        while try next(of: held, limit: run.batchRows, into: &batch, &keys, run) {
          try table.add(batch, keys, run)
          if run.spillFolder(holding: table.heldBytes) != nil { break }
        }
        if !table.isEmpty {
          try streamed.parts[current].restart(run)
          return true
        }
      }
      current += 1
      isOpen = true
    }
    return false
  }

  /// The next rows that stream past what the table was filled with.
  func next(
    into batch: inout Batch, _ keys: inout [Column], limit: Int, _ run: ExecutionRun
  ) throws -> Bool {
    guard isOpen, current < Self.count else { return false }
    return try next(of: streamed, limit: limit, into: &batch, &keys, run)
  }

  private func next(
    of side: Side, limit: Int, into batch: inout Batch, _ keys: inout [Column],
    _ run: ExecutionRun
  ) throws -> Bool {
    guard current < Self.count else { return false }
    try run.checkpoint()
    var columns = [Column](repeating: Column(), count: keyCount + side.slots.count)
    batch.clear()
    let count = try side.parts[current].next(into: &columns, limit: limit, run)
    guard count > 0 else { return false }
    for index in 0..<keyCount { keys[index] = columns[index] }
    for (index, slot) in side.slots.enumerated() { batch.columns[slot] = columns[keyCount + index] }
    batch.rowCount = count
    return true
  }
}
