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
  struct Parts: Hashable {
    var nodes: UInt32
    var connections: UInt32

    func contains(_ other: Parts) -> Bool {
      other.nodes & ~nodes == 0 && other.connections & ~connections == 0
    }
  }

  /// The cheapest way to some parts.
  struct Way {
    var parts: Parts
    /// Rows that operations have looked at so far.
    var cost: Double
    var rows: Double
    var previous: Int
    var step: JoinStep?
  }

  /// A condition and when it can be asked.
  struct Condition {
    /// Its place among the predicates.
    var index: Int
    var needs: Parts
    var share: Double
  }

  let planner: PatternPlanner
  let element: Slot
  /// Whether trails of later clauses wait for earlier clauses.
  let isCautious: Bool
  let all: Parts
  var conditions: [Condition] = []
  /// For each connection the shares of the nodes at its ends that have the labels asked for there.
  let labelShares: [(from: Double, to: Double)]
  /// For each node those that it is connected with in any way.
  let components: [UInt32]
  /// The nodes that ask for a label that no node has; only where trails are enumerated.
  let impossible: UInt32
  var ways: [Way] = []
  var places: [Parts: Int] = [:]
  /// The ways from `ways` on whose parts are being grown.
  var next = 0

  private init(_ planner: PatternPlanner, element: Slot, isCautious: Bool) {
    let pattern = planner.pattern
    self.planner = planner
    self.element = element
    self.isCautious = isCautious
    all = Parts(
      nodes: 1 << UInt32(pattern.nodes.count) - 1,
      connections: 1 << UInt32(pattern.connections.count) - 1)
    components = pattern.components
    impossible = planner.impossibleNodes
    labelShares = pattern.connections.map {
      (planner.labelShare(of: $0.from, at: $0), planner.labelShare(of: $0.to, at: $0))
    }
    conditions = planner.predicates.indices.compactMap(condition)
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

  private func condition(_ index: Int) -> Condition? {
    let predicate = planner.predicates[index]
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
    return Condition(index: index, needs: needs, share: planner.estimates.share(of: predicate))
  }

  func slots(of parts: Parts) -> SlotSet {
    var slots: SlotSet = []
    for (index, node) in planner.pattern.nodes.enumerated()
    where parts.nodes & (1 << UInt32(index)) != 0 {
      slots.insert(node.slot)
    }
    return slots
  }
}
