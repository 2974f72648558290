// Grouping and aggregation by hashing. Groups come out in the order in which they were first met.

import Base
package import Graph
package import Planner

/// A grouping key or the arguments of an aggregating function, compiled.
package struct AggregateCall: Sendable {
  package var slot: Int
  package var function: AggregateFunction
  package var isDistinct: Bool
  package var arguments: [CompiledExpression]

  package init(
    slot: Int, function: AggregateFunction, isDistinct: Bool, arguments: [CompiledExpression]
  ) {
    self.slot = slot
    self.function = function
    self.isDistinct = isDistinct
    self.arguments = arguments
  }
}

/// Collects all rows into groups, then emits one row per group.
package final class AggregateOperator: Operator {
  private let input: any Operator
  private let keys: [SlotAssignment]
  private let calls: [AggregateCall]
  private let slotCount: Int
  private var keyColumns: [Column]
  private var argumentColumns: [[Column]]
  private var groups = GroupTable()
  private var groupOfRow: [Int32] = []
  private var accumulators: [[AggregateAccumulator]]
  private var isCollected = false
  private var position = 0

  package init(
    input: any Operator, keys: [SlotAssignment], calls: [AggregateCall], slotCount: Int
  ) {
    self.input = input
    self.keys = keys
    self.calls = calls
    self.slotCount = slotCount
    keyColumns = [Column](repeating: Column(), count: keys.count)
    argumentColumns = calls.map { [Column](repeating: Column(), count: $0.arguments.count) }
    accumulators = [[AggregateAccumulator]](repeating: [], count: calls.count)
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    if !isCollected { try collect(graph, run) }
    try run.checkpoint()
    let end = min(groups.count, position + limit)
    batch.clear()
    guard position < end else { return false }
    for (index, key) in keys.enumerated() {
      batch.columns[key.slot].reset(to: .values)
      for group in position..<end {
        batch.columns[key.slot].values.append(groups.keys[group].values[index])
      }
    }
    for (index, call) in calls.enumerated() {
      batch.columns[call.slot].reset(to: .values)
      for group in position..<end {
        batch.columns[call.slot].values.append(try accumulators[index][group].result())
      }
    }
    batch.rowCount = end - position
    position = end
    return true
  }

  private func collect(_ graph: borrowing GraphView, _ run: ExecutionRun) throws {
    isCollected = true
    // Without keys there is one group even of no rows.
    if keys.isEmpty { _ = groups.index(of: EquivalenceKey([])) }
    growAccumulators()
    var batch = Batch(slotCount: slotCount)
    while try input.next(into: &batch, limit: run.batchRows, graph, run) {
      try run.checkpoint()
      for index in keys.indices {
        keyColumns[index] = try keys[index].expression.column(batch, graph, run.evaluation)
      }
      let before = groups.count
      assignGroups(batch)
      try run.charge(memoryBytes: (groups.count - before) * (64 + 48 * calls.count))
      growAccumulators()
      for index in calls.indices { try accumulate(index, batch, graph, run) }
    }
  }

  private func assignGroups(_ batch: Batch) {
    groupOfRow.removeAll(keepingCapacity: true)
    if keys.isEmpty {
      groupOfRow.append(contentsOf: repeatElement(0, count: batch.rowCount))
      return
    }
    groupOfRow.append(contentsOf: repeatElement(0, count: batch.rowCount))
    if keys.count == 1, keyColumns[0].kind == .nodes, keyColumns[0].nulls.isEmpty {
      batch.forEachSelected { groupOfRow[$0] = groups.index(of: keyColumns[0].nodes[$0]) }
    } else {
      batch.forEachSelected { row in
        groupOfRow[row] = groups.index(of: EquivalenceKey(keyColumns.map { $0[row] }))
      }
    }
  }

  private func growAccumulators() {
    for index in calls.indices {
      while accumulators[index].count < groups.count {
        accumulators[index].append(
          AggregateAccumulator(calls[index].function, isDistinct: calls[index].isDistinct))
      }
    }
  }

  private func accumulate(
    _ index: Int, _ batch: Batch, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws {
    let call = calls[index]
    for argument in call.arguments.indices {
      argumentColumns[index][argument] = try call.arguments[argument].column(
        batch, graph, run.evaluation)
    }
    let columns = argumentColumns[index]
    if keys.isEmpty, columns.count < 2 {
      let before = accumulators[index][0].memoryBytes
      if columns.isEmpty {
        accumulators[index][0].add(rows: batch.selectedCount)
      } else {
        try accumulators[index][0].add(columns[0], batch)
      }
      return try run.charge(memoryBytes: accumulators[index][0].memoryBytes - before)
    }
    var bytes = 0
    try batch.forEachSelected { row in
      let group = Int(groupOfRow[row])
      let before = accumulators[index][group].memoryBytes
      try accumulators[index][group].add(
        columns.isEmpty ? .null : columns[0][row],
        second: columns.count > 1 ? columns[1][row] : .null)
      bytes += accumulators[index][group].memoryBytes - before
    }
    try run.charge(memoryBytes: bytes)
  }

  package func rewind() {
    input.rewind()
    groups = GroupTable()
    accumulators = [[AggregateAccumulator]](repeating: [], count: calls.count)
    isCollected = false
    position = 0
  }
}

/// Numbers groups by their keys.
struct GroupTable {
  private(set) var keys: [EquivalenceKey] = []
  private var numbers: [EquivalenceKey: Int32] = [:]
  /// Single keys that are nodes, which cost no allocation per row.
  private var nodeNumbers: [NodeID: Int32] = [:]

  var count: Int { keys.count }

  mutating func index(of key: EquivalenceKey) -> Int32 {
    if key.values.count == 1, case .node(let node) = key.values[0] { return index(of: node) }
    if let number = numbers[key] { return number }
    let number = Int32(keys.count)
    numbers[key] = number
    keys.append(key)
    return number
  }

  mutating func index(of node: NodeID) -> Int32 {
    if let number = nodeNumbers[node] { return number }
    let number = Int32(keys.count)
    nodeNumbers[node] = number
    keys.append(EquivalenceKey([.node(node)]))
    return number
  }
}
