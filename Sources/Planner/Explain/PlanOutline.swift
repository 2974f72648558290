// A plan as a tree of texts and numbers: what EXPLAIN and PROFILE tell programs.

import Base

/// One operation with those below it.
package struct PlanOutline: Sendable {
  /// The operation as EXPLAIN shows it; its first word is its kind.
  package var text: String
  /// The name of the index that it reads, where it reads one.
  package var index: String?
  package var estimatedRows: Double
  /// What it did; `nil` where the plan was not run.
  package var measured: OperationMeasurement?
  package var inputs: [PlanOutline]
}

extension PreparedPlan {
  /// The plan and those of its subqueries, in the order in which EXPLAIN shows them.
  package func outline(
    _ slots: [SlotDescription], measured: PlanMeasurements? = nil
  ) -> (root: PlanOutline, subqueries: [(kind: String, plan: PlanOutline)]) {
    let names = SlotNames(slots)
    let measured = measured?.judged(against: self)
    return (
      root.outline(names, measured),
      orderedSubqueries.map { (kind: "\($0.kind)", plan: $1.outline(names, measured)) }
    )
  }
}

extension Plan {
  fileprivate func outline(_ names: SlotNames, _ measured: PlanMeasurements?) -> PlanOutline {
    var index: String?
    if case .indexSeek(let step) = operation { index = step.index.name.string }
    return PlanOutline(
      text: operation.rendered(names), index: index, estimatedRows: rows,
      measured: measured.map { $0.operations[identifier] ?? OperationMeasurement() },
      inputs: inputs.filter { !$0.isNothing }.map { $0.outline(names, measured) })
  }

  /// The single empty row that a chain begins with.
  private var isNothing: Bool {
    if case .argument(let slots) = operation { return slots.isEmpty }
    return false
  }
}
