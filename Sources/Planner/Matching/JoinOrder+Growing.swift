// One step further on the way to a whole pattern: what can be begun or followed next, what that
// looks at, and how many rows it is expected to leave.

import Base
import Cypher

extension JoinOrder {
  /// Adds every way that is one step longer.
  mutating func grow(_ index: Int) {
    let way = ways[index]
    var (isConnected, isEnumerating) = (false, false)
    for connection in planner.pattern.connections.indices
    where way.parts.connections & (1 << UInt32(connection)) == 0 {
      guard !waits(connection, way.parts), let factor = factor(connection, way.parts) else {
        continue
      }
      if planner.pattern.connections[connection].enumerates {
        isEnumerating = true
      } else {
        isConnected = true
      }
      add(.follow(connection: connection), to: way, index, looks: factor.looks, rows: factor.rows)
    }
    if way.parts.nodes == 0 { scanEdges(way, index) }
    for node in planner.pattern.nodes.indices where way.parts.nodes & (1 << UInt32(node)) == 0 {
      // Beginning anew costs a row for each row: worth it where a key finds the node.
      // Another part may leave nothing to enumerate trails for, and so does a node that is nowhere.
      let isApart = components[node] & way.parts.nodes == 0
      if isConnected || isEnumerating && !isApart, impossible & (1 << UInt32(node)) == 0,
        !isFound(planner.pattern.nodes[node])
      {
        continue
      }
      var chooser = StartChooser(
        planner.estimates, bound: planner.bound, predicates: planner.predicates, element: element)
      chooser.bound.formUnion(slots(of: way.parts))
      let choice = chooser.choice(for: planner.pattern.nodes[node])
      add(
        .start(node: node), to: way, index, looks: max(choice.rows, 1),
        rows: max(choice.rows, 0.1), counted: choice.counted)
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
      return isFromBound || isToBound && planner.isRun(index) ? (1_000, 10) : nil
    }
    if edge.isBound, edge.length == nil { return (1, 1) }
    guard isFromBound || isToBound else { return nil }
    let fanOut = planner.fanOut(index, isFromBound: isFromBound, isToBound: isToBound)
    guard isFromBound, isToBound else { return (1 + fanOut, fanOut) }
    // Among few nodes many ways lead to the one that is asked for.
    let nodes = Double(max(1, planner.catalog.nodeCount(label: nil)))
    if edge.length != nil { return (1 + fanOut, max(1, fanOut / nodes)) }
    let least = planner.lesserDegree(index)
    return (1 + least, max(min(least, 0.5), least / nodes))
  }

  private mutating func add(
    _ step: JoinStep, to way: Way, _ index: Int, looks: Double, rows: Double,
    counted: [Int] = []
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
    if let number = step.connection {
      let connection = planner.pattern.connections[number]
      let new = parts.nodes & ~way.parts.nodes
      for node in new.bits where !planner.pattern.nodes[node].labels.isEmpty {
        // The labels of each node that is met are looked at.
        cost += result
        result *= node == connection.from ? labelShares[number].from : labelShares[number].to
      }
    }
    let known = places[parts]
    if let known, ways[known].cost <= cost { return }
    for condition in conditions
    where parts.contains(condition.needs) && !way.parts.contains(condition.needs)
      && !counted.contains(condition.index)
    {
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

}

extension UInt32 {
  /// The places of the bits that are set.
  fileprivate var bits: some Sequence<Int> {
    sequence(state: self) { (rest: inout UInt32) -> Int? in
      guard rest != 0 else { return nil }
      defer { rest &= rest - 1 }
      return rest.trailingZeroBitCount
    }
  }
}

extension JoinStep {
  /// The connection that it takes.
  fileprivate var connection: Int? {
    switch self {
    case .start: nil
    case .scan(let number), .follow(let number): number
    }
  }
}

extension BoundConnection {
  /// Whether it can be matched by runs of several relationships.
  var enumerates: Bool {
    guard case .relationship(let edge) = kind else { return true }
    return edge.length != nil
  }
}

extension PatternPlanner {
  /// As bits, the nodes that ask for a label that no node has at the moment, in a pattern that
  /// enumerates trails. They make good beginnings, not answers: a label may come.
  var impossibleNodes: UInt32 {
    guard pattern.connections.contains(where: \.enumerates), catalog.nodeCount(label: nil) > 0
    else { return 0 }
    return pattern.nodes.indices.reduce(into: 0 as UInt32) { bits, index in
      if pattern.nodes[index].labels.contains(where: { catalog.nodeCount(label: $0) == 0 }) {
        bits |= 1 << UInt32(index)
      }
    }
  }
}

extension BoundPattern {
  /// For each node, as bits, the nodes that connections lead to, itself among them.
  var components: [UInt32] {
    var components = nodes.indices.map { 1 << UInt32($0) as UInt32 }
    for connection in connections {
      let joined = components[connection.from] | components[connection.to]
      for node in nodes.indices where joined & (1 << UInt32(node)) != 0 {
        components[node] = joined
      }
    }
    return components
  }
}
