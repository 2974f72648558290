// From a pattern to a chain of scans and expansions, in the order that `JoinOrder` finds; where the
// pattern is too large for that it begins at the most selective place and follows the connection
// with the smallest expected fan-out. Each predicate is tested as soon as its slots are bound.
// Index-nested-loop over adjacency is the only join, by design.

package import Base
import Cypher

/// Plans one MATCH.
struct PatternPlanner {
  let catalog: any Catalog
  let estimates: Estimates
  /// The plan of one repetition of a group, from its first node.
  let planInner: (BoundPattern, [BoundExpression], SlotSet, inout SlotAllocator) -> Plan

  var plan: Plan
  var bound: SlotSet
  let pattern: BoundPattern
  var predicates: [BoundExpression]
  /// Predicates that stay and whose share of the rows is in the estimate already: those that a seek
  /// answers.
  var counted: [BoundExpression] = []
  /// Predicates that were tried early and may have failed.
  var postponed: [BoundExpression] = []
  var openConnections: [Int]
  var openPaths: [Int]
  /// Edge slots that later edges must differ from, with the types that they can have.
  var usedEdges: [(slot: Slot, types: [Text], clause: Int)] = []
  /// The slots of selected paths: predicates over them wait until the paths are chosen.
  var guarded: SlotSet = []
  /// The numbers of the rows from which paths with a selector are looked for.
  var rowNumbers: [Int: Slot] = [:]
  /// Where the edges of each connection are.
  var edgeSlots: [Int: Slot] = [:]
  /// Whether the order of the parts is looked for, or taken greedily.
  let isOrdered: Bool

  init(
    _ estimates: Estimates, input: Plan, bound: SlotSet, pattern: BoundPattern,
    predicates: [BoundExpression], isOrdered: Bool,
    planInner:
      @escaping (
        BoundPattern, [BoundExpression], SlotSet, inout SlotAllocator
      ) -> Plan
  ) {
    self.estimates = estimates
    catalog = estimates.catalog
    self.planInner = planInner
    self.isOrdered = isOrdered
    plan = input
    self.bound = bound
    self.pattern = pattern
    self.predicates = predicates
    openConnections = Array(pattern.connections.indices)
    openPaths = Array(pattern.paths.indices)
    for path in pattern.paths where path.isSelective { guardSlots(of: path) }
  }

  /// Plans everything.
  mutating func run(_ slots: inout SlotAllocator) {
    applyPredicates()
    for node in pattern.nodes where bound.contains(node.slot) { testBoundNode(node) }
    var order = isOrdered ? bestOrder(&slots)[...] : []
    while true {
      finishPaths(&slots)
      if let step = order.popFirst() {
        take(step, &slots)
      } else if let connection = cheapestConnection() {
        follow(connection, &slots)
      } else if !startNextPart(&slots) {
        break
      }
      applyPredicates()
    }
    finishPaths(&slots)
    // Their selectivity is counted already.
    if !postponed.isEmpty { plan = Plan(.filter(postponed), inputs: [plan], rows: plan.rows) }
    if !predicates.isEmpty { filter(predicates) }
  }

  // MARK: Predicates

  mutating func applyPredicates() {
    let ready = predicates.filter { predicate in
      // What is random must be asked for every row, so it waits until all rows are there.
      if predicate.isRandom { return false }
      let slots = predicate.readSlots
      return slots.isSubset(of: bound) && slots.isDisjoint(with: guarded)
    }
    guard !ready.isEmpty else { return }
    predicates.removeAll { ready.contains($0) }
    guard !isMatched else { return filter(ready) }
    // A row that the rest of the pattern would drop must not fail the query: what can fail is tried
    // now, for its use, and asked for in earnest when the pattern is matched.
    filter(ready.filter { !$0.mayFailAsCondition })
    let fallible = ready.filter(\.mayFailAsCondition)
    guard !fallible.isEmpty else { return }
    plan = Plan(.prefilter(fallible), inputs: [plan], rows: plan.rows * share(of: fallible))
    postponed += fallible
  }

  private var isMatched: Bool {
    openConnections.isEmpty && pattern.nodes.allSatisfy { bound.contains($0.slot) }
  }

  mutating func filter(_ conditions: [BoundExpression]) {
    guard !conditions.isEmpty else { return }
    plan = Plan(.filter(conditions), inputs: [plan], rows: plan.rows * share(of: conditions))
  }

  /// The share of the rows that conditions keep and no seek has kept before.
  private func share(of conditions: [BoundExpression]) -> Double {
    estimates.share(of: counted.isEmpty ? conditions : conditions.filter { !counted.contains($0) })
  }

  /// Tests the labels of a node, of which a share of the rows is expected to have them.
  mutating func test(_ labels: [Text], of node: BoundNode, share: Double) {
    guard !labels.isEmpty else { return }
    plan = Plan(.filter([node.labelTest(labels)]), inputs: [plan], rows: plan.rows * share)
  }

  mutating func testBoundNode(_ node: BoundNode) {
    if !node.labels.isEmpty { return filter([node.labelTest(node.labels)]) }
    let slot = BoundExpression(.slot(node.slot), type: .node, range: node.range)
    if !pattern.connections.contains(where: {
      pattern.nodes[$0.from].slot == node.slot || pattern.nodes[$0.to].slot == node.slot
    }) {
      filter([BoundExpression(.isNotNull(slot), type: .boolean, range: node.range)])
    }
  }
}

extension BoundNode {
  /// The predicate that the node has all of some labels.
  func labelTest(_ labels: [Text]) -> BoundExpression {
    let subject = BoundExpression(.slot(slot), type: .node, range: range)
    let tests = labels.map { BoundLabelExpression.label($0) }
    return BoundExpression(
      .hasLabels(subject, tests.count == 1 ? tests[0] : .and(tests)), type: .boolean,
      range: range)
  }
}

extension BoundConnection {
  /// The slot of its edge or list of edges; groups have none of their own.
  var edgeSlot: Slot? {
    if case .relationship(let edge) = kind { return edge.slot }
    return nil
  }
}

extension Direction {
  /// The same edges seen from the other end.
  package var reversed: Direction {
    switch self {
    case .outgoing: .incoming
    case .incoming: .outgoing
    case .both: .both
    }
  }
}
