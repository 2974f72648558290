// The rules that improve the plan of a subquery: those that need to know what its expression makes
// of the rows. It must not change the plan of anything else.

/// Rewrites the plan of one subquery.
struct SubqueryRewrites {
  private let subquery: BoundSubquery
  private var plan: Plan
  private let catalog: any Catalog
  private let observing: ((_ rule: String, _ plan: Plan) -> Void)?
  /// The rules that changed the plan, in order.
  private(set) var applied: [String] = []

  init(
    _ subquery: BoundSubquery, _ plan: Plan, _ catalog: any Catalog,
    _ observing: ((_ rule: String, _ plan: Plan) -> Void)?
  ) {
    self.subquery = subquery
    self.plan = plan
    self.catalog = catalog
    self.observing = observing
  }

  /// The plan and, where a row stands for several, the slot that says for how many. `number` is the
  /// slot that numbers the rows that it is asked of.
  mutating func run(number: Slot?) -> (plan: Plan, weight: Slot?) {
    let output = subquery.output
    // EXISTS cannot tell equal rows apart.
    let isExistence = subquery.kind == .exists
    for rule in [TopKRule(), GroupToRunRule()] as [any PlanRule] {
      take(rule.apply(to: plan, output: output, catalog), of: rule)
    }
    let search = ReachabilityRule()
    take(search.apply(to: plan, output: output, dropsDuplicates: isExistence), of: search)
    let test = SemiJoinRule()
    take(test.apply(to: plan, output: output, dropsDuplicates: isExistence), of: test)
    let order = FilterOrderRule()
    take(order.apply(to: plan, output: output, catalog), of: order)
    if subquery.kind == .count, let weighed = FactorisedCountRule.weigh(plan, []) {
      take(weighed.plan, of: FactorisedCountRule())
      return (Liveness.annotate(plan, needed: [weighed.weight]), weighed.weight)
    }
    let needed = output.union([number].compactMap { $0 })
    return (Liveness.annotate(plan, needed: needed), nil)
  }

  private mutating func take(_ improved: Plan?, of rule: any PlanRule) {
    guard let improved else { return }
    plan = improved
    applied.append(rule.name)
    observing?("\(rule.name) (in \(subquery.kind))", improved)
  }
}

extension BoundSubquery {
  /// The slots that its expression reads; EXISTS asks for one row and reads nothing of it.
  var output: SlotSet { kind == .exists ? [] : SlotSet(query.columns.map(\.slot)) }
}

extension Plan {
  /// Whether every row that comes out is made from one row that came in, in their order, so that
  /// the rows of many arguments can be told apart; and whether looking at more rows than the first
  /// cannot fail.
  var keepsRows: Bool {
    switch operation {
    case .argument: true
    case .filter(let predicates):
      !predicates.contains(where: \.mayFailAsCondition) && inputs[0].keepsRows
    case .variableExpand(let run), .reach(let run):
      !run.elementPredicates.contains(where: \.mayFailAsCondition) && inputs[0].keepsRows
    case .expand, .edgeEnds, .indexSeek, .keySeek, .identitySeek, .nodeScan, .columnScan, .path:
      inputs[0].keepsRows
    default: false
    }
  }
}
