// Predicates on the edges of a variable-length relationship, tested on all edges of a node at once
// before any of them is followed.

import Base
import Graph

/// Filters the edges that a path search is about to follow.
package struct CandidateFilter {
  private let predicates: [CompiledExpression]
  private let edge: Int?
  private let near: Int?
  private let far: Int?
  /// Slots of the outer row that the predicates read.
  private let outerSlots: [Int]
  private var batch: Batch
  /// The predicates, where all of them are such as can be asked of an edge by itself.
  var tests: CandidateTests?

  /// `edge`, `near` and `far` are the slots of the edge, of the node that it is followed from and
  /// of the node that it leads to.
  package init(
    predicates: [CompiledExpression], edge: Int?, near: Int?, far: Int?, outerSlots: [Int],
    slotCount: Int
  ) {
    self.predicates = predicates
    self.edge = edge
    self.near = near
    self.far = far
    self.outerSlots = outerSlots
    batch = Batch(slotCount: slotCount)
    tests = CandidateTests(predicates, edge: edge, near: near, far: far)
  }

  /// Removes from `adjacent` (from `start` on) the edges of `node` that fail; `row` of `outer` is
  /// the row that the search belongs to.
  mutating func apply(
    to adjacent: inout [AdjacentEdge], from start: Int, of node: NodeID, row: Int,
    in outer: Batch,
    _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws {
    // A hub's edges are tested part by part; what is kept moves to the front.
    var kept = start
    var next = start
    while next < adjacent.count {
      let part = next..<min(adjacent.count, next + Self.partSize)
      if next > start { try run.checkpoint() }
      kept = try test(
        &adjacent, part, movingTo: kept, of: node, row: row, in: outer, graph, run)
      next = part.upperBound
    }
    adjacent.removeLast(adjacent.count - kept)
  }

  /// Removes the edges that fail and the nodes they were met from, which are aligned with them.
  mutating func apply(
    to adjacent: inout [AdjacentEdge], near: inout [NodeID], row: Int, in outer: Batch,
    _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws {
    var kept = 0
    var next = 0
    while next < adjacent.count {
      let part = next..<min(adjacent.count, next + Self.partSize)
      if next > 0 { try run.checkpoint() }
      fill(adjacent, part, row: row, in: outer)
      if let slot = self.near {
        batch.columns[slot].reset(to: .nodes)
        batch.columns[slot].nodes.append(contentsOf: near[part])
      }
      try test(graph, run)
      batch.forEachSelected { index in
        adjacent[kept] = adjacent[part.lowerBound + index]
        near[kept] = near[part.lowerBound + index]
        kept += 1
      }
      next = part.upperBound
    }
    adjacent.removeLast(adjacent.count - kept)
    near.removeLast(near.count - kept)
  }

  /// Edges that are tested at once.
  private static let partSize = 4_096

  /// Moves the edges of a part that pass to `place` and following; returns the place behind them.
  private mutating func test(
    _ adjacent: inout [AdjacentEdge], _ part: Range<Int>, movingTo place: Int, of node: NodeID,
    row: Int, in outer: Batch, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Int {
    let count = part.count
    fill(adjacent, part, row: row, in: outer)
    if let near {
      batch.columns[near].reset(to: .nodes)
      batch.columns[near].nodes.append(contentsOf: repeatElement(node, count: count))
    }
    try test(graph, run)
    guard let selection = batch.selection else {
      if place < part.lowerBound {
        for index in 0..<count { adjacent[place + index] = adjacent[part.lowerBound + index] }
      }
      return place + count
    }
    for (index, row) in selection.enumerated() {
      adjacent[place + index] = adjacent[part.lowerBound + Int(row)]
    }
    return place + selection.count
  }

  /// Fills the batch with edges and the ends that they lead to.
  private mutating func fill(
    _ adjacent: [AdjacentEdge], _ part: Range<Int>, row: Int, in outer: Batch
  ) {
    if !outerSlots.isEmpty {
      let rows = [Int32](repeating: Int32(row), count: part.count)
      for slot in outerSlots where outer.columns[slot].count == outer.rowCount {
        batch.columns[slot].gather(rows, of: outer.columns[slot])
      }
    }
    if let edge {
      batch.columns[edge].reset(to: .edges)
      for index in part { batch.columns[edge].edges.append(adjacent[index].edge) }
    }
    if let far {
      batch.columns[far].reset(to: .nodes)
      for index in part { batch.columns[far].nodes.append(adjacent[index].neighbour) }
    }
    batch.rowCount = part.count
    batch.selection = nil
  }

  /// So few edges cost less one by one than a column of theirs.
  private static let fewEdges = 2

  private mutating func test(_ graph: borrowing GraphView, _ run: ExecutionRun) throws {
    guard batch.rowCount > Self.fewEdges else { return try testEach(graph, run) }
    for predicate in predicates where !batch.isEmpty {
      try predicate.filter(&batch, graph, run.evaluation)
    }
  }

  private mutating func testEach(_ graph: borrowing GraphView, _ run: ExecutionRun) throws {
    var kept: [Int32] = []
    for row in 0..<batch.rowCount {
      let isKept = try predicates.allSatisfy { predicate in
        let value = try predicate.value(batch, row: row, graph, run.evaluation)
        if case .boolean(true) = value { return true }
        return false
      }
      if isKept { kept.append(Int32(truncatingIfNeeded: row)) }
    }
    if kept.count < batch.rowCount { batch.selection = kept }
  }
}
