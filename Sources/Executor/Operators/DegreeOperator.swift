// Edges that are counted, not followed: how many there are is known at the node.

import Base
package import Graph
package import Planner

/// Keeps the rows whose node has an edge that a step would follow, and multiplies how many into a
/// weight where one is wanted. Batches are changed where they are.
package final class DegreeOperator: Operator {
  private let input: any Operator
  private let step: ExpandStep
  private let weight: Int?
  /// The weight so far.
  private let times: Int?
  @exclusivity(unchecked) private var types: EdgeTypes
  @exclusivity(unchecked) private var kept: [Int32] = []
  @exclusivity(unchecked) private var weights: [Int64] = []

  package init(input: any Operator, step: ExpandStep, weight: Int?, times: Int?) {
    self.input = input
    self.step = step
    self.weight = weight
    self.times = times
    types = EdgeTypes(names: step.types)
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    let hasTypes = try types.resolve(graph)
    while hasTypes, try input.next(into: &batch, limit: limit, graph, run) {
      try run.checkpoint()
      try weigh(batch, graph, run)
      if kept.isEmpty { continue }
      if kept.count < batch.selectedCount { batch.selection = kept }
      if let weight {
        batch.columns[weight].reset(to: .integers)
        swap(&batch.columns[weight].integers, &weights)
      }
      return true
    }
    batch.clear()
    return false
  }

  private func weigh(
    _ batch: Batch, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws {
    kept.empty()
    weights.empty()
    if weight != nil { weights.append(contentsOf: repeatElement(0, count: batch.rowCount)) }
    let nodes = batch.columns[step.from.index]
    try batch.forEachSelected { row in
      guard let node = nodes.node(row) else { return }
      try run.tick()
      let degree = try graph.degree(node, step.direction, types: types.symbols)
      guard degree > 0 else { return }
      kept.append(Int32(truncatingIfNeeded: row))
      if weight == nil { return }
      var before: Int64 = 1
      if let times, case .integer(let number) = batch.columns[times][row] { before = number }
      let (product, overflow) = before.multipliedReportingOverflow(by: Int64(degree))
      if overflow {
        throw StemmaError(
          .queryRuntime, "there are more matches than a count can hold",
          advice: "count the parts of the pattern by themselves")
      }
      weights[row] = product
    }
  }

  package func rewind() { input.rewind() }
}
