// Following the connections of a pattern from what is bound.

import Base
import Cypher

extension PatternPlanner {
  /// The open connection that may be followed next, by expected fan-out.
  func cheapestConnection() -> Int? {
    // The rows of a path with a selector must stay together until one is chosen.
    let begun = openConnections.filter { pathIndex(of: $0).map { rowNumbers[$0] != nil } ?? false }
    let candidates = begun.isEmpty ? openConnections : begun
    let ready = candidates.compactMap { index -> (index: Int, cost: Double)? in
      let connection = pattern.connections[index]
      let isFromBound = bound.contains(pattern.nodes[connection.from].slot)
      let isToBound = bound.contains(pattern.nodes[connection.to].slot)
      if isSearched(index) { return isFromBound && isToBound ? (index, 1) : nil }
      if case .relationship(let edge) = connection.kind, edge.isBound, edge.length == nil {
        return (index, 0)
      }
      guard isFromBound || isToBound else { return nil }
      return (index, fanOut(index, isFromBound: isFromBound, isToBound: isToBound))
    }
    return ready.min { $0.cost < $1.cost }?.index
  }

  func fanOut(_ index: Int, isFromBound: Bool, isToBound: Bool) -> Double {
    fanOut(of: pattern.connections[index], isFromBound: isFromBound, isToBound: isToBound)
  }

  private func fanOut(
    of connection: BoundConnection, isFromBound: Bool, isToBound: Bool
  ) -> Double {
    let start = pattern.nodes[isFromBound ? connection.from : connection.to]
    switch connection.kind {
    case .relationship(let edge):
      let direction = isFromBound ? edge.direction : edge.direction.reversed
      guard let length = edge.length else {
        return isFromBound && isToBound ? 0.5 : averageDegree(edge.types, direction, of: start)
      }
      return runs(
        edge, direction, of: start, length, share: estimates.share(of: edge.elementPredicates))
    case .group: return 1_000
    }
  }

  /// How many runs of a relationship lead away from a node, where each step keeps such a share.
  private func runs(
    _ edge: BoundRelationship, _ direction: Direction, of start: BoundNode, _ length: BoundLength,
    share: Double
  ) -> Double {
    let single = averageDegree(edge.types, direction, of: start)
    // Mostly no more of them than there are edges at all.
    let most = direction == .both ? Self.mostRuns : Double(max(1, edgeCount(edge.types)))
    guard let maximum = length.maximum else {
      let (usual, all) = farEnds(edge, direction)
      // On a chain half of its ends lie ahead, on anything with more branches fewer.
      let runs = min(most, all / 2, max(80 * max(single, 1), usual)) * share
      return length.minimum == 0 ? 1 + runs : max(runs, Self.leastRuns)
    }
    let later = laterDegree(edge, direction, after: single)
    let lengths = length.minimum...max(length.minimum, maximum)
    return min(most, Self.runs(lengths, single * share, later * share))
  }

  /// About how many rows each row becomes where a group is followed.
  private func fanOut(of group: BoundGroup) -> Double {
    guard group.pattern.connections.count == 1,
      case .relationship(let edge) = group.pattern.connections[0].kind, edge.length == nil
    else { return 10 }
    let isForward = group.pattern.connections[0].from == group.first
    return runs(
      edge, isForward ? edge.direction : edge.direction.reversed,
      of: group.pattern.nodes[group.first], group.length,
      share: estimates.share(of: group.predicates))
  }

  /// More steps than this are not added up, and more runs than this are not told apart.
  private static let mostSteps = 32
  private static let mostRuns = 1e9
  private static let leastRuns = 0.1

  /// How many runs of these lengths there are where the first step, and each later one, leads on to
  /// so many nodes.
  private static func runs(
    _ lengths: ClosedRange<Int>, _ first: Double, _ later: Double
  ) -> Double {
    var (all, ofLength) = (0.0, 1.0)
    for length in 0...min(lengths.upperBound, mostSteps) {
      if lengths.contains(length) { all += ofLength }
      ofLength *= length == 0 ? first : later
    }
    return min(max(all, leastRuns), mostRuns)
  }

  /// About how many nodes are met where edges are followed without a bound, and how many there are:
  /// not all, and more than a few; ten times the root is right within ten times for ancestries of a
  /// hundred to a million.
  private func farEnds(
    _ edge: BoundRelationship, _ direction: Direction
  ) -> (usual: Double, all: Double) {
    guard edge.types.count == 1, direction != .both,
      let ends = catalog.nodesWithEdges(type: edge.types[0], incoming: direction == .outgoing)
    else { return (0, Self.mostRuns) }
    return (min(Double(ends), 10 * Double(ends).squareRoot()), Double(max(2, ends)))
  }

  /// How many edges a single relationship has at its first node and at its last, on average.
  private func degrees(_ index: Int) -> (atFrom: Double, atTo: Double)? {
    let connection = pattern.connections[index]
    guard case .relationship(let edge) = connection.kind, edge.length == nil else { return nil }
    let (from, to) = (pattern.nodes[connection.from], pattern.nodes[connection.to])
    return (
      averageDegree(edge.types, edge.direction, of: from),
      averageDegree(edge.types, edge.direction.reversed, of: to)
    )
  }

  /// The edges that a test between two bound nodes looks at.
  func lesserDegree(_ index: Int) -> Double {
    degrees(index).map { min($0.atFrom, $0.atTo) } ?? 1
  }

  /// Whether a test between two bound nodes looks at fewer edges from its last node.
  private func isSmallerFromEnd(_ index: Int) -> Bool {
    degrees(index).map { $0.atTo < $0.atFrom } ?? false
  }

  func averageDegree(
    _ types: [Text], _ direction: Direction, of node: BoundNode
  ) -> Double {
    let edges = Double(edgeCount(types))
    // Of a node of which nothing is known it is taken that it has such edges.
    let ends =
      types.count == 1 && direction != .both
      ? catalog.nodesWithEdges(type: types[0], incoming: direction == .incoming) : nil
    guard let rarest = node.labels.map({ catalog.nodeCount(label: $0) }).min() else {
      let nodes = ends ?? catalog.nodeCount(label: nil)
      return (direction == .both ? 2 : 1) * edges / Double(max(1, nodes))
    }
    guard let ends, ends > max(1, rarest) else {
      return (direction == .both ? 2 : 1) * edges / Double(max(1, rarest))
    }
    // More nodes have some than have the label: the edges are those of other labels too, and how
    // many are this one's nobody knows, unless every node has one.
    let nodes = edges == Double(ends) ? edges : (Double(max(1, rarest)) * Double(ends)).squareRoot()
    return edges / nodes
  }

  /// How many edges on average the nodes have that the first of a run leads to.
  private func laterDegree(
    _ edge: BoundRelationship, _ direction: Direction, after first: Double
  ) -> Double {
    guard edge.types.count == 1, direction != .both,
      let ends = catalog.nodesWithEdges(type: edge.types[0], incoming: direction == .incoming)
    else { return first }
    return min(first, Double(edgeCount(edge.types)) / Double(max(1, ends)))
  }

  func edgeCount(_ types: [Text]) -> Int {
    if types.isEmpty { return catalog.edgeCount(type: nil) }
    return types.reduce(0) { $0 + catalog.edgeCount(type: $1) }
  }

  mutating func follow(_ index: Int, _ slots: inout SlotAllocator) {
    let connection = pattern.connections[index]
    if let path = pathIndex(of: index), pattern.paths[path].isSelective, !isSearched(index) {
      number(path, &slots)
    }
    switch connection.kind {
    case .group(let group): follow(group, index, &slots)
    case .relationship(let edge):
      if edge.length != nil {
        followRun(edge, index, &slots)
      } else if edge.isBound {
        let step = endsStep(connection, edge)
        plan = Plan(.edgeEnds(step), inputs: [plan], rows: plan.rows)
        close(index, edge: edge.slot, types: edge.types)
        bindEnds(connection, [step.from, step.to])
      } else {
        followSingle(edge, index)
      }
    }
  }

  mutating func followSingle(_ edge: BoundRelationship, _ index: Int) {
    let connection = pattern.connections[index]
    let step = expandStep(connection, edge.direction, edge.types, edge: edge.slot, index)
    let start = pattern.nodes.first { $0.slot == step.from }
    let degree = start.map { averageDegree(edge.types, step.direction, of: $0) } ?? 1
    plan = Plan(
      .expand(step), inputs: [plan], rows: plan.rows * (step.isInto ? min(degree, 0.5) : degree))
    close(index, edge: edge.slot, types: edge.types)
    bindEnds(connection, [step.to])
  }

  mutating func followRun(
    _ edge: BoundRelationship, _ index: Int, _ slots: inout SlotAllocator
  ) {
    let connection = pattern.connections[index]
    let list = edge.isBound ? slots.make() : edge.slot
    let step = expandStep(connection, edge.direction, edge.types, edge: list, index)
    let length = edge.length ?? BoundLength(minimum: 1, maximum: 1)
    let run = VariableExpandStep(
      step: step, minimum: length.minimum, maximum: length.maximum,
      restriction: restriction(of: index),
      reversesList: step.from != pattern.nodes[connection.from].slot,
      element: edge.elementSlot, elementPredicates: edge.elementPredicates)
    if isSearched(index) {
      plan = Plan(
        .shortestPath(run, wantsAll: wantsAllShortest(index)), inputs: [plan], rows: plan.rows)
    } else {
      let isForward = step.from == pattern.nodes[connection.from].slot
      let rows =
        plan.rows
        * (step.isInto ? 1 : fanOut(of: connection, isFromBound: isForward, isToBound: !isForward))
      plan = Plan(.variableExpand(run), inputs: [plan], rows: rows)
    }
    close(index, edge: list, types: edge.types)
    bindEnds(connection, [step.to])
    if edge.isBound {
      let type = StaticType.list(of: .edge)
      let left = BoundExpression(.slot(list), type: type, range: edge.range)
      let right = BoundExpression(.slot(edge.slot), type: type, range: edge.range)
      filter([
        BoundExpression(.comparison(.equal, left, right), type: .boolean, range: edge.range)
      ])
    }
  }

  mutating func follow(_ group: BoundGroup, _ index: Int, _ slots: inout SlotAllocator) {
    let connection = pattern.connections[index]
    // Groups are followed from their first node; where only the last one is bound, the first is
    // scanned for, which is slow but right, unless the group is a run of one relationship.
    let first = pattern.nodes[connection.from]
    if isRun(index), !bound.contains(first.slot),
      bound.contains(pattern.nodes[connection.to].slot)
    {
      return followFromEnd(group, index, &slots)
    }
    if !bound.contains(first.slot) {
      let chooser = StartChooser(
        estimates, bound: bound, predicates: predicates, element: slots.make())
      start(chooser.choice(for: first), at: first, element: chooser.element)
    }
    let innerFirst = group.pattern.nodes[group.first].slot
    let innerLast = group.pattern.nodes[group.last].slot
    var innerPattern = group.pattern
    if restriction(of: index) == .walk {
      // Inside a walk, too, an edge may be met again.
      innerPattern.paths = [
        BoundPath(
          slot: nil, start: group.first, connections: group.chain, selector: nil, mode: .walk,
          predicates: [])
      ]
    }
    let inner = planInner(innerPattern, group.predicates, bound.union([innerFirst]), &slots)
    let to = pattern.nodes[connection.to].slot
    let edges = slots.make()
    let step = RepeatStep(
      group: group, from: first.slot, to: to, isInto: bound.contains(to), edges: edges,
      innerEdges: group.chain.compactMap { group.pattern.connections[$0].edgeSlot },
      innerFirst: innerFirst, innerLast: innerLast, restriction: restriction(of: index),
      distinctFrom: distinctSlots(from: [], of: index))
    plan = Plan(
      .repeatGroup(step), inputs: [plan, inner], rows: plan.rows * fanOut(of: group))
    close(index, edge: edges, types: [])
    bindEnds(connection, [to])
    bound.formUnion(group.variables.map(\.outer))
  }

  // MARK: Steps

  /// An expansion from whichever end is bound.
  func expandStep(
    _ connection: BoundConnection, _ direction: Direction, _ types: [Text], edge: Slot,
    _ index: Int
  ) -> ExpandStep {
    let from = pattern.nodes[connection.from].slot
    let to = pattern.nodes[connection.to].slot
    let isForward = bound.contains(from) && !(bound.contains(to) && isSmallerFromEnd(index))
    return ExpandStep(
      from: isForward ? from : to, to: isForward ? to : from, edge: edge,
      direction: isForward ? direction : direction.reversed, types: types,
      isInto: bound.contains(isForward ? to : from),
      distinctFrom: distinctSlots(from: types, of: index))
  }

  func endsStep(
    _ connection: BoundConnection, _ edge: BoundRelationship
  ) -> EdgeEndsStep {
    let from = pattern.nodes[connection.from].slot
    let to = pattern.nodes[connection.to].slot
    let index = pattern.connections.firstIndex(of: connection) ?? 0
    return EdgeEndsStep(
      edge: edge.slot, from: from, to: to, isFromBound: bound.contains(from),
      isToBound: bound.contains(to), direction: edge.direction, types: edge.types,
      distinctFrom: distinctSlots(from: edge.types, of: index))
  }

  /// The edges met before that could be the same as one with these types.
  func distinctSlots(from types: [Text], of index: Int) -> [Slot] {
    if restriction(of: index) == .walk { return [] }
    let clause = pattern.connections[index].clause
    return usedEdges.filter { used in
      used.clause == clause
        && (used.types.isEmpty || types.isEmpty || used.types.contains { types.contains($0) })
    }.map(\.slot)
  }

  mutating func close(_ index: Int, edge: Slot, types: [Text]) {
    openConnections.removeAll { $0 == index }
    edgeSlots[index] = edge
    bound.insert(edge)
    if restriction(of: index) != .walk {
      usedEdges.append((edge, types, pattern.connections[index].clause))
    }
  }

  /// Notes nodes as bound and tests the labels of those that are new.
  mutating func bindEnds(_ connection: BoundConnection, _ ends: [Slot]) {
    for index in [connection.from, connection.to] {
      let node = pattern.nodes[index]
      guard ends.contains(node.slot), bound.insert(node.slot) else { continue }
      test(node.labels, of: node, share: labelShare(of: index, at: connection))
    }
  }

  /// The share of the nodes at one end of a connection that have the labels which the pattern asks
  /// for there. Who writes a label beside a type mostly writes the one that belongs there, and at
  /// the end of a run one that each run comes to.
  func labelShare(of node: Int, at connection: BoundConnection) -> Double {
    let labels = pattern.nodes[node].labels
    guard !labels.isEmpty else { return 1 }
    guard case .relationship(let edge) = connection.kind, edge.types.count == 1,
      edge.direction != .both,
      let ends = catalog.nodesWithEdges(
        type: edge.types[0], incoming: (edge.direction == .outgoing) == (connection.to == node)),
      ends > 0
    else { return Selectivity.label }
    let rarest = labels.map { catalog.nodeCount(label: $0) }.min() ?? ends
    let share = min(1, Double(max(1, rarest)) / Double(ends))
    guard edge.length != nil else { return share }
    let isForward = connection.to == node
    let runs = fanOut(of: connection, isFromBound: isForward, isToBound: !isForward)
    return max(share, 1 / max(1, runs))
  }
}
