// The order in which the parts of a pattern are bound, by dynamic programming over what is bound
// (Selinger et al., 1979): of all ways to have bound some parts the cheapest is kept. A part is
// begun where nothing is connected with what is bound, or at a node that a key finds at once; then
// connections are followed from either end. Larger patterns are planned greedily.
//
// Nothing is as hard to estimate as how many trails there are. Where clauses were joined, those of
// a later clause wait for all that earlier clauses ask for, which may leave nothing to enumerate;
// another order has to promise much to be taken instead.

import Base
import Cypher

/// One thing that `PatternPlanner` does next.
enum JoinStep: Hashable {
  /// Binds a node from nothing.
  case start(node: Int)
  /// Reads all edges of a connection.
  case scan(connection: Int)
  case follow(connection: Int)
}

/// Looks for the cheapest order.
struct JoinOrder {
  /// Patterns of more connections or nodes are planned greedily.
  private static let mostConnections = 10
  private static let mostNodes = 16
  /// How much cheaper an order must be that enumerates trails before earlier clauses are matched.
  private static let leastGain = 100.0

  /// What is bound, as bits.
  private struct Parts: Hashable {
    var nodes: UInt32
    var connections: UInt32

    func contains(_ other: Parts) -> Bool {
      other.nodes & ~nodes == 0 && other.connections & ~connections == 0
    }
  }

  /// The cheapest way to some parts.
  private struct Way {
    var parts: Parts
    /// Rows that operations have looked at so far.
    var cost: Double
    var rows: Double
    var previous: Int
    var step: JoinStep?
  }

  /// A condition and when it can be asked.
  private struct Condition {
    var needs: Parts
    var share: Double
  }

  private let planner: PatternPlanner
  private let element: Slot
  /// Whether trails of later clauses wait for earlier clauses.
  private let isCautious: Bool
  private let all: Parts
  private var conditions: [Condition] = []
  private var ways: [Way] = []
  private var places: [Parts: Int] = [:]
  /// The ways from `ways` on whose parts are being grown.
  private var next = 0

  private init(_ planner: PatternPlanner, element: Slot, isCautious: Bool) {
    let pattern = planner.pattern
    self.planner = planner
    self.element = element
    self.isCautious = isCautious
    all = Parts(
      nodes: 1 << UInt32(pattern.nodes.count) - 1,
      connections: 1 << UInt32(pattern.connections.count) - 1)
    conditions = planner.predicates.compactMap(condition)
  }

  /// Whether the order of a pattern of this size is looked for.
  static func isSmall(_ pattern: BoundPattern) -> Bool {
    pattern.connections.count <= mostConnections && pattern.nodes.count <= mostNodes
  }

  /// The steps from what is bound to the whole pattern; `nil` where the pattern is too large or its
  /// order is not free.
  static func steps(of planner: PatternPlanner, element: Slot) -> [JoinStep]? {
    let pattern = planner.pattern
    guard !pattern.connections.isEmpty || pattern.nodes.count > 1, isSmall(pattern),
      !pattern.paths.contains(where: \.isSelective)
    else { return nil }
    var search = JoinOrder(planner, element: element, isCautious: false)
    let free = search.steps()
    guard pattern.connections.contains(where: { $0.clause > 0 && $0.enumerates }) else {
      return free?.steps
    }
    search = JoinOrder(planner, element: element, isCautious: true)
    guard let cautious = search.steps() else { return free?.steps }
    guard let free, free.cost * leastGain < cautious.cost else { return cautious.steps }
    return free.steps
  }

  private mutating func steps() -> (steps: [JoinStep], cost: Double)? {
    var start = Parts(nodes: 0, connections: 0)
    for (index, node) in planner.pattern.nodes.enumerated()
    where planner.bound.contains(node.slot) {
      start.nodes |= 1 << UInt32(index)
    }
    places[start] = 0
    ways.append(
      Way(parts: start, cost: 0, rows: max(planner.plan.rows, 1), previous: -1, step: nil))
    // Each step adds a part, so that ways are final once all with fewer parts are grown.
    var level = [0]
    while !level.isEmpty {
      next = ways.count
      for index in level { grow(index) }
      level = Array(next..<ways.count)
    }
    guard let end = places[all] else { return nil }
    var steps: [JoinStep] = []
    var index = end
    while let step = ways[index].step {
      steps.append(step)
      index = ways[index].previous
    }
    return (steps.reversed(), ways[end].cost)
  }

  // MARK: Growing

  private mutating func grow(_ index: Int) {
    let way = ways[index]
    var isConnected = false
    for connection in planner.pattern.connections.indices
    where way.parts.connections & (1 << UInt32(connection)) == 0 {
      guard !waits(connection, way.parts), let factor = factor(connection, way.parts) else {
        continue
      }
      isConnected = true
      add(.follow(connection: connection), to: way, index, looks: factor.looks, rows: factor.rows)
    }
    if way.parts.nodes == 0 { scanEdges(way, index) }
    for node in planner.pattern.nodes.indices where way.parts.nodes & (1 << UInt32(node)) == 0 {
      // Beginning anew costs a row for each row: worth it where a key finds the node.
      if isConnected, !isFound(planner.pattern.nodes[node]) { continue }
      var chooser = StartChooser(
        catalog: planner.catalog, bound: planner.bound, predicates: planner.predicates,
        element: element)
      chooser.bound.formUnion(slots(of: way.parts))
      let choice = chooser.choice(for: planner.pattern.nodes[node])
      add(
        .start(node: node), to: way, index, looks: max(choice.rows, 1),
        rows: max(choice.rows, 0.1))
    }
  }

  /// Whether something of an earlier clause comes before a connection that enumerates trails.
  private func waits(_ index: Int, _ parts: Parts) -> Bool {
    let pattern = planner.pattern
    let connection = pattern.connections[index]
    guard isCautious, connection.clause > 0, connection.enumerates else { return false }
    return pattern.connections.indices.contains {
      pattern.connections[$0].clause < connection.clause
        && parts.connections & (1 << UInt32($0)) == 0
    }
      || pattern.nodes.indices.contains {
        pattern.nodes[$0].clause < connection.clause && parts.nodes & (1 << UInt32($0)) == 0
      }
  }

  private mutating func scanEdges(_ way: Way, _ index: Int) {
    for (number, connection) in planner.pattern.connections.enumerated() {
      guard case .relationship(let edge) = connection.kind, edge.length == nil, !edge.isBound
      else { continue }
      let count = Double(planner.edgeCount(edge.types)) * (edge.direction == .both ? 2 : 1)
      // Both ends are looked up for each edge.
      add(
        .scan(connection: number), to: way, index, looks: max(2 * count, 1), rows: max(count, 0.1))
    }
  }

  /// A point look-up of the node may begin a part beside others.
  private func isFound(_ node: BoundNode) -> Bool {
    planner.predicates.contains { predicate in
      guard let constraint = PropertyConstraint(predicate, on: node.slot, bound: planner.bound)
      else { return false }
      return constraint.comparison == .equal && constraint.property == "key"
    }
  }

  /// What following a connection looks at and yields for each row; `nil` where it cannot be
  /// followed yet.
  private func factor(_ index: Int, _ parts: Parts) -> (looks: Double, rows: Double)? {
    let connection = planner.pattern.connections[index]
    let isFromBound = parts.nodes & (1 << UInt32(connection.from)) != 0
    let isToBound = parts.nodes & (1 << UInt32(connection.to)) != 0
    guard case .relationship(let edge) = connection.kind else {
      return isFromBound ? (1_000, 10) : nil
    }
    if edge.isBound, edge.length == nil { return (1, 1) }
    guard isFromBound || isToBound else { return nil }
    let fanOut = planner.fanOut(index, isFromBound: isFromBound, isToBound: isToBound)
    guard isFromBound, isToBound else { return (1 + fanOut, fanOut) }
    if edge.length != nil { return (1 + fanOut, 1) }
    let least = planner.lesserDegree(index)
    return (1 + least, min(least, 0.5))
  }

  private mutating func add(
    _ step: JoinStep, to way: Way, _ index: Int, looks: Double, rows: Double
  ) {
    var parts = way.parts
    switch step {
    case .start(let node): parts.nodes |= 1 << UInt32(node)
    case .scan(let number), .follow(let number):
      let connection = planner.pattern.connections[number]
      parts.connections |= 1 << UInt32(number)
      parts.nodes |= 1 << UInt32(connection.from) | 1 << UInt32(connection.to)
    }
    var result = way.rows * rows
    var cost = way.cost + way.rows * looks
    if !isStart(step) {
      for (index, node) in planner.pattern.nodes.enumerated()
      where !node.labels.isEmpty && (parts.nodes & ~way.parts.nodes) & (1 << UInt32(index)) != 0 {
        // The labels of each node that is met are looked at.
        cost += result
        result *= Selectivity.label
      }
    }
    let known = places[parts]
    if let known, ways[known].cost <= cost { return }
    for condition in conditions
    where parts.contains(condition.needs) && !way.parts.contains(condition.needs) {
      result *= condition.share
    }
    let grown = Way(parts: parts, cost: cost, rows: result, previous: index, step: step)
    if let known, known >= next {
      ways[known] = grown
    } else {
      // Reached before by fewer steps, that way is grown again from here.
      places[parts] = ways.count
      ways.append(grown)
    }
  }

  private func isStart(_ step: JoinStep) -> Bool {
    if case .start = step { return true }
    return false
  }

  // MARK: Conditions

  private func condition(_ predicate: BoundExpression) -> Condition? {
    guard !predicate.isRandom else { return nil }
    var needs = Parts(nodes: 0, connections: 0)
    for slot in predicate.readSlots where !planner.bound.contains(slot) {
      if let node = planner.pattern.nodes.firstIndex(where: { $0.slot == slot }) {
        needs.nodes |= 1 << UInt32(node)
      } else if let edge = planner.pattern.connections.firstIndex(where: { $0.edgeSlot == slot }) {
        needs.connections |= 1 << UInt32(edge)
      } else {
        return nil
      }
    }
    return Condition(needs: needs, share: Selectivity.of(predicate))
  }

  private func slots(of parts: Parts) -> SlotSet {
    var slots: SlotSet = []
    for (index, node) in planner.pattern.nodes.enumerated()
    where parts.nodes & (1 << UInt32(index)) != 0 {
      slots.insert(node.slot)
    }
    return slots
  }
}

extension BoundConnection {
  /// Whether it can be matched by runs of several relationships.
  fileprivate var enumerates: Bool {
    guard case .relationship(let edge) = kind else { return true }
    return edge.length != nil
  }
}
