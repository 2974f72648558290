// Building what runs in parts on all processors: which plans begin with a scan that can be divided,
// and operators for other threads.

import Base
import Planner

extension OperatorBuilder {
  /// The operators of a scan with what is done per row of it, for all processors; `nil` where that
  /// cannot be divided, or is so little that handing rows over costs more.
  func gather(_ plan: Plan, _ argument: any Operator) throws -> (any Operator)? {
    if case .nodeScan = plan.operation { return nil }
    guard
      let parts = try parts(
        of: plan,
        { builder, argument in
          try builder.build(plan, argument: argument)
        })
    else { return nil }
    var builder = undivided
    let scans = BuiltScans()
    builder.scans = scans
    let here = try builder.build(plan, argument: argument)
    return GatherOperator(
      here: here, scan: try builder.first(of: scans, plan), parts: parts, slotCount: slotCount)
  }

  /// How operators over `scanned` are divided, where they can be; `make` builds those of a part.
  func parts<Top>(
    of scanned: Plan, _ make: @escaping (OperatorBuilder, any Operator) throws -> Top
  ) throws -> ScanParts<Top>? {
    guard profile == nil, isDividing, let source = run.source, let scan = scanned.dividedScan
    else { return nil }
    let builder = self
    return ScanParts(label: scan.label, source: source) {
      try builder.worker(over: scanned, make)
    }
  }

  /// Operators for another thread, with a run of their own.
  private func worker<Top>(
    over scanned: Plan, _ make: (OperatorBuilder, any Operator) throws -> Top
  ) throws -> PartWorker<Top> {
    let own = EvaluationContext(
      parameters: run.evaluation.parameters, statementTime: run.evaluation.statementTime,
      surroundings: run.evaluation.surroundings, place: run.evaluation.place)
    var builder = OperatorBuilder(
      plan: plan, procedures: procedures,
      run: ExecutionRun(evaluation: own, batchRows: run.batchRows))
    let scans = BuiltScans()
    builder.isDividing = false
    builder.scans = scans
    let top = try make(builder, ArgumentOperator(slotCount: slotCount))
    return PartWorker(builder.run, top, try builder.first(of: scans, scanned))
  }

  /// The input of an operator is built before its expressions, so before scans of subqueries.
  private func first(of scans: BuiltScans, _ plan: Plan) throws -> any DividedScan {
    guard let scan = scans.all.first else { throw notAnOperator(plan) }
    return scan
  }

  /// Builds for one thread: within a part, and what is run once per row.
  var undivided: OperatorBuilder {
    var builder = self
    builder.isDividing = false
    return builder
  }
}

/// The scans among the operators that a builder has made, in the order in which it made them.
final class BuiltScans {
  @exclusivity(unchecked) var all: [any DividedScan] = []
}

extension Plan {
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
  var isFirst: Bool {
    guard let input = inputs.first, case .argument(let slots) = input.operation else {
      return false
    }
    return slots.isEmpty
  }
}
