// Building aggregations: which of them count and add up columns where they lie, and which run in
// parts on all processors.

import Base
import Planner

extension OperatorBuilder {
  func aggregate(
    _ plan: Plan, _ aggregation: BoundAggregation, _ argument: any Operator
  ) throws -> any Operator {
    var parts: AggregateParts?
    if profile == nil, let source = run.source, let scan = plan.inputs[0].dividedScan,
      aggregation.expressions.allSatisfy(\.isRepeatable)
    {
      let builder = self
      parts = AggregateParts(label: scan.label, source: source) {
        try builder.worker(plan, aggregation)
      }
    }
    return try aggregate(plan, aggregation, argument, parts)
  }

  /// Operators for another thread, with a run of their own.
  private func worker(_ plan: Plan, _ aggregation: BoundAggregation) throws -> AggregateWorker {
    let own = EvaluationContext(
      parameters: run.evaluation.parameters, statementTime: run.evaluation.statementTime,
      surroundings: run.evaluation.surroundings, place: run.evaluation.place)
    var builder = OperatorBuilder(
      plan: self.plan, procedures: procedures,
      run: ExecutionRun(evaluation: own, batchRows: run.batchRows))
    let scans = BuiltScans()
    builder.scans = scans
    let aggregate = try builder.aggregate(
      plan, aggregation, ArgumentOperator(slotCount: slotCount), nil)
    // The input of an operator is built before its expressions, so before scans of subqueries.
    guard let scan = scans.all.first else { throw builder.notAnOperator(plan) }
    return AggregateWorker(builder.run, aggregate, scan)
  }

  private func aggregate(
    _ plan: Plan, _ aggregation: BoundAggregation, _ argument: any Operator,
    _ parts: AggregateParts?
  ) throws -> AggregateOperator {
    var input: (any Operator)?
    var totals: ColumnTotals?
    // A stage of a writing query begins with the rows of the stage before, whatever its plan says.
    if profile == nil, !run.evaluation.isWriting, let step = plan.inputs[0].scannedColumns {
      let scan = try columnScan(plan.inputs[0], step, argument)
      totals = ColumnTotals(scan, slot: step.slot, aggregation)
      if totals != nil {
        input = scan
        scans?.all.append(scan)
      }
    }
    return AggregateOperator(
      input: try input ?? build(plan.inputs[0], argument: argument),
      keys: try aggregation.keys.map {
        SlotAssignment(slot: $0.slot.index, expression: try compile($0.expression))
      },
      calls: try aggregation.calls.map {
        AggregateCall(
          slot: $0.slot.index, function: $0.function, isDistinct: $0.isDistinct,
          arguments: try compile($0.arguments))
      }, slotCount: slotCount, parts: parts, totals: totals)
  }

  func columnScan(
    _ plan: Plan, _ step: ColumnScanStep, _ argument: any Operator
  ) throws -> ColumnScanOperator {
    ColumnScanOperator(
      input: try build(plan.inputs[0], argument: argument), step: step,
      values: try compile(step.comparisons.map(\.value)), carried: plan.carried.map(\.index),
      slotCount: slotCount)
  }
}

/// The scans among the operators that a builder has made, in the order in which it made them.
final class BuiltScans {
  @exclusivity(unchecked) var all: [any DividedScan] = []
}

extension Plan {
  /// The scan of columns that this is, for the one row that a query begins with; a scan of all
  /// nodes of a label is one without comparisons.
  fileprivate var scannedColumns: ColumnScanStep? {
    guard isFirst else { return nil }
    switch operation {
    case .columnScan(let step): return step
    case .nodeScan(let slot, let label?):
      return ColumnScanStep(slot: slot, label: label, comparisons: [])
    default: return nil
    }
  }

  /// The scan at the beginning (of all nodes for no label), where every row that comes out is
  /// made from one node that is scanned, so that parts of the scan give parts of the rows, and
  /// nothing varies between calls.
  fileprivate var dividedScan: (slot: Slot, label: Text?)? {
    switch operation {
    case .columnScan(let step): isFirst ? (step.slot, step.label) : nil
    case .nodeScan(let slot, let label): isFirst ? (slot, label) : nil
    case .filter(let predicates), .prefilter(let predicates):
      predicates.allSatisfy(\.isRepeatable) ? inputs[0].dividedScan : nil
    case .project(let items):
      items.allSatisfy(\.expression.isRepeatable) ? inputs[0].dividedScan : nil
    case .expand, .edgeEnds, .path: inputs[0].dividedScan
    default: nil
    }
  }

  /// Whether the input is the one row that a query begins with.
  private var isFirst: Bool {
    guard let input = inputs.first, case .argument(let slots) = input.operation else {
      return false
    }
    return slots.isEmpty
  }
}
