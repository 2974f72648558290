// One step along edges: the index-nested-loop over adjacency that most plans are made of.

import Base
package import Graph
package import Planner

/// Follows the edges of a bound node.
package final class ExpandOperator: Operator {
  @exclusivity(unchecked) private var cursor: InputCursor
  private let step: ExpandStep
  @exclusivity(unchecked) private var types: EdgeTypes
  @exclusivity(unchecked) private var gather: RowGather
  @exclusivity(unchecked) private var adjacent: [AdjacentEdge] = []
  @exclusivity(unchecked) private var expansions = Expansions()
  @exclusivity(unchecked) private var nextAdjacent = 0
  @exclusivity(unchecked) private var isExpanded = false
  @exclusivity(unchecked) private var target: NodeID?
  @exclusivity(unchecked) private var nodes: [NodeID] = []
  /// The nodes of the rows that count, where some do not.
  @exclusivity(unchecked) private var starts: [NodeID] = []
  @exclusivity(unchecked) private var edges: [EdgeID] = []

  package init(input: any Operator, step: ExpandStep, carried: [Int], slotCount: Int) {
    cursor = InputCursor(input, slotCount: slotCount)
    self.step = step
    types = EdgeTypes(names: step.types)
    gather = RowGather(carried: carried)
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    try run.checkpoint()
    batch.clear()
    guard try types.resolve(graph) else { return false }
    while true {
      while !cursor.hasRow {
        guard try cursor.fetch(limit: limit, graph, run) else { return false }
      }
      gather.clear()
      nodes.empty()
      edges.empty()
      if try expandMany(limit: limit, graph, run) {
        emit(into: &batch)
        return true
      }
      while cursor.hasRow, gather.count < limit {
        if !isExpanded { try expandRow(graph, run) }
        emitRow(limit: limit)
        if nextAdjacent == adjacent.count {
          cursor.advance()
          isExpanded = false
        }
      }
      if gather.count > 0 {
        emit(into: &batch)
        return true
      }
    }
  }

  /// Expands the rows at hand together, where they are plain nodes that are followed one way by one
  /// type; false where nothing came of it, and the rows must be expanded one by one.
  private func expandMany(
    limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    guard !isExpanded, !step.isInto, step.direction != .both, types.symbols.count == 1,
      cursor.hasRow, cursor.batch.columns[step.from.index].kind == .nodes,
      cursor.batch.columns[step.from.index].nulls.isEmpty
    else { return false }
    expansions.clear()
    let start = cursor.position
    let end: Int
    if let selection = cursor.batch.selection {
      starts.empty()
      let all = cursor.batch.columns[step.from.index].nodes
      for row in selection[start...].prefix(limit) { starts.append(all[Int(row)]) }
      end = start + (try expand(starts, from: 0, limit: limit, graph))
      expansions.moveRows { selection[start + $0] }
    } else {
      end = try expand(
        cursor.batch.columns[step.from.index].nodes, from: start, limit: limit, graph)
    }
    cursor.advance(to: end)
    try run.tick(work: end - start)
    if !step.distinctFrom.isEmpty { expansions.keep { row, edge in !isUsed(edge, row) } }
    guard !expansions.rows.isEmpty else { return false }
    gather.append(expansions.rows)
    swap(&nodes, &expansions.neighbours)
    swap(&edges, &expansions.edges)
    return true
  }

  private func expand(
    _ nodes: [NodeID], from start: Int, limit: Int, _ graph: borrowing GraphView
  ) throws -> Int {
    try graph.expand(
      nodes.span, from: start, step.direction == .outgoing, type: types.symbols[0], limit: limit,
      wantsEdges: step.edge != nil || !step.distinctFrom.isEmpty, into: &expansions)
  }

  /// Reads the edges of the current row's node.
  private func expandRow(_ graph: borrowing GraphView, _ run: ExecutionRun) throws {
    isExpanded = true
    adjacent.empty()
    nextAdjacent = 0
    target = nil
    try run.tick()
    let row = cursor.row
    guard let node = cursor.batch.columns[step.from.index].node(row) else { return }
    if step.isInto {
      guard let bound = cursor.batch.columns[step.to.index].node(row) else { return }
      target = bound
    }
    try graph.expand(node, step.direction, types: types.symbols, into: &adjacent)
  }

  private func emitRow(limit: Int) {
    let row = cursor.row
    while nextAdjacent < adjacent.count, gather.count < limit {
      let met = adjacent[nextAdjacent]
      nextAdjacent += 1
      if let target, met.neighbour != target { continue }
      if !step.distinctFrom.isEmpty, isUsed(met.edge, row) { continue }
      gather.append(row)
      nodes.append(met.neighbour)
      if step.edge != nil { edges.append(met.edge) }
    }
  }

  private func isUsed(_ edge: EdgeID, _ row: Int) -> Bool {
    for slot in step.distinctFrom where cursor.batch.columns[slot.index].holds(edge, row) {
      return true
    }
    return false
  }

  private func emit(into batch: inout Batch) {
    gather.copy(from: cursor.batch, into: &batch)
    if !step.isInto {
      batch.columns[step.to.index].reset(to: .nodes)
      batch.columns[step.to.index].nodes.append(contentsOf: nodes)
    }
    if let slot = step.edge?.index {
      batch.columns[slot].reset(to: .edges)
      batch.columns[slot].edges.append(contentsOf: edges)
    }
  }

  package func rewind() {
    cursor.rewind()
    isExpanded = false
    adjacent.empty()
    nextAdjacent = 0
  }
}

extension Column {
  /// Whether the row is this edge, or a list or path that contains it.
  func holds(_ edge: EdgeID, _ row: Int) -> Bool {
    if kind == .edges { return edges[row] == edge && (nulls.isEmpty || !nulls[row]) }
    guard row < count else { return false }
    switch self[row] {
    case .edge(let other): return other == edge
    case .list(let elements): return elements.contains(.edge(edge))
    case .path(let path): return path.edges.contains(edge)
    default: return false
    }
  }
}
