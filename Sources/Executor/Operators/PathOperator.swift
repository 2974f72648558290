// Path values: a start node and the edges that were matched, put together in the order of the text.

import Base
package import Graph
package import Planner

/// Makes path values.
package final class PathOperator: Operator {
  private let input: any Operator
  private let step: PathStep
  @exclusivity(unchecked) private var output = Column()

  package init(input: any Operator, step: PathStep) {
    self.input = input
    self.step = step
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    while try input.next(into: &batch, limit: limit, graph, run) {
      try makePaths(&batch, graph, run)
      if !batch.isEmpty { return true }
      try run.checkpoint()
    }
    batch.clear()
    return false
  }

  private func makePaths(
    _ batch: inout Batch, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws {
    output.reset(to: .values)
    var next = 0
    // Rows that do not count get a null, so that the column has a value for every row.
    if let selection = batch.selection {
      for row in selection {
        while next < Int(row) {
          output.values.append(.null)
          next += 1
        }
        output.values.append(try path(batch, Int(row), graph, run))
        next += 1
      }
      while next < batch.rowCount {
        output.values.append(.null)
        next += 1
      }
    } else {
      for row in 0..<batch.rowCount { output.values.append(try path(batch, row, graph, run)) }
    }
    swap(&batch.columns[step.slot.index], &output)
    if step.restriction == .acyclic || step.restriction == .simple { dropRepeating(&batch) }
  }

  /// Keeps the rows whose path meets no node twice, but for its ends where it is simple.
  private func dropRepeating(_ batch: inout Batch) {
    var kept: [Int32] = []
    batch.forEachSelected { row in
      guard case .path(let path) = batch.columns[step.slot.index][row] else { return }
      var nodes = path.nodes[...]
      if step.restriction == .simple, nodes.count > 1, nodes.first == nodes.last {
        nodes = nodes.dropLast()
      }
      if Set(nodes).count == nodes.count { kept.append(Int32(row)) }
    }
    batch.selection = kept
  }

  private func path(
    _ batch: Batch, _ row: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Value {
    guard let start = batch.columns[step.start.index].node(row) else { return .null }
    var edges: [EdgeID] = []
    for slot in step.edges {
      guard batch.columns[slot.index].appendEdges(row, to: &edges) else { return .null }
    }
    try run.tick(work: 4 * edges.count)
    return .path(try PathBuilder.path(from: start, edges, graph))
  }

  package func rewind() { input.rewind() }
}

/// Walks edges from a node.
enum PathBuilder {
  /// The path from `start` along `edges`, which may be met in either direction.
  static func path(
    from start: NodeID, _ edges: [EdgeID], _ graph: borrowing GraphView
  ) throws -> Path {
    var nodes = [start]
    nodes.reserveCapacity(edges.count + 1)
    for edge in edges {
      guard let ends = try graph.edge(edge), let last = nodes.last else { continue }
      nodes.append(ends.from == last ? ends.to : ends.from)
    }
    guard nodes.count == edges.count + 1 else { return Path(nodes: [start], edges: []) }
    return Path(nodes: nodes, edges: edges)
  }
}

extension Column {
  /// Appends the edge or the edges of a list at a row; `false` where it is null.
  func appendEdges(_ row: Int, to edges: inout [EdgeID]) -> Bool {
    if let edge = edge(row) {
      edges.append(edge)
      return true
    }
    guard row < count, case .list(let elements) = self[row] else { return false }
    for case .edge(let edge) in elements { edges.append(edge) }
    return true
  }
}
