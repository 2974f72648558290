// DISTINCT over some slots: a row passes when its values have not been seen. When the values that
// were seen are too many for memory, no more are noted: rows with others go to disk and are looked
// at again when the input has ended, in their order, as often as it takes. What comes out, and in
// which order, does not depend on how much memory there is.

import Base
package import Graph

/// Passes on the first row of each combination of values, by Cypher's equivalence.
package final class DistinctOperator: Operator {
  private let input: any Operator
  private let slots: [Int]
  @exclusivity(unchecked) private var seen = SplitSet<EquivalenceKey>()
  @exclusivity(unchecked) private var seenValues = DistinctValues()
  @exclusivity(unchecked) private var seenNodes = NodeSet()
  @exclusivity(unchecked) private var held = HeldMemory()
  /// What `seen` and `seenValues` hold.
  @exclusivity(unchecked) private var seenBytes = 0
  @exclusivity(unchecked) private var kept: [Int32] = []
  /// Rows whose values are not noted any more, the slots that they have, and the rows that were put
  /// off before and are read now.
  @exclusivity(unchecked) private var putOff: SpilledColumns?
  @exclusivity(unchecked) private var boundSlots: [Int] = []
  @exclusivity(unchecked) private var again: SpilledColumns?
  @exclusivity(unchecked) private var unseen: [Int32] = []

  package init(input: any Operator, slots: [Int]) {
    self.input = input
    self.slots = slots
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    while try fetch(into: &batch, limit: limit, graph, run) {
      kept.empty()
      if slots.count == 1, batch.columns[slots[0]].kind == .nodes,
        batch.columns[slots[0]].nulls.isEmpty
      {
        keepNewNodes(batch)
      } else {
        try keepNewRows(batch, run)
      }
      try held.set(seenBytes + seenNodes.memoryBytes, run)
      if kept.count < batch.selectedCount { batch.selection = kept }
      if !kept.isEmpty { return true }
      try run.checkpoint()
    }
    batch.clear()
    return false
  }

  /// The next rows of the input, and after them those that were put off.
  private func fetch(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    if again == nil {
      if try input.next(into: &batch, limit: limit, graph, run) { return true }
      guard putOff != nil else { return false }
    }
    batch.clear()
    var columns = [Column](repeating: Column(), count: boundSlots.count)
    while true {
      if let again {
        let count = try again.next(into: &columns, limit: limit, run)
        if count > 0 {
          for (index, slot) in boundSlots.enumerated() { batch.columns[slot] = columns[index] }
          batch.rowCount = count
          return true
        }
      }
      again = putOff
      putOff = nil
      guard again != nil else { return false }
      forget()
    }
  }

  private func forget() {
    seen.removeAll()
    seenValues.removeAll()
    seenBytes = 0
  }

  private func keepNewNodes(_ batch: Batch) {
    let nodes = batch.columns[slots[0]].nodes
    batch.forEachSelected { row in
      if seenNodes.insert(nodes[row]) { kept.append(Int32(truncatingIfNeeded: row)) }
    }
  }

  private func keepNewRows(_ batch: Batch, _ run: ExecutionRun) throws {
    if putOff == nil, let folder = run.spillFolder(holding: seenBytes) {
      boundSlots = batch.columns.indices.filter { batch.columns[$0].count == batch.rowCount }
      putOff = try SpilledColumns(in: folder, columns: boundSlots.count)
    }
    unseen.empty()
    try batch.forEachSelected { row in
      try run.tick()
      switch slots.count == 1
        ? isNew(batch.columns[slots[0]], row) : isNew(EquivalenceKey(batch, slots, row))
      {
      case true?: kept.append(Int32(truncatingIfNeeded: row))
      case false?: break
      case nil: unseen.append(Int32(truncatingIfNeeded: row))
      }
    }
    if !unseen.isEmpty {
      try putOff?.add(unseen, of: boundSlots.map { batch.columns[$0] }, run)
    }
  }

  /// Whether the value is met for the first time; `nil` where that is not noted any more.
  private func isNew(_ column: Column, _ row: Int) -> Bool? {
    let value = row < column.count ? column[row] : .null
    // A node may have come in a typed column before.
    if case .node(let node) = value { return seenNodes.insert(node) }
    if putOff != nil { return seenValues.contains(value) ? false : nil }
    guard seenValues.insert(value) else { return false }
    seenBytes += 64 + value.estimatedBytes
    return true
  }

  private func isNew(_ key: EquivalenceKey) -> Bool? {
    if putOff != nil { return seen.contains(key) ? false : nil }
    guard seen.insert(key) else { return false }
    seenBytes += key.values.reduce(64) { $0 + $1.estimatedBytes }
    return true
  }

  package func rewind() {
    input.rewind()
    forget()
    seenNodes.removeAll()
    putOff = nil
    again = nil
    held.giveBack()
  }
}

extension EquivalenceKey {
  /// The values of some slots in a row; slots that are not bound count as null.
  init(_ batch: Batch, _ slots: [Int], _ row: Int) {
    self.init(
      slots.map { slot in
        row < batch.columns[slot].count ? batch.columns[slot][row] : .null
      })
  }
}
