// From a pattern to a chain of scans and expansions: begins at the most selective place, then
// follows the connection with the smallest expected fan-out, and tests each predicate as soon as its
// slots are bound. Index-nested-loop over adjacency is the only join, by design.

package import Base
package import Cypher

/// Plans one MATCH.
struct PatternPlanner {
  let catalog: any Catalog
  /// The plan of one repetition of a group, from its first node.
  let planInner: (BoundPattern, [BoundExpression], Set<Slot>, inout SlotAllocator) -> Plan

  private(set) var plan: Plan
  private(set) var bound: Set<Slot>
  private let pattern: BoundPattern
  private var predicates: [BoundExpression]
  private var openConnections: [Int]
  private var openPaths: [Int]
  /// Edge slots that later edges must differ from, with the types that they can have.
  private var usedEdges: [(slot: Slot, types: [Text])] = []
  /// The slots of selected paths: predicates over them wait until the paths are chosen.
  private var guarded: Set<Slot> = []
  /// The numbers of the rows from which paths with a selector are looked for.
  private var rowNumbers: [Int: Slot] = [:]
  /// Where the edges of each connection are.
  private var edgeSlots: [Int: Slot] = [:]

  init(
    catalog: any Catalog, input: Plan, bound: Set<Slot>, pattern: BoundPattern,
    predicates: [BoundExpression],
    planInner: @escaping (
      BoundPattern, [BoundExpression], Set<Slot>, inout SlotAllocator
    ) -> Plan
  ) {
    self.catalog = catalog
    self.planInner = planInner
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
    while true {
      finishPaths()
      if let connection = cheapestConnection() {
        follow(connection, &slots)
      } else if !startNextPart() {
        break
      }
      applyPredicates()
    }
    finishPaths()
    if !predicates.isEmpty { filter(predicates) }
  }

  // MARK: Predicates

  private mutating func applyPredicates() {
    let ready = predicates.filter { predicate in
      let slots = predicate.readSlots
      return slots.isSubset(of: bound) && slots.isDisjoint(with: guarded)
    }
    guard !ready.isEmpty else { return }
    predicates.removeAll { ready.contains($0) }
    filter(ready)
  }

  private mutating func filter(_ conditions: [BoundExpression]) {
    guard !conditions.isEmpty else { return }
    let rows = plan.rows * Selectivity.of(conditions)
    plan = Plan(.filter(conditions), inputs: [plan], rows: rows)
  }

  private mutating func testBoundNode(_ node: BoundNode) {
    if !node.labels.isEmpty { return filter([node.labelTest(node.labels)]) }
    let slot = BoundExpression(.slot(node.slot), type: .node, range: node.range)
    if !pattern.connections.contains(where: {
      pattern.nodes[$0.from].slot == node.slot || pattern.nodes[$0.to].slot == node.slot
    }) {
      filter([BoundExpression(.isNotNull(slot), type: .boolean, range: node.range)])
    }
  }

  // MARK: Starting

  /// Binds the next unbound node (or edge) from nothing; `false` where all nodes are bound.
  private mutating func startNextPart() -> Bool {
    let chooser = StartChooser(catalog: catalog, bound: bound, predicates: predicates)
    let open = pattern.nodes.filter { !bound.contains($0.slot) }
    let choices = open.map { (node: $0, choice: chooser.choice(for: $0)) }
    guard let best = choices.min(by: { $0.choice.rows < $1.choice.rows }) else { return false }
    if let scan = edgeScan(cheaperThan: best.choice.rows) {
      addEdgeScan(scan)
      return true
    }
    plan = Plan(
      best.choice.operation, inputs: [plan], rows: plan.rows * max(best.choice.rows, 0.1))
    if let answered = best.choice.answered { predicates.removeAll { $0 == answered } }
    bound.insert(best.node.slot)
    testLabels(of: best.node, after: best.choice.operation)
    return true
  }

  private mutating func testLabels(of node: BoundNode, after operation: PlanOperation) {
    var labels = node.labels
    switch operation {
    case .nodeScan(_, let label?): labels.removeAll { $0 == label }
    case .indexSeek(let step): labels.removeAll { $0 == step.index.label }
    default: break
    }
    if !labels.isEmpty { filter([node.labelTest(labels)]) }
  }

  /// A connection whose edges are fewer than the nodes that would be scanned otherwise.
  private func edgeScan(cheaperThan rows: Double) -> Int? {
    let candidates = openConnections.compactMap { index -> (Int, Double)? in
      guard !isSelected(index), case .relationship(let edge) = pattern.connections[index].kind,
        edge.length == nil, !edge.isBound
      else { return nil }
      let factor = edge.direction == .both ? 2.0 : 1
      return (index, Double(edgeCount(edge.types)) * factor)
    }
    guard let best = candidates.min(by: { $0.1 < $1.1 }), best.1 < rows else { return nil }
    return best.0
  }

  private mutating func addEdgeScan(_ index: Int) {
    let connection = pattern.connections[index]
    guard case .relationship(let edge) = connection.kind else { return }
    let step = endsStep(connection, edge)
    let factor = edge.direction == .both ? 2.0 : 1
    plan = Plan(
      .edgeScan(step), inputs: [plan],
      rows: plan.rows * Double(edgeCount(edge.types)) * factor)
    close(index, edge: edge.slot, types: edge.types)
    bindEnds(connection, [step.from, step.to])
  }

  // MARK: Following

  /// The open connection that may be followed next, by expected fan-out.
  private func cheapestConnection() -> Int? {
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

  private func fanOut(_ index: Int, isFromBound: Bool, isToBound: Bool) -> Double {
    let connection = pattern.connections[index]
    let start = pattern.nodes[isFromBound ? connection.from : connection.to]
    switch connection.kind {
    case .relationship(let edge):
      let single = averageDegree(edge.types, edge.direction, of: start)
      guard let length = edge.length else { return isFromBound && isToBound ? 0.5 : single }
      let steps = Double(min(length.maximum ?? 8, 8))
      return 10 * max(single, 1) * steps
    case .group: return 1_000
    }
  }

  private func averageDegree(
    _ types: [Text], _ direction: Direction, of node: BoundNode
  ) -> Double {
    let counts = node.labels.map { catalog.nodeCount(label: $0) }
    let nodes = counts.min() ?? catalog.nodeCount(label: nil)
    let factor = direction == .both ? 2.0 : 1
    return factor * Double(edgeCount(types)) / Double(max(1, nodes))
  }

  private func edgeCount(_ types: [Text]) -> Int {
    if types.isEmpty { return catalog.edgeCount(type: nil) }
    return types.reduce(0) { $0 + catalog.edgeCount(type: $1) }
  }

  private mutating func follow(_ index: Int, _ slots: inout SlotAllocator) {
    let connection = pattern.connections[index]
    if let path = pathIndex(of: index), pattern.paths[path].isSelective, !isSearched(index),
      rowNumbers[path] == nil
    {
      let number = slots.make()
      rowNumbers[path] = number
      plan = Plan(.number(number), inputs: [plan], rows: plan.rows)
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

  private mutating func followSingle(_ edge: BoundRelationship, _ index: Int) {
    let connection = pattern.connections[index]
    let step = expandStep(connection, edge.direction, edge.types, edge: edge.slot, index)
    let start = pattern.nodes.first { $0.slot == step.from }
    let degree = start.map { averageDegree(edge.types, edge.direction, of: $0) } ?? 1
    plan = Plan(
      .expand(step), inputs: [plan], rows: plan.rows * (step.isInto ? min(degree, 0.5) : degree))
    close(index, edge: edge.slot, types: edge.types)
    bindEnds(connection, [step.to])
  }

  private mutating func followRun(
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
      let rows = plan.rows * (step.isInto ? 1 : fanOut(index, isFromBound: true, isToBound: false))
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

  private mutating func follow(_ group: BoundGroup, _ index: Int, _ slots: inout SlotAllocator) {
    let connection = pattern.connections[index]
    // Groups are followed from their first node; where only the last one is bound, the first is
    // scanned for, which is slow but right.
    let first = pattern.nodes[connection.from]
    if !bound.contains(first.slot) {
      let choice = StartChooser(catalog: catalog, bound: bound, predicates: predicates)
        .choice(for: first)
      plan = Plan(choice.operation, inputs: [plan], rows: plan.rows * max(1, choice.rows))
      if let answered = choice.answered { predicates.removeAll { $0 == answered } }
      bound.insert(first.slot)
      testLabels(of: first, after: choice.operation)
    }
    let innerFirst = group.pattern.nodes[group.first].slot
    let innerLast = group.pattern.nodes[group.last].slot
    let inner = planInner(group.pattern, group.predicates, bound.union([innerFirst]), &slots)
    let to = pattern.nodes[connection.to].slot
    let edges = slots.make()
    let step = RepeatStep(
      group: group, from: first.slot, to: to, isInto: bound.contains(to), edges: edges,
      innerEdges: group.chain.compactMap { group.pattern.connections[$0].edgeSlot },
      innerFirst: innerFirst, innerLast: innerLast, restriction: restriction(of: index),
      distinctFrom: distinctSlots(from: [], of: index))
    plan = Plan(.repeatGroup(step), inputs: [plan, inner], rows: plan.rows * 10)
    close(index, edge: edges, types: [])
    bindEnds(connection, [to])
    bound.formUnion(group.variables.map(\.outer))
  }

  // MARK: Steps

  /// An expansion from whichever end is bound.
  private func expandStep(
    _ connection: BoundConnection, _ direction: Direction, _ types: [Text], edge: Slot,
    _ index: Int
  ) -> ExpandStep {
    let from = pattern.nodes[connection.from].slot
    let to = pattern.nodes[connection.to].slot
    let isForward = bound.contains(from)
    return ExpandStep(
      from: isForward ? from : to, to: isForward ? to : from, edge: edge,
      direction: isForward ? direction : direction.reversed, types: types,
      isInto: bound.contains(isForward ? to : from),
      distinctFrom: distinctSlots(from: types, of: index))
  }

  private func endsStep(
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
  private func distinctSlots(from types: [Text], of index: Int) -> [Slot] {
    if restriction(of: index) == .walk { return [] }
    return usedEdges.filter { used in
      used.types.isEmpty || types.isEmpty || used.types.contains { types.contains($0) }
    }.map(\.slot)
  }

  private mutating func close(_ index: Int, edge: Slot, types: [Text]) {
    openConnections.removeAll { $0 == index }
    edgeSlots[index] = edge
    bound.insert(edge)
    if restriction(of: index) != .walk { usedEdges.append((edge, types)) }
  }

  /// Notes nodes as bound and tests the labels of those that are new.
  private mutating func bindEnds(_ connection: BoundConnection, _ ends: [Slot]) {
    for index in [connection.from, connection.to] {
      let node = pattern.nodes[index]
      guard ends.contains(node.slot), bound.insert(node.slot).inserted else { continue }
      if !node.labels.isEmpty { filter([node.labelTest(node.labels)]) }
    }
  }

  // MARK: Paths

  private func pathIndex(of index: Int) -> Int? {
    pattern.paths.firstIndex { $0.connections.contains(index) }
  }

  private func path(of index: Int) -> BoundPath? {
    pathIndex(of: index).map { pattern.paths[$0] }
  }

  private func restriction(of index: Int) -> PathRestriction {
    switch path(of: index)?.mode {
    case .walk: .walk
    case .acyclic: .acyclic
    case .simple: .simple
    case .trail, nil: .trail
    }
  }

  private func isSelected(_ index: Int) -> Bool { path(of: index)?.isSelective ?? false }

  /// Whether a connection is searched breadth first between its bound ends.
  private func isSearched(_ index: Int) -> Bool {
    guard let path = path(of: index) else { return false }
    return path.isSearch(in: pattern)
  }

  private func wantsAllShortest(_ index: Int) -> Bool {
    path(of: index)?.selector == .allShortest
  }

  private mutating func guardSlots(of path: BoundPath) {
    var inner: Set<Slot> = []
    for index in path.connections {
      let connection = pattern.connections[index]
      if let slot = connection.edgeSlot { inner.insert(slot) }
      inner.formUnion([pattern.nodes[connection.from].slot, pattern.nodes[connection.to].slot])
    }
    inner.remove(pattern.nodes[path.start].slot)
    inner.remove(pattern.nodes[end(of: path)].slot)
    if let slot = path.slot { inner.insert(slot) }
    guarded.formUnion(inner)
  }

  private func end(of path: BoundPath) -> Int {
    path.connections.reduce(path.start) { node, index in
      let connection = pattern.connections[index]
      return connection.from == node ? connection.to : connection.from
    }
  }

  /// Makes the values of paths whose connections are all matched, and chooses among them.
  private mutating func finishPaths() {
    for index in openPaths {
      let path = pattern.paths[index]
      let edges = path.connections.compactMap { edgeSlots[$0] }
      guard edges.count == path.connections.count, bound.contains(pattern.nodes[path.start].slot)
      else { continue }
      openPaths.removeAll { $0 == index }
      if let slot = path.slot {
        let step = PathStep(slot: slot, start: pattern.nodes[path.start].slot, edges: edges)
        plan = Plan(.path(step), inputs: [plan], rows: plan.rows)
        bound.insert(slot)
      }
      filter(path.predicates)
      guard path.isSelective else { continue }
      if let selector = path.selector, let number = rowNumbers[index] {
        let step = SelectPathsStep(
          selector: selector, outer: number, start: pattern.nodes[path.start].slot,
          end: pattern.nodes[end(of: path)].slot, edges: edges)
        plan = Plan(.selectPaths(step), inputs: [plan], rows: max(1, plan.rows / 10))
      }
      release(path)
    }
    applyPredicates()
  }

  private mutating func release(_ path: BoundPath) {
    guarded.removeAll()
    for index in openPaths where pattern.paths[index].isSelective {
      guardSlots(of: pattern.paths[index])
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

extension BoundPath {
  /// Whether a selector drops some of the paths.
  var isSelective: Bool {
    guard let selector else { return false }
    return selector != .all
  }

  /// Whether the path is one run of relationships for which a breadth-first search finds what the
  /// selector asks for.
  func isSearch(in pattern: BoundPattern) -> Bool {
    guard connections.count == 1, predicates.isEmpty, mode == nil || mode == .trail,
      case .relationship(let edge) = pattern.connections[connections[0]].kind,
      edge.length != nil, !edge.isBound
    else { return false }
    return selector == .allShortest || selector == .shortest(count: 1)
      || selector == .any(count: 1)
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
