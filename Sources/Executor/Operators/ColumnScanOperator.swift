// Scans with comparisons: the graph compares whole columns, and only nodes that satisfy everything
// become rows. The values to compare with are parameters or constants, evaluated once per run.

import Base
package import Cypher
package import Graph
package import Planner

/// Binds a slot to each node with a label whose properties satisfy some comparisons, for each input
/// row.
package final class ColumnScanOperator: Operator {
  @exclusivity(unchecked) private var cursor: InputCursor
  private let step: ColumnScanStep
  private let values: [CompiledExpression]
  @exclusivity(unchecked) private var scan: ColumnScan?
  @exclusivity(unchecked) private var gather: RowGather
  @exclusivity(unchecked) private var isStarted = false
  /// What was found and not yet emitted, and the next of it.
  @exclusivity(unchecked) private var found: [NodeID] = []
  @exclusivity(unchecked) private var next = 0
  @exclusivity(unchecked) private var isExhausted = false
  @exclusivity(unchecked) private var nodes: [NodeID] = []
  /// The part of the graph that is scanned; `nil` for all of it.
  @exclusivity(unchecked) private var part: Range<UInt64>?

  /// `values` are those of the step's comparisons.
  package init(
    input: any Operator, step: ColumnScanStep, values: [CompiledExpression], carried: [Int],
    slotCount: Int
  ) {
    cursor = InputCursor(input, slotCount: slotCount)
    self.step = step
    self.values = values
    gather = RowGather(carried: carried)
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    try run.checkpoint()
    batch.clear()
    if !isStarted { try start(graph, run) }
    // A label or a property that nobody ever had.
    guard scan != nil else { return false }
    while true {
      while !cursor.hasRow {
        guard try cursor.fetch(limit: run.batchRows, graph, run) else { return false }
      }
      gather.clear()
      nodes.removeAll(keepingCapacity: true)
      while cursor.hasRow, nodes.count < limit {
        if next == found.count, !isExhausted { try fill(graph, run) }
        let taken = min(limit - nodes.count, found.count - next)
        nodes.append(contentsOf: found[next..<next + taken])
        gather.append(cursor.row, times: taken)
        next += taken
        if next == found.count, isExhausted {
          cursor.advance()
          again()
        }
      }
      if nodes.isEmpty { continue }
      batch.columns[step.slot.index].reset(to: .nodes)
      gather.copy(from: cursor.batch, into: &batch)
      batch.columns[step.slot.index].nodes.append(contentsOf: nodes)
      return true
    }
  }

  private func start(_ graph: borrowing GraphView, _ run: ExecutionRun) throws {
    isStarted = true
    scan = nil
    var predicates: [ColumnPredicate] = []
    for (comparison, value) in zip(step.comparisons, values) {
      guard let name = try graph.symbol(for: comparison.property),
        let kind = ColumnPredicate.Comparison(comparison.comparison)
      else { return }
      predicates.append(
        ColumnPredicate(name, kind, try value.value(graph, run.evaluation)))
    }
    var label: Symbol?
    if let name = step.label {
      guard let symbol = try graph.symbol(for: name) else { return }
      label = symbol
    }
    scan = ColumnScan(label: label, predicates: predicates)
    if let part { scan?.restrict(to: part, graph) }
  }

  /// Counts what the scan selects for a single input row, and adds up properties of it, with no row
  /// made. `nil` where there are values that are no numbers: these must be looked at one by one.
  func totals(
    of properties: [Text], _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> (rows: Int, sums: [ColumnSum])? {
    try start(graph, run)
    var sums = [ColumnSum](repeating: ColumnSum(), count: properties.count)
    guard var scan else { return (0, sums) }
    // Taken out, so that its columns are changed where they are.
    self.scan = nil
    defer { self.scan = scan }
    let names = try properties.map { try graph.symbol(for: $0) }
    var reader = try graph.columnReader()
    let rows = try scan.sumRest(names, into: &sums, graph, &reader) {
      try run.tick(work: Self.workPerRange)
    }
    return rows.map { ($0, sums) }
  }

  /// Finds the nodes of the next ranges.
  private func fill(_ graph: borrowing GraphView, _ run: ExecutionRun) throws {
    found.removeAll(keepingCapacity: true)
    next = 0
    var reader = try graph.columnReader()
    while found.isEmpty {
      try run.tick(work: Self.workPerRange)
      let (read, skipped) = (scan?.readRanges ?? 0, scan?.skippedRanges ?? 0)
      let isThere = try scan?.next(graph, &reader) == true
      run.countRanges(
        read: (scan?.readRanges ?? 0) - read, skipped: (scan?.skippedRanges ?? 0) - skipped)
      guard isThere else {
        isExhausted = true
        return
      }
      try scan?.appendSelected(to: &found, graph, &reader)
    }
  }

  /// What reading a range costs, in steps of other loops.
  private static let workPerRange = 256

  private func again() {
    scan?.rewind()
    found.removeAll(keepingCapacity: true)
    next = 0
    isExhausted = false
  }

  package func rewind() {
    cursor.rewind()
    again()
    isStarted = false
  }
}

extension ColumnScanOperator: DividedScan {
  func restrict(to nodes: Range<UInt64>) { part = nodes }
}

extension ColumnPredicate.Comparison {
  /// `nil` for `<>`, which no interval answers.
  package init?(_ comparison: ComparisonOperator) {
    switch comparison {
    case .equal: self = .equal
    case .less: self = .less
    case .lessOrEqual: self = .lessOrEqual
    case .greater: self = .greater
    case .greaterOrEqual: self = .greaterOrEqual
    case .notEqual: return nil
    }
  }
}
