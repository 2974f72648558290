// shortestPath and allShortestPaths between two bound nodes.

import Base
package import Graph
package import Planner

/// Emits one or all of the shortest paths between two bound nodes; the edge slot receives the list
/// of edges. Without a path there is no row.
package final class ShortestPathOperator: Operator {
  @exclusivity(unchecked) private var cursor: InputCursor
  private let pattern: VariableExpandStep
  private let wantsAll: Bool
  @exclusivity(unchecked) private var types: EdgeTypes
  @exclusivity(unchecked) private var filter: CandidateFilter?
  @exclusivity(unchecked) private var gather: RowGather
  @exclusivity(unchecked) private var paths: [[EdgeID]] = []
  @exclusivity(unchecked) private var nextPath = 0
  @exclusivity(unchecked) private var isSearched = false
  @exclusivity(unchecked) private var lists: [Value] = []
  @exclusivity(unchecked) private var held = HeldMemory()

  package init(
    input: any Operator, pattern: VariableExpandStep, wantsAll: Bool, filter: CandidateFilter?,
    carried: [Int], slotCount: Int
  ) {
    cursor = InputCursor(input, slotCount: slotCount)
    self.pattern = pattern
    self.wantsAll = wantsAll
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
      lists.removeAll(keepingCapacity: true)
      while cursor.hasRow, gather.count < limit {
        if !isSearched { try search(hasTypes: hasTypes, graph, run) }
        while nextPath < paths.count, gather.count < limit {
          gather.append(cursor.row)
          lists.append(pattern.list(of: paths[nextPath]))
          nextPath += 1
        }
        if nextPath == paths.count {
          cursor.advance()
          isSearched = false
        }
      }
      if gather.count > 0 {
        gather.copy(from: cursor.batch, into: &batch)
        if let slot = pattern.step.edge?.index {
          batch.columns[slot].reset(to: .values)
          batch.columns[slot].values.append(contentsOf: lists)
        }
        return true
      }
    }
  }

  private func search(
    hasTypes: Bool, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws {
    isSearched = true
    nextPath = 0
    paths = []
    held.giveBack()
    let row = cursor.row
    guard let from = cursor.batch.columns[pattern.step.from.index].node(row),
      let to = cursor.batch.columns[pattern.step.to.index].node(row)
    else { return }
    if from == to, pattern.minimum == 0 {
      paths = [[]]
      return
    }
    guard hasTypes else { return }
    if from == to || pattern.minimum > 1 {
      paths = try shortestByEnumeration(from, to, graph, run)
      return
    }
    var search = BidirectionalSearch(
      from: from, to: to, maximum: pattern.maximum, wantsAll: wantsAll)
    paths = try search.run { node, isForward, adjacent in
      try read(node, isForward: isForward, into: &adjacent, graph, run)
    } hold: { bytes in
      try held.add(bytes, run)
      try run.tick()
    }
  }

  private func read(
    _ node: NodeID, isForward: Bool, into adjacent: inout [AdjacentEdge],
    _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws {
    let direction = isForward ? pattern.step.direction : pattern.step.direction.reversed
    let start = adjacent.count
    try graph.expand(node, direction, types: types.symbols, into: &adjacent)
    try filter?.apply(
      to: &adjacent, from: start, of: node, row: cursor.row, in: cursor.batch, graph, run)
    try run.countPathExpansions(adjacent.count - start)
  }

  /// Cycles, and paths with a minimum length, are not found by breadth-first search over nodes:
  /// trails are enumerated by growing length.
  private func shortestByEnumeration(
    _ from: NodeID, _ to: NodeID, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> [[EdgeID]] {
    var length = max(1, pattern.minimum)
    while length <= pattern.maximum ?? .max {
      var found: [[EdgeID]] = []
      var reachedLength = false
      var search = TrailSearch(restriction: .trail)
      search.start(at: from)
      while !search.isFinished {
        if search.isNewNode, search.depth == length {
          reachedLength = true
          if search.node == to {
            try held.add(32 + search.depth * MemoryLayout<EdgeID>.stride, run)
            found.append(search.edges)
            if !wantsAll { return found }
          }
        } else if search.isNewNode {
          try search.expand { node, adjacent in
            try read(node, isForward: true, into: &adjacent, graph, run)
          }
        }
        search.advance { _ in true }
      }
      if !found.isEmpty || !reachedLength { return found }
      length += 1
    }
    return []
  }

  package func rewind() {
    cursor.rewind()
    isSearched = false
    paths = []
    nextPath = 0
    held.giveBack()
  }
}
