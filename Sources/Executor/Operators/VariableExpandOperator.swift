// Variable-length relationships: `-[:T*1..3]->`. Trails are enumerated lazily, depth first, with a
// stack instead of recursion, so that LIMIT stops the enumeration and no path is ever materialised
// before it is asked for.

import Base
package import Graph
package import Planner

/// Enumerates the trails from a bound node. The edge slot receives the list of edges.
package final class VariableExpandOperator: Operator {
  @exclusivity(unchecked) private var cursor: InputCursor
  private let pattern: VariableExpandStep
  @exclusivity(unchecked) private var types: EdgeTypes
  @exclusivity(unchecked) private var gather: RowGather
  @exclusivity(unchecked) private var search: TrailSearch
  @exclusivity(unchecked) private var filter: CandidateFilter?
  @exclusivity(unchecked) private var isStarted = false
  @exclusivity(unchecked) private var target: NodeID?
  @exclusivity(unchecked) private var nodes: [NodeID] = []
  @exclusivity(unchecked) private var lists: [Value] = []
  /// Edges in `lists` together: long paths make a batch full before it has all its rows.
  @exclusivity(unchecked) private var elementCount = 0
  @exclusivity(unchecked) private var held = HeldMemory()

  /// `filter` is tested on every edge before it is followed.
  package init(
    input: any Operator, pattern: VariableExpandStep, filter: CandidateFilter?,
    carried: [Int], slotCount: Int
  ) {
    cursor = InputCursor(input, slotCount: slotCount)
    self.pattern = pattern
    types = EdgeTypes(names: pattern.step.types)
    gather = RowGather(carried: carried)
    search = TrailSearch(restriction: pattern.restriction)
    self.filter = filter
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    try run.checkpoint()
    batch.clear()
    // Types that do not exist still match paths of length zero.
    let hasTypes = try types.resolve(graph)
    while true {
      while !cursor.hasRow {
        guard try cursor.fetch(limit: limit, graph, run) else { return false }
      }
      gather.clear()
      nodes.removeAll(keepingCapacity: true)
      lists.removeAll(keepingCapacity: true)
      elementCount = 0
      while cursor.hasRow, gather.count < limit, elementCount < ExecutionRun.elementsPerBatch {
        if !isStarted { startRow() }
        try enumerate(limit: limit, hasTypes: hasTypes, graph, run)
        if search.isFinished {
          cursor.advance()
          isStarted = false
        }
      }
      if gather.count > 0 {
        emit(into: &batch)
        return true
      }
    }
  }

  private func startRow() {
    isStarted = true
    let row = cursor.row
    search.stop()
    target = nil
    guard let node = cursor.batch.columns[pattern.step.from.index].node(row) else { return }
    if pattern.step.isInto {
      guard let bound = cursor.batch.columns[pattern.step.to.index].node(row) else { return }
      target = bound
    }
    search.start(at: node)
  }

  /// Continues the search until the output is full or the row has no further trail.
  private func enumerate(
    limit: Int, hasTypes: Bool, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws {
    let row = cursor.row
    while gather.count < limit, !search.isFinished,
      elementCount < ExecutionRun.elementsPerBatch
    {
      let depth = search.depth
      let mayGoOn = hasTypes && depth < (pattern.maximum ?? .max)
      if search.isNewNode, depth >= pattern.minimum, target == nil || target == search.node {
        try emitPath(row, run)
      }
      if search.isNewNode, mayGoOn, !search.isClosed {
        try search.expand { node, adjacent in
          let start = adjacent.count
          try graph.expand(node, pattern.step.direction, types: types.symbols, into: &adjacent)
          try filter?.apply(
            to: &adjacent, from: start, of: node, row: row, in: cursor.batch, graph, run)
          try run.countPathExpansions(adjacent.count - start)
        }
        try held.set(search.memoryBytes, run)
      }
      search.advance { edge in !isUsed(edge, row) }
    }
  }

  private func emitPath(_ row: Int, _ run: ExecutionRun) throws {
    gather.append(row)
    nodes.append(search.node)
    guard pattern.step.edge != nil else { return }
    lists.append(pattern.list(of: search.edges))
    elementCount += search.edges.count
    try run.tick(work: search.edges.count)
  }

  private func isUsed(_ edge: EdgeID, _ row: Int) -> Bool {
    for slot in pattern.step.distinctFrom where cursor.batch.columns[slot.index].holds(edge, row) {
      return true
    }
    return false
  }

  private func emit(into batch: inout Batch) {
    gather.copy(from: cursor.batch, into: &batch)
    if !pattern.step.isInto {
      batch.columns[pattern.step.to.index].reset(to: .nodes)
      batch.columns[pattern.step.to.index].nodes.append(contentsOf: nodes)
    }
    if let slot = pattern.step.edge?.index {
      batch.columns[slot].reset(to: .values)
      batch.columns[slot].values.append(contentsOf: lists)
    }
  }

  package func rewind() {
    cursor.rewind()
    search.stop()
    isStarted = false
  }
}

extension VariableExpandStep {
  /// The value of the edge slot: the edges in the order of the text.
  func list(of edges: [EdgeID]) -> Value {
    if reversesList { return .list(edges.reversed().map { .edge($0) }) }
    return .list(edges.map { .edge($0) })
  }
}
