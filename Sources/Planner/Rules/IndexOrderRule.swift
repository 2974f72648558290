// ORDER BY a property with LIMIT, over an index whose next property it is: the index is read in
// that order, and the sort stops when the rows that are wanted are there.
//
// Every operation between the seek and the sort must keep the order of its input. The seek holds
// every node that matches (that is a condition of choosing it), and none of them lacks the
// property, so that nulls, which no index holds, cannot be missing.

import Base

/// Reads an index in the order that is asked for.
package struct IndexOrderRule: PlanRule {
  package let name = "index-order"

  package init() {}

  package func apply(to plan: Plan, output: SlotSet, _ catalog: any Catalog) -> Plan? {
    plan.rewriting { plan in
      guard case .sort(let keys, let limits, false) = plan.operation, !limits.isEmpty,
        let first = keys.first, let input = plan.inputs.first,
        let ordered = order(input, by: first.expression, isDescending: first.isDescending)
      else { return nil }
      var result = plan
      result.operation = .sort(keys, limits: limits, isPresorted: true)
      result.inputs[0] = ordered
      return result
    }
  }

  /// The plan with its seek in the order of `key`; `nil` where that cannot be had.
  private func order(_ plan: Plan, by key: BoundExpression, isDescending: Bool) -> Plan? {
    var result = plan
    switch plan.operation {
    case .indexSeek(let step):
      guard case .argument(let slots)? = plan.inputs.first?.operation, slots.isEmpty,
        case .property(let subject, let name) = key.kind, subject.plainSlot == step.slot,
        step.prefix.count < step.index.properties.count,
        step.index.properties[step.prefix.count] == name
      else { return nil }
      var ordered = step
      ordered.isDescending = isDescending
      result.operation = .indexSeek(ordered)
      return result
    case .project(let items):
      // The key may be a column that is computed here.
      let source = items.first { $0.slot == key.plainSlot }?.expression ?? key
      guard source == key || !items.contains(where: { source.readSlots.contains($0.slot) }),
        let inner = order(plan.inputs[0], by: source, isDescending: isDescending)
      else { return nil }
      result.inputs[0] = inner
      return result
    case .filter, .prefilter, .expand, .variableExpand, .reach, .edgeEnds, .path, .keySeek,
      .identitySeek, .unwind:
      guard key.readSlots.isDisjoint(with: plan.operation.assigned),
        let inner = order(plan.inputs[0], by: key, isDescending: isDescending)
      else { return nil }
      result.inputs[0] = inner
      return result
    default: return nil
    }
  }
}
