// A filter over an index seek need not compare again what the seek was asked for.
//
// What is proven: the seek meets only nodes whose first properties equal its values at the snapshot
// (values that an index keeps cut, and lists and their kin, are looked at by the seek itself), and
// the condition in the filter is the same equality of the same property with the same expression.
// Ranges stay: the order of an index is finer than that of comparisons, where moments are equal and
// their offsets differ. Filters are looked at as long as nothing but filters lies between them and
// the seek. A plan that writes keeps its filters: what is read there may have changed since.

import Base
import Cypher

/// Drops comparisons that an index seek makes.
package struct IndexAnswersRule: PlanRule {
  package let name = "index-answers"

  package init() {}

  package func apply(to plan: Plan, output: SlotSet, _ catalog: any Catalog) -> Plan? {
    if plan.isWriting { return nil }
    return plan.rewriting { plan in
      guard case .filter(let predicates) = plan.operation, let input = plan.inputs.first,
        let step = input.seekBelowFilters
      else { return nil }
      let open = predicates.filter { !step.answers($0) }
      guard open.count < predicates.count else { return nil }
      if open.isEmpty { return input }
      var result = plan
      result.operation = .filter(open)
      return result
    }
  }
}

extension Plan {
  /// The seek at the end of a chain of filters.
  fileprivate var seekBelowFilters: IndexSeekStep? {
    switch operation {
    case .indexSeek(let step): return step
    case .filter: return inputs.first?.seekBelowFilters
    default: return nil
    }
  }
}

extension IndexSeekStep {
  /// Whether a node is met only where a predicate is true of it.
  fileprivate func answers(_ predicate: BoundExpression) -> Bool {
    let slots = predicate.readSlots.subtracting([slot])
    guard let constraint = PropertyConstraint(predicate, on: slot, bound: slots) else {
      return false
    }
    return constraint.comparison == .equal
      && zip(index.properties, prefix).contains { property, value in
        property == constraint.property && value == constraint.value
      }
  }
}
