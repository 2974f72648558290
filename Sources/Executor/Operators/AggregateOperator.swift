// Grouping and aggregation by hashing. Groups come out in the order in which they were first met.
//
// When the groups are too many for memory, no more are made: rows of others go to disk, with their
// keys and arguments, and become the input when the groups at hand have come out, as often as it
// takes. The order and the answers are the same. What a single group holds (all that collect()
// gathers, the values of a DISTINCT) must fit.

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
  @exclusivity(unchecked) private var keyColumns: [Column]
  @exclusivity(unchecked) private var argumentColumns: [[Column]]
  @exclusivity(unchecked) private var groups = GroupTable()
  @exclusivity(unchecked) private var groupOfRow: [Int32] = []
  /// The group of all rows at hand, where they have the same.
  @exclusivity(unchecked) private var onlyGroup: Int?
  @exclusivity(unchecked) private var accumulators: [[AggregateAccumulator]]
  /// What counts and sums have met of typed columns, per call.
  @exclusivity(unchecked) private var sums: [GroupSums]
  @exclusivity(unchecked) private var isCollected = false
  @exclusivity(unchecked) private var position = 0
  @exclusivity(unchecked) private var held = HeldMemory()
  @exclusivity(unchecked) private var source: Batch
  /// Rows whose groups were not made.
  @exclusivity(unchecked) private var putOff: SpilledColumns?
  /// Whether these are groups of a part, which must fit.
  @exclusivity(unchecked) private var isPartial = false
  /// How the input is divided, where it can be.
  private let parts: ScanParts<AggregateOperator>?
  /// The scan that counts and adds up by itself what is asked for, and how.
  private let totals: ColumnTotals?

  convenience package init(
    input: any Operator, keys: [SlotAssignment], calls: [AggregateCall], slotCount: Int
  ) {
    self.init(
      input: input, keys: keys, calls: calls, slotCount: slotCount, parts: nil, totals: nil)
  }

  init(
    input: any Operator, keys: [SlotAssignment], calls: [AggregateCall], slotCount: Int,
    parts: ScanParts<AggregateOperator>?, totals: ColumnTotals?
  ) {
    self.input = input
    self.parts = parts
    self.totals = totals
    self.keys = keys
    self.calls = calls
    keyColumns = [Column](repeating: Column(), count: keys.count)
    argumentColumns = calls.map { [Column](repeating: Column(), count: $0.arguments.count) }
    accumulators = [[AggregateAccumulator]](repeating: [], count: calls.count)
    sums = [GroupSums](repeating: GroupSums(), count: calls.count)
    source = Batch(slotCount: slotCount)
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    if !isCollected { try collect(graph, run) }
    if position == groups.count, putOff != nil { try collectAgain(graph, run) }
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
        batch.columns[call.slot].values.append(
          try accumulators[index][group].result { try run.tick() })
      }
    }
    batch.rowCount = end - position
    position = end
    return true
  }

  /// The groups of everything that the input has, with no thread but this one.
  func takePartial(
    _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> AggregatePartial {
    isPartial = true
    defer { isPartial = false }
    try collectHere(graph, run)
    return AggregatePartial(keys: groups.keys, accumulators: accumulators)
  }

  private func collect(_ graph: borrowing GraphView, _ run: ExecutionRun) throws {
    guard let partials = try parts?.partials(graph, run) else {
      return try collectHere(graph, run)
    }
    isCollected = true
    do { try merge(partials, run) } catch let stop as ExecutionStop where stop.reason == .memory {
      // Together they are too many: one after the other they can go to disk.
      reset()
      try collectHere(graph, run)
    }
  }

  private func merge(_ partials: [AggregatePartial], _ run: ExecutionRun) throws {
    for partial in partials {
      try run.checkpoint()
      let before = groups.count
      for (place, key) in partial.keys.enumerated() {
        let group = Int(groups.index(of: key))
        for index in calls.indices {
          if group == accumulators[index].count {
            accumulators[index].append(partial.accumulators[index][place])
          } else {
            try accumulators[index][group].merge(partial.accumulators[index][place])
          }
        }
      }
      try held.add((groups.count - before) * (64 + 48 * calls.count), run)
    }
  }

  private func collectHere(_ graph: borrowing GraphView, _ run: ExecutionRun) throws {
    isCollected = true
    // Without keys there is one group even of no rows.
    if keys.isEmpty { _ = groups.index(of: EquivalenceKey([])) }
    growAccumulators()
    if let totals, try totals.add(to: &accumulators, graph, run) { return }
    while try input.next(into: &source, limit: run.batchRows, graph, run) {
      try run.checkpoint()
      for index in keys.indices {
        keyColumns[index] = try keys[index].expression.column(source, graph, run.evaluation)
      }
      for (index, call) in calls.enumerated() {
        for argument in call.arguments.indices {
          argumentColumns[index][argument] = try call.arguments[argument].column(
            source, graph, run.evaluation)
        }
      }
      try absorb(run)
    }
    for index in calls.indices { try sums[index].flush(into: &accumulators[index]) }
  }

  /// Keys and arguments: what a row that is put off has.
  private var columnCount: Int { keys.count + calls.reduce(0) { $0 + $1.arguments.count } }

  /// Makes the rows that were put off the input.
  private func collectAgain(_ graph: borrowing GraphView, _ run: ExecutionRun) throws {
    let again = putOff
    reset()
    var columns = [Column](repeating: Column(), count: columnCount)
    while let count = try again?.next(into: &columns, limit: run.batchRows, run), count > 0 {
      try run.checkpoint()
      var next = 0
      func take(_ column: inout Column) {
        swap(&column, &columns[next])
        next += 1
      }
      for index in keys.indices { take(&keyColumns[index]) }
      for index in calls.indices {
        for argument in calls[index].arguments.indices { take(&argumentColumns[index][argument]) }
      }
      source.clear()
      source.rowCount = count
      try absorb(run)
    }
    for index in calls.indices { try sums[index].flush(into: &accumulators[index]) }
  }

  /// Adds the rows at hand to their groups.
  private func absorb(_ run: ExecutionRun) throws {
    if putOff == nil, !keys.isEmpty, !isPartial, groups.count > 0,
      let folder = run.spillFolder(holding: held.bytes)
    {
      putOff = try SpilledColumns(in: folder, columns: columnCount)
      groups.isFrozen = true
    }
    let before = groups.count
    assignGroups(source)
    if groups.isFrozen { try putOffRest(run) }
    try held.add((groups.count - before) * (64 + 48 * calls.count), run)
    growAccumulators()
    onlyGroup = groupOfAll(source)
    for index in calls.indices { try accumulate(index, source, run) }
  }

  private func groupOfAll(_ batch: Batch) -> Int? {
    if keys.isEmpty { return 0 }
    guard batch.selectedCount > 0 else { return nil }
    let first = groupOfRow[Int(batch.selection?[0] ?? 0)]
    var isSame = true
    batch.forEachSelected { isSame = isSame && groupOfRow[$0] == first }
    return isSame ? Int(first) : nil
  }

  /// Puts the rows that have no group on disk.
  private func putOffRest(_ run: ExecutionRun) throws {
    var (known, rest): ([Int32], [Int32]) = ([], [])
    source.forEachSelected { row in
      if groupOfRow[row] < 0 {
        rest.append(Int32(truncatingIfNeeded: row))
      } else {
        known.append(Int32(truncatingIfNeeded: row))
      }
    }
    guard !rest.isEmpty else { return }
    try putOff?.add(rest, of: keyColumns + argumentColumns.flatMap { $0 }, run)
    source.selection = known
  }

  private func assignGroups(_ batch: Batch) {
    if keys.isEmpty, calls.allSatisfy({ $0.arguments.count < 2 }) { return }
    groupOfRow.empty()
    if keys.isEmpty {
      groupOfRow.append(contentsOf: repeatElement(0, count: batch.rowCount))
      return
    }
    groupOfRow.append(contentsOf: repeatElement(0, count: batch.rowCount))
    if keys.count == 1 {
      groups.assign(keyColumns[0], batch, to: &groupOfRow)
    } else {
      groups.assign(keyColumns, batch, to: &groupOfRow)
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

  private func accumulate(_ index: Int, _ batch: Batch, _ run: ExecutionRun) throws {
    let call = calls[index]
    let columns = argumentColumns[index]
    if let onlyGroup, columns.count < 2, keys.isEmpty || call.isDistinct {
      let before = accumulators[index][onlyGroup].memoryBytes
      if columns.isEmpty {
        accumulators[index][onlyGroup].add(rows: batch.selectedCount)
      } else {
        try accumulators[index][onlyGroup].add(columns[0], batch)
      }
      return try held.add(accumulators[index][onlyGroup].memoryBytes - before, run)
    }
    if !call.isDistinct,
      sums[index].add(
        columns.first, call.function, groups: groupOfRow, count: groups.count, batch)
    {
      return
    }
    // The states are taken out, so that a row costs no look at the object.
    var states: [AggregateAccumulator] = []
    swap(&states, &accumulators[index])
    defer { swap(&states, &accumulators[index]) }
    var bytes = 0
    let groupOfRow = groupOfRow
    try batch.forEachSelected { row in
      let group = Int(groupOfRow[row])
      let before = states[group].memoryBytes
      try states[group].add(
        columns.isEmpty ? .null : columns[0][row],
        second: columns.count > 1 ? columns[1][row] : .null)
      bytes += states[group].memoryBytes - before
    }
    try held.add(bytes, run)
  }

  package func rewind() {
    input.rewind()
    reset()
    isCollected = false
  }

  /// Forgets the groups.
  private func reset() {
    groups.removeAll()
    for index in calls.indices {
      accumulators[index].empty()
      sums[index] = GroupSums()
    }
    source.clear()
    putOff = nil
    position = 0
    held.giveBack()
  }
}
