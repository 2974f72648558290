// Joins rows of two inputs by equal keys: one side is held in a table, the other streams past it.
// Pairs come out in the order of the rows that stream, and for one of these in the order of the
// rows that are held, unless the table is too large for memory: then both sides go to disk.

import Base
package import Graph

/// A pair of keys, compiled.
package struct JoinKey: Sendable {
  let streamed: CompiledExpression
  let held: CompiledExpression
}

/// Pairs each row that streams with the held rows whose keys are equivalent to its own. Keys that
/// equal nothing, null and NaN, pair with nothing.
package final class HashJoinOperator: Operator {
  private let streamed: any Operator
  private let held: any Operator
  private let keys: [JoinKey]
  private let heldSlots: [Int]
  private var table: JoinTable
  private var partitions: JoinPartitions?
  private var isBuilt = false
  /// The rows that stream, with the first match of each, and where the pairs have come to.
  private var source: Batch
  private var keyColumns: [Column]
  private var matches: [Int32] = []
  private var position = 0
  private var match: Int32 = -1
  /// The rows of the pairs that come out.
  private var gather: RowGather
  private var heldRows: [Int32] = []

  init(
    streamed: any Operator, held: any Operator, keys: [JoinKey], carried: [Int],
    heldSlots: [Int], slotCount: Int
  ) {
    self.streamed = streamed
    self.held = held
    self.keys = keys
    self.heldSlots = heldSlots
    table = JoinTable(slots: heldSlots, slotCount: slotCount)
    source = Batch(slotCount: slotCount)
    keyColumns = [Column](repeating: Column(), count: keys.count)
    gather = RowGather(carried: carried)
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    if !isBuilt { try build(graph, run) }
    batch.clear()
    while true {
      try run.checkpoint()
      try pair(limit, run)
      if !heldRows.isEmpty { break }
      guard try fetch(limit, graph, run) else { return false }
    }
    gather.copy(from: source, into: &batch)
    for (slot, column) in zip(heldSlots, table.rows.columns) {
      batch.columns[slot].gather(heldRows, of: column)
    }
    return true
  }

  // MARK: Pairs

  /// Notes at most so many pairs of the rows at hand.
  private func pair(_ limit: Int, _ run: ExecutionRun) throws {
    gather.clear()
    heldRows.removeAll(keepingCapacity: true)
    while position < source.selectedCount {
      let row = source.selection.map { Int($0[position]) } ?? position
      while match >= 0 {
        if heldRows.count == limit { return }
        try run.tick()
        gather.append(row)
        heldRows.append(match)
        match = table.next(after: match)
      }
      turn(to: position + 1)
    }
  }

  private func turn(to next: Int) {
    position = next
    guard next < source.selectedCount else { return }
    match = matches[source.selection.map { Int($0[next]) } ?? next]
  }

  /// Fetches rows that stream; `false` where there are none left.
  private func fetch(
    _ limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    if let partitions {
      while try !partitions.next(into: &source, &keyColumns, limit: limit, run) {
        guard try partitions.fill(&table, run) else { return false }
      }
    } else {
      guard !table.isEmpty, try streamed.next(into: &source, limit: limit, graph, run) else {
        source.clear()
        return false
      }
      try evaluate(\.streamed, graph, run)
    }
    table.find(source, keyColumns, into: &matches)
    turn(to: 0)
    return true
  }

  /// The keys of the rows at hand, of which those with keys that equal nothing are dropped.
  private func evaluate(
    _ side: KeyPath<JoinKey, CompiledExpression>, _ graph: borrowing GraphView,
    _ run: ExecutionRun
  ) throws {
    for index in keys.indices {
      keyColumns[index] = try keys[index][keyPath: side].column(source, graph, run.evaluation)
    }
    source.dropUnequal(keyColumns)
  }

  // MARK: What is held

  private func build(_ graph: borrowing GraphView, _ run: ExecutionRun) throws {
    isBuilt = true
    while try held.next(into: &source, limit: run.batchRows, graph, run) {
      try run.checkpoint()
      try evaluate(\.held, graph, run)
      if let partitions {
        try partitions.addHeld(source, keyColumns, run)
      } else {
        try table.add(source, keyColumns, run)
        if let folder = run.spillFolder(holding: table.heldBytes) { try spill(into: folder, run) }
      }
    }
    source.clear()
    guard let partitions else { return }
    while try streamed.next(into: &source, limit: run.batchRows, graph, run) {
      try run.checkpoint()
      try evaluate(\.streamed, graph, run)
      try partitions.addStreamed(source, keyColumns, run)
    }
    source.clear()
  }

  /// Moves what is held to disk.
  private func spill(into folder: String, _ run: ExecutionRun) throws {
    let made = try JoinPartitions(
      in: folder, keys: keys.count, streamedSlots: gather.carried, heldSlots: heldSlots,
      slotCount: source.columns.count)
    let columns = table.keys(count: keys.count)
    var rows = Batch(slotCount: source.columns.count)
    table.rows.copy(from: 0, count: table.rows.count, into: &rows)
    try made.addHeld(rows, columns, run)
    table.removeAll()
    partitions = made
  }

  package func rewind() {
    streamed.rewind()
    held.rewind()
    table.removeAll()
    partitions = nil
    isBuilt = false
    source.clear()
    position = 0
    match = -1
  }
}
