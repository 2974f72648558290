// What one part of an aggregation came to, and the parts of an aggregation over a divided scan.

import Base
import Graph
import Store

/// The groups of a part.
struct AggregatePartial: Sendable {
  var keys: [EquivalenceKey]
  /// Per call, then per group.
  var accumulators: [[AggregateAccumulator]]
}

extension ScanParts<AggregateOperator> {
  /// The parts in their order; `nil` where the graph is too small to be divided, and where the
  /// parts together meet the limit on memory that they might keep one after the other.
  func partials(
    _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> [AggregatePartial]? {
    let parts = try division(graph)
    guard parts.count > 1 else { return nil }
    let results = try results(of: parts[...], shares: Parallel.threads, graph, run) {
      aggregate, graph, run in
      let partial = try aggregate.takePartial(graph, run)
      aggregate.rewind()
      return partial
    }
    do {
      return try results.map { try $0.get() }
    } catch let stop as ExecutionStop where stop.reason == .memory { return nil }
  }
}
