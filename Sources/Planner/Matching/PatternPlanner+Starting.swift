// Binding the first node or edge of a connected part of a pattern.

import Base
import Cypher

extension PatternPlanner {
  /// The order of all parts; empty where they are to be taken greedily.
  func bestOrder(_ slots: inout SlotAllocator) -> [JoinStep] {
    JoinOrder.steps(of: self, element: slots.next) ?? []
  }

  /// Does what an order asks for.
  mutating func take(_ step: JoinStep, _ slots: inout SlotAllocator) {
    switch step {
    case .start(let index):
      let chooser = StartChooser(
        estimates, bound: bound, predicates: predicates, element: slots.make())
      let node = pattern.nodes[index]
      start(chooser.choice(for: node), at: node, element: chooser.element)
    case .scan(let connection): addEdgeScan(connection)
    case .follow(let connection): follow(connection, &slots)
    }
  }

  /// Binds the next unbound node (or edge) from nothing; `false` where all nodes are bound.
  mutating func startNextPart(_ slots: inout SlotAllocator) -> Bool {
    let chooser = StartChooser(
      estimates, bound: bound, predicates: predicates, element: slots.make())
    let open = pattern.nodes.filter { !bound.contains($0.slot) }
    let choices = open.map { (node: $0, choice: chooser.choice(for: $0)) }
    guard let best = choices.min(by: { $0.choice.rows < $1.choice.rows }) else { return false }
    if let scan = edgeScan(cheaperThan: best.choice.rows) {
      addEdgeScan(scan)
      return true
    }
    // The rows before it are what a selector chooses for; ends of paths may come before that.
    for (index, path) in pattern.paths.enumerated() where isInner(best.node, of: path) {
      number(index, &slots)
    }
    start(best.choice, at: best.node, element: chooser.element)
    return true
  }

  private func isInner(_ node: BoundNode, of path: BoundPath) -> Bool {
    guard path.isSelective, !path.isSearch(in: pattern) else { return false }
    let ends = [pattern.nodes[path.start].slot, pattern.nodes[end(of: path)].slot]
    return !ends.contains(node.slot)
      && path.connections.contains {
        let connection = pattern.connections[$0]
        return pattern.nodes[connection.from].slot == node.slot
          || pattern.nodes[connection.to].slot == node.slot
      }
  }

  /// Numbers the rows from which a selector chooses, once.
  mutating func number(_ path: Int, _ slots: inout SlotAllocator) {
    guard rowNumbers[path] == nil else { return }
    let number = slots.make()
    rowNumbers[path] = number
    plan = Plan(.number(number), inputs: [plan], rows: plan.rows)
  }

  /// Carries out a choice.
  mutating func start(_ choice: StartChoice, at node: BoundNode, element: Slot) {
    let rows = plan.rows * max(choice.rows, 0.1)
    if let elements = choice.elements {
      plan = Plan(
        .elements(elements, element), inputs: [plan],
        rows: plan.rows * estimates.length(of: elements))
    }
    counted += choice.counted.map { predicates[$0] }
    plan = Plan(choice.operation, inputs: [plan], rows: rows)
    if let answered = choice.answered { predicates.removeAll { $0 == answered } }
    bound.insert(node.slot)
    testLabels(of: node, after: choice.operation)
  }

  mutating func testLabels(of node: BoundNode, after operation: PlanOperation) {
    var labels = node.labels
    switch operation {
    case .nodeScan(_, let label?): labels.removeAll { $0 == label }
    case .indexSeek(let step): labels.removeAll { $0 == step.index.label }
    default: break
    }
    test(labels, of: node, share: operation.isSingle ? 1 : Selectivity.label)
  }

  /// A connection whose edges are fewer than the nodes that would be scanned otherwise.
  func edgeScan(cheaperThan rows: Double) -> Int? {
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

  mutating func addEdgeScan(_ index: Int) {
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
}

extension PlanOperation {
  /// Whether it finds one node by what names it.
  fileprivate var isSingle: Bool {
    switch self {
    case .keySeek, .identitySeek: true
    default: false
    }
  }
}
