// ORDER BY, and ORDER BY with LIMIT (top k). Rows are collected with their keys; a permutation is
// sorted, never the rows. With a limit the collection is cut back whenever it has grown too far;
// what is too much for memory all the same goes to disk in sorted parts.

import Base
package import Graph

/// A sort key.
package struct SortKey: Sendable {
  package var expression: CompiledExpression
  package var isDescending: Bool

  package init(expression: CompiledExpression, isDescending: Bool) {
    self.expression = expression
    self.isDescending = isDescending
  }
}

/// Emits the input in order; with a limit only its first rows.
package final class SortOperator: Operator {
  private let input: any Operator
  private let keys: [SortKey]
  /// How many rows may come out: the sum of SKIP and LIMIT.
  private let limits: [CompiledExpression]
  /// Whether the input comes in the order of the first key, so that it need not be read to its end.
  private let isPresorted: Bool
  @exclusivity(unchecked) private var source: Batch
  @exclusivity(unchecked) private var rows: RowBuffer
  @exclusivity(unchecked) private var keyColumns: [Column]
  @exclusivity(unchecked) private var scratch = Column()
  @exclusivity(unchecked) private var order: [Int32] = []
  @exclusivity(unchecked) private var position = 0
  @exclusivity(unchecked) private var isSorted = false
  @exclusivity(unchecked) private var heldKeys = HeldMemory()
  @exclusivity(unchecked) private var runs: SortedRuns?

  /// `slots` are kept; `limits` are counts whose sum bounds the output, empty for all rows.
  package init(
    input: any Operator, keys: [SortKey], limits: [CompiledExpression], isPresorted: Bool = false,
    slots: [Int], slotCount: Int
  ) {
    self.input = input
    self.keys = keys
    self.limits = limits
    self.isPresorted = isPresorted
    source = Batch(slotCount: slotCount)
    rows = RowBuffer(slots: slots, slotCount: slotCount)
    keyColumns = [Column](repeating: Column(), count: keys.count)
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    if !isSorted { try collect(graph, run) }
    try run.checkpoint()
    if let runs { return try runs.next(into: &batch, limit: limit, run) }
    let end = min(order.count, position + limit)
    rows.gather(order[position..<end], into: &batch)
    defer { position = end }
    return end > position
  }

  private func collect(_ graph: borrowing GraphView, _ run: ExecutionRun) throws {
    isSorted = true
    var most = Int.max
    if !limits.isEmpty {
      most = 0
      for limit in limits {
        let (sum, overflow) = most.addingReportingOverflow(
          try RowCount.evaluate(limit, "LIMIT", graph, run))
        most = overflow ? .max : sum
      }
    }
    var asked = isPresorted ? min(run.batchRows, firstAsked(most)) : run.batchRows
    while try input.next(into: &source, limit: asked, graph, run) {
      try run.checkpoint()
      asked = isPresorted ? next(asked, source.selectedCount, most) : run.batchRows
      asked = min(asked, run.batchRows)
      for index in keys.indices {
        scratch = try keys[index].expression.column(source, graph, run.evaluation)
        if rows.count == 0 { keyColumns[index].reset(to: scratch.kind) }
        keyColumns[index].append(rows: source.selection, of: scratch)
        try heldKeys.add(scratch.approximateBytes(of: source.selection), run)
      }
      try rows.append(source, run)
      if isPresorted, isComplete(most) { break }
      if !isPresorted, let folder = run.spillFolder(holding: heldBytes) {
        try spill(into: folder, most, run)
      } else if !isPresorted, most < Int.max / 4, rows.count > 2 * most + 4 * run.batchRows {
        try sort(run)
        cut(to: most)
      }
    }
    if runs != nil, let folder = run.evaluation.surroundings.temporaryFolder {
      return try spill(into: folder, most, run)
    }
    try sort(run)
    if order.count > most { order.removeLast(order.count - most) }
    position = 0
  }

  /// How many rows that come in order to ask for first: few of them will be needed. A batch costs
  /// as much as some dozens of its rows, so that it is worth to have some to spare.
  private func firstAsked(_ most: Int) -> Int {
    max(16, min(most, Batch.capacity / Self.spareRows - 1) * Self.spareRows + Self.spareRows)
  }

  /// Asked for per row that is wanted, for those that are dropped on the way.
  private static let spareRows = 4

  /// How many rows to ask for next, where so many were asked for and so many came: as many as make
  /// up the rows that are wanted and the one behind them, if the share of those that come stays.
  private func next(_ asked: Int, _ gained: Int, _ most: Int) -> Int {
    let missing = most - min(most, rows.count + gained) + 1
    guard missing > 1 || rows.count + gained == most, missing < Batch.capacity else {
      return asked * 2
    }
    return min(asked * 2, max(16, missing * asked / max(1, gained) + 1))
  }

  private var heldBytes: Int { rows.heldBytes + heldKeys.bytes }

  /// Puts the rows that are held on disk, in order, no more than can come out.
  private func spill(into folder: String, _ most: Int, _ run: ExecutionRun) throws {
    try sort(run)
    if order.count > most { order.removeLast(order.count - most) }
    let runs =
      try self.runs
      ?? SortedRuns(
        in: folder, isDescending: keys.map(\.isDescending), slots: rows.slots, most: most)
    self.runs = runs
    try runs.add(order, keys: keyColumns, rows: rows, bytes: heldBytes, run)
    rows.clear()
    heldKeys.giveBack()
    for index in keyColumns.indices { keyColumns[index].reset(to: keyColumns[index].kind) }
    order.empty()
  }

  /// Whether the rows that are wanted are surely among those collected: the last one lies behind
  /// the last that is wanted by the first key alone. Long strings are in an index only by their
  /// beginnings, so that they prove nothing.
  private func isComplete(_ wanted: Int) -> Bool {
    guard wanted > 0, rows.count > wanted else { return wanted == 0 }
    let last = keyColumns[0][rows.count - 1]
    let boundary = keyColumns[0][wanted - 1]
    for case .string(let text) in [last, boundary] where text.utf8Count >= Self.indexedBytes {
      return false
    }
    return last.order(against: boundary) != 0
  }

  /// Strings of fewer bytes are whole in an index.
  private static let indexedBytes = 400

  private func sort(_ run: ExecutionRun) throws {
    let comparison = RowComparison(
      columns: keyColumns, isDescending: keys.map(\.isDescending))
    order.empty()
    order.append(contentsOf: 0..<Int32(rows.count))
    try run.tick(work: rows.count)
    // What comes from an index is mostly in order already.
    let isInOrder = try (1..<max(1, rows.count)).allSatisfy { row in
      try run.tick()
      return comparison.compare(row - 1, row) <= 0
    }
    if isInOrder { return }
    try order.sort { left, right in
      try run.tick()
      let result = comparison.compare(Int(left), Int(right))
      return result == 0 ? left < right : result < 0
    }
  }

  /// Keeps only the first rows in order.
  private func cut(to count: Int) {
    heldKeys.keep(count, of: rows.count)
    let first = Array(order.prefix(count))
    rows.keep(first)
    for index in keyColumns.indices {
      var kept = Column()
      kept.gather(first, of: keyColumns[index])
      keyColumns[index] = kept
    }
  }

  package func rewind() {
    input.rewind()
    source.clear()
    rows.clear()
    for index in keyColumns.indices { keyColumns[index].reset(to: .values) }
    order.empty()
    position = 0
    isSorted = false
    heldKeys.giveBack()
    runs = nil
  }
}
