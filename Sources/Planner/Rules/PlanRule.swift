// Rewrite rules: each looks at the whole plan and answers with a better one, or with nothing.

/// A rewrite of plans that never changes answers.
package protocol PlanRule: Sendable {
  /// As shown by EXPLAIN: `top-k`.
  var name: String { get }
  /// The rewritten plan, or `nil` where the rule has nothing to do; `output` are the slots that the
  /// plan's consumer reads.
  func apply(to plan: Plan, output: SlotSet, _ catalog: any Catalog) -> Plan?
}

/// The rules in the order in which they are applied.
package enum PlanRules {
  package static let all: [any PlanRule] = [
    TopKRule(), IndexOrderRule(), GroupToRunRule(), ReachabilityRule(), SemiJoinRule(),
    FactorisedCountRule(), UnneededJoinRule(), StoredCountRule(), HashJoinRule(), ColumnScanRule(),
    IndexAnswersRule(), FilterOrderRule(),
  ]
}

extension Plan {
  /// Rewrites every operation from the first to the last; `nil` where nothing changed.
  func rewriting(_ change: (Plan) -> Plan?) -> Plan? {
    var result = self
    var isChanged = false
    for index in inputs.indices {
      if let rewritten = inputs[index].rewriting(change) {
        result.inputs[index] = rewritten
        isChanged = true
      }
    }
    if let rewritten = change(result) { return rewritten }
    return isChanged ? result : nil
  }
}
