// A subquery inside an expression at run time: the operators of its plan, started again for each
// outer row.

import Base
import Graph
import Planner

/// Runs a subquery once per outer row.
///
/// It belongs to one run, and a run stays on one thread; that is why its buffers need no lock.
final class SubqueryRunner: SubqueryEvaluator, @unchecked Sendable {
  private let kind: BoundSubquery.Kind
  private let outerSlots: [Slot]
  private let column: Slot?
  /// Where a row that is counted stands for several.
  private let weight: Slot?
  private let operators: any Operator
  private let argument: ArgumentOperator
  private let run: ExecutionRun
  @exclusivity(unchecked) private var batch: Batch
  /// Numbers the outer rows where many can be asked for at once.
  private let number: Slot?

  init(
    _ subquery: BoundSubquery, weight: Slot?, number: Slot?, operators: any Operator,
    argument: ArgumentOperator, run: ExecutionRun, slotCount: Int
  ) {
    self.number = number
    kind = subquery.kind
    outerSlots = subquery.outerSlots
    column = subquery.query.columns.first?.slot
    self.weight = weight
    self.operators = operators
    self.argument = argument
    self.run = run
    batch = Batch(slotCount: slotCount)
  }

  func value(
    _ outer: [Value], _ graph: borrowing GraphView, _ context: EvaluationContext
  ) throws -> Value {
    for (slot, value) in zip(outerSlots, outer) {
      argument.row.columns[slot.index].reset(to: value.columnKind)
      argument.row.columns[slot.index].append(value)
    }
    if let number {
      argument.row.columns[number.index].reset(to: .integers)
      argument.row.columns[number.index].integers.append(0)
    }
    argument.row.rowCount = 1
    operators.rewind()
    argument.rewind()
    switch kind {
    case .exists:
      return .boolean(try operators.next(into: &batch, limit: 1, graph, run))
    case .first:
      guard try operators.next(into: &batch, limit: 1, graph, run) else { return .null }
      return values(limit: 1).first ?? .null
    case .count:
      var count: Int64 = 0
      while try operators.next(into: &batch, limit: run.batchRows, graph, run) {
        count += weight.map(addedWeights) ?? Int64(batch.selectedCount)
      }
      return .integer(count)
    case .collect:
      var collected: [Value] = []
      while try operators.next(into: &batch, limit: run.batchRows, graph, run) {
        collected += values(limit: .max)
        try run.tick()
      }
      return .list(collected)
    }
  }

  private func addedWeights(_ weight: Slot) -> Int64 {
    var sum: Int128 = 0
    batch.forEachSelected { sum += Int128(batch.columns[weight.index].integers[$0]) }
    return Int64(clamping: sum)
  }

  /// Rows that are pulled at once where only the first of each outer row counts.
  private static let rowsAtOnce = 256

  func rows(
    among rows: [Int32], _ outer: [Column], _ graph: borrowing GraphView
  ) throws -> [Int32]? {
    guard let number else { return nil }
    var kept: [Int32] = []
    var rest = rows[...]
    while !rest.isEmpty {
      start(rest, outer, number)
      var last = -1
      var isStuck = false
      while !isStuck, try operators.next(into: &batch, limit: Self.rowsAtOnce, graph, run) {
        let numbers = batch.columns[number.index].integers
        let before = last
        batch.forEachSelected { row in
          if numbers[row] == last { return }
          last = Int(numbers[row])
          kept.append(rest[rest.startIndex + last])
        }
        // One outer row has very many rows: what follows it is asked for anew.
        isStuck = before == last
      }
      rest = isStuck ? rest.dropFirst(last + 1) : []
    }
    return kept
  }

  /// Makes some outer rows the argument.
  private func start(_ rows: ArraySlice<Int32>, _ outer: [Column], _ number: Slot) {
    let picked = Array(rows)
    for (slot, column) in zip(outerSlots, outer) {
      argument.row.columns[slot.index].gather(picked, of: column)
    }
    argument.row.columns[number.index].reset(to: .integers)
    argument.row.columns[number.index].integers.append(contentsOf: 0..<Int64(picked.count))
    argument.row.rowCount = picked.count
    operators.rewind()
    argument.rewind()
  }

  private func values(limit: Int) -> [Value] {
    guard let column else { return [] }
    var values: [Value] = []
    batch.forEachSelected { row in
      if values.count < limit { values.append(batch.columns[column.index][row]) }
    }
    return values
  }
}
