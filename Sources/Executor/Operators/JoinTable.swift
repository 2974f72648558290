// The rows that a join holds, found by their keys. Rows of one key come in the order in which they
// were added.

import Base
import Graph

/// Rows by keys.
struct JoinTable {
  private(set) var rows: RowBuffer
  private var groups = GroupTable()
  /// Of each key its first and its last row, and after each row the next of its key; -1 for none.
  private var firstRows: [Int32] = []
  private var lastRows: [Int32] = []
  private var nextRows: [Int32] = []
  private var groupOfRow: [Int32] = []
  private var held = HeldMemory()

  /// What a key takes beside its values, and a row beside its slots.
  private static let bytesPerKey = 128
  private static let bytesPerRow = 4

  init(slots: [Int], slotCount: Int) { rows = RowBuffer(slots: slots, slotCount: slotCount) }

  var isEmpty: Bool { rows.count == 0 }
  var heldBytes: Int { rows.heldBytes + held.bytes }

  /// Adds the rows of a batch that count. Keys are aligned with its rows.
  mutating func add(_ batch: Batch, _ keys: [Column], _ run: ExecutionRun) throws {
    assign(keys, batch)
    var bytes = batch.selectedCount * Self.bytesPerRow
    batch.forEachSelected { row in
      let group = Int(groupOfRow[row])
      let number = Int32(nextRows.count)
      nextRows.append(-1)
      if group < firstRows.count {
        nextRows[Int(lastRows[group])] = number
        lastRows[group] = number
      } else {
        firstRows.append(number)
        lastRows.append(number)
        bytes += Self.bytesPerKey
        for key in keys where key.kind == .values { bytes += key.values[row].estimatedBytes }
      }
    }
    try rows.append(batch, run)
    try held.add(bytes, run)
  }

  /// For each row of a batch that counts the first row with its keys, -1 where there is none.
  /// Nothing can be added any more.
  mutating func find(_ batch: Batch, _ keys: [Column], into found: inout [Int32]) {
    groups.isFrozen = true
    assign(keys, batch)
    found.removeAll(keepingCapacity: true)
    found.append(contentsOf: repeatElement(-1, count: batch.rowCount))
    batch.forEachSelected { row in
      let group = Int(groupOfRow[row])
      if group >= 0 { found[row] = firstRows[group] }
    }
  }

  /// The next row with the same keys, -1 after the last.
  @inline(__always)
  func next(after row: Int32) -> Int32 { nextRows[Int(row)] }

  private mutating func assign(_ keys: [Column], _ batch: Batch) {
    groupOfRow.removeAll(keepingCapacity: true)
    groupOfRow.append(contentsOf: repeatElement(-1, count: batch.rowCount))
    if keys.count == 1 {
      groups.assign(keys[0], batch, to: &groupOfRow)
    } else {
      groups.assign(keys, batch, to: &groupOfRow)
    }
  }

  /// The keys of all rows, column by column.
  func keys(count: Int) -> [Column] {
    var groupOfRow = [Int](repeating: 0, count: rows.count)
    for group in firstRows.indices {
      var row = firstRows[group]
      while row >= 0 {
        groupOfRow[Int(row)] = group
        row = nextRows[Int(row)]
      }
    }
    return (0..<count).map { index in
      var column = Column()
      for group in groupOfRow { column.append(groups.keys[group].values[index]) }
      return column
    }
  }

  mutating func removeAll() {
    rows.clear()
    groups.removeAll()
    firstRows.removeAll(keepingCapacity: true)
    lastRows.removeAll(keepingCapacity: true)
    nextRows.removeAll(keepingCapacity: true)
    held.giveBack()
  }
}

extension Batch {
  /// Drops the rows with a key that equals nothing, not even itself: null and NaN.
  mutating func dropUnequal(_ keys: [Column]) {
    if keys.allSatisfy({ $0.nulls.isEmpty && $0.kind != .values && $0.kind != .floats }) { return }
    var kept: [Int32] = []
    forEachSelected { row in
      if keys.allSatisfy({ $0[row].equalsItself }) { kept.append(Int32(truncatingIfNeeded: row)) }
    }
    if kept.count < selectedCount { selection = kept }
  }
}

extension Value {
  fileprivate var equalsItself: Bool {
    switch self {
    case .null: false
    case .float(let number): !number.isNaN
    default: true
    }
  }
}
