// Reachability: the distinct nodes at the ends of a variable-length relationship, by breadth-first
// search. The planner puts it where it has proven that nobody can tell it from the enumeration of
// trails; its cost is that of the edges that are reached, once each.

import Base
package import Graph
package import Planner

/// Emits each node that can be reached, once per input row.
package final class ReachOperator: Operator {
  private var cursor: InputCursor
  private let pattern: VariableExpandStep
  private var types: EdgeTypes
  private var filter: CandidateFilter?
  private var gather: RowGather
  private var nodes: [NodeID] = []

  private var visited = NodeSet()
  private var frontier: [NodeID] = []
  private var nextFrontier: [NodeID] = []
  /// The next node of the frontier to expand.
  private var position = 0
  private var depth = 0
  private var start: NodeID?
  private var hasReturned = false
  private var isStarted = false
  private var isFinished = true
  private var target: NodeID?
  /// Nodes that were found and not yet emitted.
  private var found: [NodeID] = []
  private var emitted = 0
  private var adjacent: [AdjacentEdge] = []

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
    while true {
      try run.checkpoint()
      while !cursor.hasRow {
        guard try cursor.fetch(limit: limit, graph, run) else { return false }
      }
      gather.clear()
      nodes.removeAll(keepingCapacity: true)
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
    visited.removeAll()
    found.removeAll(keepingCapacity: true)
    emitted = 0
    frontier.removeAll(keepingCapacity: true)
    nextFrontier.removeAll(keepingCapacity: true)
    position = 0
    depth = 0
    hasReturned = false
    target = nil
    guard let node = cursor.batch.columns[pattern.step.from.index].node(cursor.row) else { return }
    if pattern.step.isInto {
      guard let bound = cursor.batch.columns[pattern.step.to.index].node(cursor.row)
      else { return }
      target = bound
    }
    start = node
    _ = visited.insert(node)
    if pattern.minimum == 0 {
      hasReturned = true
      note(node)
    }
    if hasTypes, (pattern.maximum ?? 1) > 0, !isSatisfied {
      frontier.append(node)
      isFinished = false
    }
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
      found.removeAll(keepingCapacity: true)
      emitted = 0
    }
  }

  /// Expands one node of the frontier, and moves to the next depth where it was the last.
  private func expandNext(_ graph: borrowing GraphView, _ run: ExecutionRun) throws {
    adjacent.removeAll(keepingCapacity: true)
    let node = frontier[position]
    try graph.expand(node, pattern.step.direction, types: types.symbols, into: &adjacent)
    position += 1
    try filter?.apply(
      to: &adjacent, from: 0, of: node, row: cursor.row, in: cursor.batch, graph, run)
    try run.countPathExpansions(adjacent.count)
    for met in adjacent {
      if visited.insert(met.neighbour) {
        nextFrontier.append(met.neighbour)
        note(met.neighbour)
      } else if !hasReturned, met.neighbour == start {
        // The start is met again by a cycle: it is an end like any other, once.
        hasReturned = true
        note(met.neighbour)
      }
    }
    if isSatisfied {
      isFinished = true
    } else if position == frontier.count {
      swap(&frontier, &nextFrontier)
      nextFrontier.removeAll(keepingCapacity: true)
      position = 0
      depth += 1
      isFinished = frontier.isEmpty || depth >= pattern.maximum ?? .max
    }
  }

  package func rewind() {
    cursor.rewind()
    isStarted = false
    isFinished = true
  }
}
