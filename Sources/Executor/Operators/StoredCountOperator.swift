// Counts that need no row: the graph keeps how many nodes have a label and how many edges a type.

import Base
package import Graph
package import Planner

/// Emits one row for each of the input, with a count that the graph keeps.
package final class StoredCountOperator: Operator {
  private let input: any Operator
  private let slot: Int
  private let counted: StoredCount

  package init(input: any Operator, slot: Int, counted: StoredCount) {
    self.input = input
    self.slot = slot
    self.counted = counted
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    guard try input.next(into: &batch, limit: limit, graph, run) else { return false }
    let count = Int64(try number(graph))
    batch.columns[slot].reset(to: .integers)
    for _ in 0..<batch.rowCount { batch.columns[slot].integers.append(count) }
    return true
  }

  private func number(_ graph: borrowing GraphView) throws -> Int {
    switch counted {
    case .nodes(let label?):
      guard let symbol = try graph.symbol(for: label) else { return 0 }
      return try graph.nodeCount(label: symbol)
    case .nodes(nil): return try graph.nodeCount(label: nil)
    case .edges(let type?):
      guard let symbol = try graph.symbol(for: type) else { return 0 }
      return try graph.edgeCount(type: symbol)
    case .edges(nil): return try graph.edgeCount(type: nil)
    }
  }

  package func rewind() { input.rewind() }
}
