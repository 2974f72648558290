// Building aggregations: which of them count and add up columns where they lie, and which run in
// parts on all processors.

import Base
import Planner

extension OperatorBuilder {
  func aggregate(
    _ plan: Plan, _ aggregation: BoundAggregation, _ argument: any Operator
  ) throws -> any Operator {
    guard aggregation.expressions.allSatisfy(\.isRepeatable),
      let parts = try parts(
        of: plan.inputs[0],
        { builder, argument in try builder.aggregate(plan, aggregation, argument, nil) })
    else { return try aggregate(plan, aggregation, argument, nil) }
    return try undivided.aggregate(plan, aggregation, argument, parts)
  }

  private func aggregate(
    _ plan: Plan, _ aggregation: BoundAggregation, _ argument: any Operator,
    _ parts: ScanParts<AggregateOperator>?
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
}
