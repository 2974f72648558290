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
  private var batch: Batch

  init(
    _ subquery: BoundSubquery, weight: Slot?, operators: any Operator,
    argument: ArgumentOperator, run: ExecutionRun, slotCount: Int
  ) {
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

  private func values(limit: Int) -> [Value] {
    guard let column else { return [] }
    var values: [Value] = []
    batch.forEachSelected { row in
      if values.count < limit { values.append(batch.columns[column.index][row]) }
    }
    return values
  }
}
