// Patterns that begin at edges: a scan over edges of a type, and edges that are bound already.

import Base
package import Graph
package import Planner

extension EdgeEndsStep {
  /// The readings of an edge: start and end of the pattern.
  func readings(_ ends: EdgeEnds) -> [(from: NodeID, to: NodeID)] {
    switch direction {
    case .outgoing: return [(ends.from, ends.to)]
    case .incoming: return [(ends.to, ends.from)]
    case .both:
      if ends.from == ends.to { return [(ends.from, ends.to)] }
      return [(ends.from, ends.to), (ends.to, ends.from)]
    }
  }
}

/// The output rows of an operator that binds an edge and its ends.
struct EdgeRows {
  var gather: RowGather
  var edges: [EdgeID] = []
  var from: [NodeID] = []
  var to: [NodeID] = []

  init(carried: [Int]) { gather = RowGather(carried: carried) }

  mutating func clear() {
    gather.clear()
    edges.removeAll(keepingCapacity: true)
    from.removeAll(keepingCapacity: true)
    to.removeAll(keepingCapacity: true)
  }

  /// Notes the readings of an edge that fit what is bound.
  mutating func append(_ ends: EdgeEnds, row: Int, of batch: Batch, _ step: EdgeEndsStep) {
    for slot in step.distinctFrom where batch.columns[slot.index].holds(ends.edge, row) { return }
    for reading in step.readings(ends) {
      if step.isFromBound, batch.columns[step.from.index].node(row) != reading.from { continue }
      if step.isToBound, batch.columns[step.to.index].node(row) != reading.to { continue }
      if step.from == step.to, reading.from != reading.to { continue }
      gather.append(row)
      edges.append(ends.edge)
      from.append(reading.from)
      to.append(reading.to)
    }
  }

  func emit(from source: Batch, into batch: inout Batch, _ step: EdgeEndsStep) {
    gather.copy(from: source, into: &batch)
    batch.columns[step.edge.index].reset(to: .edges)
    batch.columns[step.edge.index].edges.append(contentsOf: edges)
    if !step.isFromBound {
      batch.columns[step.from.index].reset(to: .nodes)
      batch.columns[step.from.index].nodes.append(contentsOf: from)
    }
    if !step.isToBound, step.from != step.to {
      batch.columns[step.to.index].reset(to: .nodes)
      batch.columns[step.to.index].nodes.append(contentsOf: to)
    }
  }
}

/// Scans all edges of a type (all edges without one) for each input row.
package final class EdgeScanOperator: Operator {
  @exclusivity(unchecked) private var cursor: InputCursor
  private let step: EdgeEndsStep
  @exclusivity(unchecked) private var types: EdgeTypes
  @exclusivity(unchecked) private var rows: EdgeRows
  @exclusivity(unchecked) private var position = ScanPosition()
  @exclusivity(unchecked) private var typeIndex = 0
  @exclusivity(unchecked) private var scanned: [EdgeEnds] = []

  package init(input: any Operator, step: EdgeEndsStep, carried: [Int], slotCount: Int) {
    cursor = InputCursor(input, slotCount: slotCount)
    self.step = step
    types = EdgeTypes(names: step.types)
    rows = EdgeRows(carried: carried)
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    batch.clear()
    guard try types.resolve(graph) else { return false }
    while true {
      try run.checkpoint()
      while !cursor.hasRow {
        guard try cursor.fetch(limit: limit, graph, run) else { return false }
      }
      rows.clear()
      while cursor.hasRow, rows.gather.count < limit {
        try scan(limit: limit, graph)
        if position.isExhausted {
          position = ScanPosition()
          typeIndex += 1
          if typeIndex >= max(1, types.symbols.count) {
            typeIndex = 0
            cursor.advance()
          }
        }
      }
      if rows.gather.count > 0 {
        rows.emit(from: cursor.batch, into: &batch, step)
        return true
      }
    }
  }

  private func scan(limit: Int, _ graph: borrowing GraphView) throws {
    scanned.removeAll(keepingCapacity: true)
    let type = types.symbols.isEmpty ? nil : types.symbols[typeIndex]
    // Both readings of an edge may come out, so half of what fits is asked for.
    let wanted = max(1, (limit - rows.gather.count) / 2)
    try graph.scanEdges(type: type, after: &position, into: &scanned, limit: wanted)
    for ends in scanned { rows.append(ends, row: cursor.row, of: cursor.batch, step) }
  }

  package func rewind() {
    cursor.rewind()
    position = ScanPosition()
    typeIndex = 0
  }
}

/// Binds the ends of an edge that is bound already.
package final class EdgeEndsOperator: Operator {
  @exclusivity(unchecked) private var cursor: InputCursor
  private let step: EdgeEndsStep
  @exclusivity(unchecked) private var types: EdgeTypes
  @exclusivity(unchecked) private var rows: EdgeRows

  package init(input: any Operator, step: EdgeEndsStep, carried: [Int], slotCount: Int) {
    cursor = InputCursor(input, slotCount: slotCount)
    self.step = step
    types = EdgeTypes(names: step.types)
    rows = EdgeRows(carried: carried)
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    batch.clear()
    guard try types.resolve(graph) else { return false }
    while true {
      try run.checkpoint()
      while !cursor.hasRow {
        guard try cursor.fetch(limit: limit, graph, run) else { return false }
      }
      rows.clear()
      while cursor.hasRow, rows.gather.count < limit {
        if let edge = cursor.batch.columns[step.edge.index].edge(cursor.row),
          let ends = try graph.edge(edge),
          types.symbols.isEmpty || types.symbols.contains(ends.type)
        {
          rows.append(ends, row: cursor.row, of: cursor.batch, step)
        }
        cursor.advance()
      }
      if rows.gather.count > 0 {
        rows.emit(from: cursor.batch, into: &batch, step)
        return true
      }
    }
  }

  package func rewind() { cursor.rewind() }
}
