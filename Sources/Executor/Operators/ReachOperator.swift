// Reachability: the distinct nodes at the ends of a variable-length relationship, by breadth-first
// search. The planner puts it where it has proven that nobody can tell it from the enumeration of
// trails; its cost is that of the edges that are reached, once each.

import Base
package import Graph
package import Planner

/// Emits each node that can be reached, once per input row.
package final class ReachOperator: Operator {
  @exclusivity(unchecked) private var cursor: InputCursor
  private let pattern: VariableExpandStep
  @exclusivity(unchecked) private var types: EdgeTypes
  @exclusivity(unchecked) private var filter: CandidateFilter?
  @exclusivity(unchecked) private var gather: RowGather
  @exclusivity(unchecked) private var nodes: [NodeID] = []

  @exclusivity(unchecked) private var search = BreadthFirstSearch()
  @exclusivity(unchecked) private var isStarted = false
  @exclusivity(unchecked) private var isFinished = true
  /// What is asked of each edge, where it can be asked of one by itself; looked up once per run.
  @exclusivity(unchecked) private var tests: CandidateTests?
  @exclusivity(unchecked) private var isPrepared = false
  @exclusivity(unchecked) private var target: NodeID?
  /// Nodes that were found and not yet emitted.
  @exclusivity(unchecked) private var found: [NodeID] = []
  @exclusivity(unchecked) private var emitted = 0
  @exclusivity(unchecked) private var adjacent: [AdjacentEdge] = []
  /// The nodes that `adjacent` was met from, one per edge.
  @exclusivity(unchecked) private var near: [NodeID] = []
  @exclusivity(unchecked) private var held = HeldMemory()
  @exclusivity(unchecked) private var callsUntilHeld = 0

  package init(
    input: any Operator, pattern: VariableExpandStep, filter: CandidateFilter?,
    carried: [Int], slotCount: Int
  ) {
    cursor = InputCursor(input, slotCount: slotCount)
    self.pattern = pattern
    types = EdgeTypes(names: pattern.step.types)
    self.filter = filter
    gather = RowGather(carried: carried)
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    batch.clear()
    let hasTypes = try types.resolve(graph)
    if !isPrepared {
      isPrepared = true
      tests = filter?.tests
      if try tests?.resolve(graph, run.evaluation) == false { tests = nil }
    }
    while true {
      try run.checkpoint()
      while !cursor.hasRow {
        guard try cursor.fetch(limit: limit, graph, run) else { return false }
      }
      gather.clear()
      nodes.empty()
      while cursor.hasRow, gather.count < limit {
        if !isStarted { startRow(hasTypes: hasTypes) }
        emitFound(limit: limit)
        if gather.count == limit { break }
        if isFinished {
          cursor.advance()
          isStarted = false
        } else {
          try expandNext(graph, run)
        }
      }
      if gather.count > 0 {
        gather.copy(from: cursor.batch, into: &batch)
        if !pattern.step.isInto {
          batch.columns[pattern.step.to.index].reset(to: .nodes)
          batch.columns[pattern.step.to.index].nodes.append(contentsOf: nodes)
        }
        return true
      }
    }
  }

  private func startRow(hasTypes: Bool) {
    isStarted = true
    isFinished = true
    found.empty()
    emitted = 0
    target = nil
    guard let node = cursor.batch.columns[pattern.step.from.index].node(cursor.row) else { return }
    if pattern.step.isInto {
      guard let bound = cursor.batch.columns[pattern.step.to.index].node(cursor.row)
      else { return }
      target = bound
    }
    search.begin(at: node, countsStart: pattern.minimum == 0)
    if pattern.minimum == 0 { note(node) }
    isFinished = !hasTypes || (pattern.maximum ?? 1) <= 0 || isSatisfied
  }

  /// Whether the one node that is asked for has been found.
  private var isSatisfied: Bool { target != nil && !found.isEmpty }

  private func note(_ node: NodeID) {
    if target == nil || target == node { found.append(node) }
  }

  private func emitFound(limit: Int) {
    while emitted < found.count, gather.count < limit {
      gather.append(cursor.row)
      nodes.append(found[emitted])
      emitted += 1
    }
    if emitted == found.count, target == nil {
      found.empty()
      emitted = 0
    }
  }

  /// Nodes that are expanded before somebody is asked whether to go on.
  private static let nodesAtOnce = 256
  /// The edges of a level of so many nodes cost less together than one by one.
  private static let wideLevel = 32
  /// Between two looks at what the search holds: a level of a chain is one node.
  private static let callsPerHeld = 32

  /// Expands some nodes of the level at hand.
  private func expandNext(_ graph: borrowing GraphView, _ run: ExecutionRun) throws {
    let before = found.count
    if filter == nil {
      let followed = try graph.search(
        &search, pattern.step.direction, types: types.symbols, maximumDepth: pattern.maximum,
        expansions: Self.nodesAtOnce, into: &found)
      try run.countPathExpansions(followed)
    } else if let tests, search.levelCount < Self.wideLevel {
      let met = try graph.search(
        &search, pattern.step.direction, types: types.symbols, maximumDepth: pattern.maximum,
        expansions: Self.nodesAtOnce, into: &found
      ) { graph, near, edge in
        try run.tick()
        return try tests.passes(edge, from: near, graph)
      }
      try run.countPathExpansions(met)
    } else {
      try expandTested(graph, run)
    }
    if let target {
      let isFound = found[before...].contains(target)
      found.removeLast(found.count - before)
      if isFound { found.append(target) }
    }
    isFinished = search.isFinished || isSatisfied
    callsUntilHeld -= 1
    if callsUntilHeld < 0 || isFinished {
      callsUntilHeld = Self.callsPerHeld
      try held.set(search.memoryBytes, run)
    }
  }

  /// Expands some nodes and meets the neighbours whose edges pass the predicates, all tested
  /// together.
  private func expandTested(_ graph: borrowing GraphView, _ run: ExecutionRun) throws {
    adjacent.empty()
    near.empty()
    var left = Self.nodesAtOnce
    while left > 0, adjacent.count < Batch.capacity, let node = search.take() {
      left -= 1
      try graph.expand(node, pattern.step.direction, types: types.symbols, into: &adjacent)
      while near.count < adjacent.count { near.append(node) }
    }
    try filter?.apply(to: &adjacent, near: &near, row: cursor.row, in: cursor.batch, graph, run)
    try run.countPathExpansions(adjacent.count)
    for met in adjacent where search.meets(met.neighbour) { found.append(met.neighbour) }
    search.close(maximumDepth: pattern.maximum)
  }

  package func rewind() {
    cursor.rewind()
    isStarted = false
    isFinished = true
    isPrepared = false
  }
}
