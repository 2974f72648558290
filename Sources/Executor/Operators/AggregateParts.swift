// An aggregation over a scan in parts, on all processors: each part has operators of its own, reads
// the same snapshot through a transaction of its own, and makes groups of its own, which are put
// together in the order of the parts. What comes out depends on the parts alone, and these on the
// graph alone.

import Base
import Graph
import Store
import Synchronization

/// A scan that can be told to look at a part of the nodes.
protocol DividedScan: Operator {
  func restrict(to nodes: Range<UInt64>)
}

/// What one part of an aggregation came to.
struct AggregatePartial: Sendable {
  var keys: [EquivalenceKey]
  /// Per call, then per group.
  var accumulators: [[AggregateAccumulator]]
}

/// The operators for one thread at a time.
final class AggregateWorker: @unchecked Sendable {
  // @unchecked: whoever took it out of the idle ones has it alone.
  private let run: ExecutionRun
  private let aggregate: AggregateOperator
  private let scan: any DividedScan

  init(_ run: ExecutionRun, _ aggregate: AggregateOperator, _ scan: any DividedScan) {
    self.run = run
    self.aggregate = aggregate
    self.scan = scan
  }

  func partial(
    of nodes: Range<UInt64>, _ settings: RunSettings, _ graph: borrowing GraphView
  ) throws -> AggregatePartial {
    run.begin(settings)
    scan.restrict(to: nodes)
    let partial = try aggregate.takePartial(graph, run)
    aggregate.rewind()
    return partial
  }

  /// Whether it held so little that it may be used again.
  var isSmall: Bool { run.mostMemoryBytes <= PlanInstance.keptBytes }
}

/// How an aggregation is divided.
final class AggregateParts: @unchecked Sendable {
  // @unchecked: `make` builds operators that nobody else has.
  let label: Text?
  private let source: Graph
  private let make: () throws -> AggregateWorker
  private let idle = Mutex<[AggregateWorker]>([])

  /// `label` is that of the scan, `source` where snapshots come from.
  init(label: Text?, source: Graph, make: @escaping () throws -> AggregateWorker) {
    self.label = label
    self.source = source
    self.make = make
  }

  /// The parts in their order; `nil` where the graph is too small to be divided, and where the
  /// parts together meet the limit on memory that they might keep one after the other.
  func partials(
    _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> [AggregatePartial]? {
    var symbol: Symbol?
    if let label {
      guard let known = try graph.symbol(for: label) else { return nil }
      symbol = known
    }
    let parts = try graph.division(label: symbol)
    guard parts.count > 1 else { return nil }
    let snapshot = graph.snapshot
    let settings = run.settings(sharedBy: Parallel.threads)
    let results = Parallel.map(parts.count) { [self] index in
      Result { try partial(of: parts[index], settings, at: snapshot) }
    }
    do {
      return try results.map { try $0.get() }
    } catch let stop as ExecutionStop where stop.reason == .memory { return nil }
  }

  private func partial(
    of nodes: Range<UInt64>, _ settings: RunSettings, at snapshot: TransactionNumber
  ) throws -> AggregatePartial {
    let worker = try idle.withLock({ $0.popLast() }) ?? make()
    let partial = try source.read(at: snapshot) { graph in
      try worker.partial(of: nodes, settings, graph)
    }
    if worker.isSmall { idle.withLock { $0.append(worker) } }
    return partial
  }
}
