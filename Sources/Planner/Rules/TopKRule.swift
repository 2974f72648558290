// ORDER BY with LIMIT needs only the first rows in order.

/// Tells a sort how many rows its consumer will take.
package struct TopKRule: PlanRule {
  package let name = "top-k"

  package init() {}

  package func apply(to plan: Plan, output: SlotSet, _ catalog: any Catalog) -> Plan? {
    plan.rewriting { plan in
      guard case .slice(let skip, let limit?) = plan.operation, let input = plan.inputs.first,
        case .sort(let keys, let limits, _) = input.operation, limits.isEmpty
      else { return nil }
      var result = plan
      result.inputs[0].operation = .sort(
        keys, limits: [limit] + [skip].compactMap { $0 }, isPresorted: false)
      result.inputs[0].rows = min(input.rows, plan.rows)
      return result
    }
  }
}
