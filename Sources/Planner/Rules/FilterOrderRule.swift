// A label that a pattern asks of a node is looked up apart from the node's properties, and mostly
// every node that a relationship leads to has it. Conditions that drop more rows go first.
//
// What is proven: the label's filter stands right below one whose conditions can neither fail nor
// are random nor ask a subquery, and nothing in the plan writes. So both are true or not whatever
// else is asked, and the rows that both let through are the same, in the same order.

import Base
import Cypher

/// Puts tests of labels that drop few rows behind the conditions above them.
package struct FilterOrderRule: PlanRule {
  package let name = "filter-order"

  /// A test that keeps at least this share of the rows is worth waiting with.
  private static let keptShare = 0.75

  package init() {}

  package func apply(to plan: Plan, output: SlotSet, _ catalog: any Catalog) -> Plan? {
    if plan.isWriting { return nil }
    return plan.rewriting { plan in
      guard case .filter(let conditions) = plan.operation, let lower = plan.inputs.first,
        case .filter(let tests) = lower.operation, tests.allSatisfy(\.isLabelTest),
        lower.rows >= lower.inputs[0].rows * Self.keptShare,
        conditions.allSatisfy({ $0.isRepeatable && !$0.mayFailAsCondition })
      else { return nil }
      var result = plan
      result.operation = .filter(conditions + tests)
      result.inputs = lower.inputs
      return result
    }
  }
}

extension BoundExpression {
  /// Whether this asks for a label of a variable's node.
  fileprivate var isLabelTest: Bool {
    guard case .hasLabels(let subject, _) = kind else { return false }
    return subject.plainSlot != nil && !mayFailAsCondition
  }
}
