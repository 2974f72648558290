// DISTINCT over some slots: a row passes when its values have not been seen.

import Base
package import Graph

/// Passes on the first row of each combination of values, by Cypher's equivalence.
package final class DistinctOperator: Operator {
  private let input: any Operator
  private let slots: [Int]
  private var seen = SplitSet<EquivalenceKey>()
  private var seenNodes = NodeSet()
  private var held = HeldMemory()
  /// What `seen` holds.
  private var seenBytes = 0
  private var kept: [Int32] = []

  package init(input: any Operator, slots: [Int]) {
    self.input = input
    self.slots = slots
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    while try input.next(into: &batch, limit: limit, graph, run) {
      kept.removeAll(keepingCapacity: true)
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

  private func keepNewNodes(_ batch: Batch) {
    let nodes = batch.columns[slots[0]].nodes
    batch.forEachSelected { row in
      if seenNodes.insert(nodes[row]) { kept.append(Int32(truncatingIfNeeded: row)) }
    }
  }

  private func keepNewRows(_ batch: Batch, _ run: ExecutionRun) throws {
    try batch.forEachSelected { row in
      try run.tick()
      let key = EquivalenceKey(batch, slots, row)
      // A node may have come in a typed column before.
      if slots.count == 1, case .node(let node) = key.values[0] {
        if seenNodes.insert(node) { kept.append(Int32(truncatingIfNeeded: row)) }
        return
      }
      if seen.insert(key) {
        kept.append(Int32(truncatingIfNeeded: row))
        seenBytes += key.values.reduce(64) { $0 + $1.estimatedBytes }
      }
    }
  }

  package func rewind() {
    input.rewind()
    seen.removeAll()
    seenNodes.removeAll()
    seenBytes = 0
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
