// How many nodes have a label, and how many edges a type, is kept with every commit.
//
// What is proven: the present is read and nothing is written (the catalog says so: its numbers are
// exact for the whole query), all nodes of one label or all edges of one type are counted, one way,
// without a condition, a grouping or an outer row that could make it several counts.

import Base

/// Replaces counts of whole scans by what statistics say.
package struct StoredCountRule: PlanRule {
  package let name = "stored-count"

  package init() {}

  package func apply(to plan: Plan, output: SlotSet, _ catalog: any Catalog) -> Plan? {
    guard catalog.isExact, !plan.isWriting else { return nil }
    return plan.rewriting { plan in
      guard case .aggregate(let aggregation) = plan.operation, aggregation.keys.isEmpty,
        !aggregation.calls.isEmpty, let scan = plan.inputs.first, let start = scan.inputs.first,
        case .argument = start.operation, let (counted, slots, single) = scan.operation.counted
      else { return nil }
      var result = start
      for call in aggregation.calls {
        guard call.counts(slots, single) else { return nil }
        result = Plan(.storedCount(call.slot, counted), inputs: [result], rows: 1)
      }
      return result
    }
  }
}

extension PlanOperation {
  /// What a scan meets all of, the slots that it surely binds, and the one whose values are each
  /// met once.
  fileprivate var counted: (StoredCount, SlotSet, Slot)? {
    switch self {
    case .nodeScan(let slot, let label): return (.nodes(label: label), [slot], slot)
    case .edgeScan(let step)
    where !step.isFromBound && !step.isToBound && step.from != step.to && step.direction != .both
      && step.types.count <= 1 && step.distinctFrom.isEmpty:
      return (.edges(type: step.types.first), [step.edge, step.from, step.to], step.edge)
    default: return nil
    }
  }
}

extension BoundAggregateCall {
  fileprivate func counts(_ slots: SlotSet, _ single: Slot) -> Bool {
    if function == .countAll { return true }
    guard function == .count, let slot = arguments.first?.plainSlot else { return false }
    // An end of an edge may come again.
    return slots.contains(slot) && (!isDistinct || slot == single)
  }
}
