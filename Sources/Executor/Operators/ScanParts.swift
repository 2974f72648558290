// A scan in parts, on all processors: each part has operators of its own and reads the same
// snapshot through a transaction of its own, and what the parts come to is put together in their
// order. What comes out depends on the parts alone, and these on the graph alone.

import Base
import Graph
import Store
import Synchronization

/// A scan that can be told to look at a part of the nodes.
protocol DividedScan: Operator {
  func restrict(to nodes: Range<UInt64>)
}

/// The operators for one thread at a time, and the scan below them.
final class PartWorker<Top>: @unchecked Sendable {
  // @unchecked: whoever took it out of the idle ones has it alone.
  private let run: ExecutionRun
  private let top: Top
  private let scan: any DividedScan

  init(_ run: ExecutionRun, _ top: Top, _ scan: any DividedScan) {
    self.run = run
    self.top = top
    self.scan = scan
  }

  fileprivate func work<Part>(
    on nodes: Range<UInt64>, _ settings: RunSettings, _ graph: borrowing GraphView,
    _ body: (Top, borrowing GraphView, ExecutionRun) throws -> Part
  ) throws -> (part: Part, pathExpansions: Int) {
    run.begin(settings)
    scan.restrict(to: nodes)
    return (try body(top, graph, run), run.pathExpansions)
  }

  /// Whether it held so little that it may be used again.
  fileprivate var isSmall: Bool { run.mostMemoryBytes <= PlanInstance.keptBytes }
}

/// How a scan is divided, and who works on its parts.
final class ScanParts<Top>: @unchecked Sendable {
  // @unchecked: `make` builds operators that nobody else has.
  private let label: Text?
  private let source: Graph
  private let make: () throws -> PartWorker<Top>
  private let idle = Mutex<[PartWorker<Top>]>([])

  /// `label` is that of the scan, `source` where snapshots come from.
  init(label: Text?, source: Graph, make: @escaping () throws -> PartWorker<Top>) {
    self.label = label
    self.source = source
    self.make = make
  }

  /// The parts in their order: one where the graph is too small to be divided, none where nobody
  /// ever had the label.
  func division(_ graph: borrowing GraphView) throws -> [Range<UInt64>] {
    guard let label else { return try graph.division(label: nil) }
    guard let symbol = try graph.symbol(for: label) else { return [] }
    return try graph.division(label: symbol)
  }

  /// What `body` makes of each part, in their order. Each has a share of the memory that is left:
  /// one of `shares`. `body` leaves its operators rewound.
  func results<Part: Sendable>(
    of parts: ArraySlice<Range<UInt64>>, shares: Int, _ graph: borrowing GraphView,
    _ run: ExecutionRun,
    _ body: @escaping @Sendable (Top, borrowing GraphView, ExecutionRun) throws -> Part
  ) throws -> [Result<Part, any Error>] {
    let snapshot = graph.snapshot
    let settings = run.settings(sharedBy: shares)
    let results = Parallel.map(parts.count) { [self] index in
      Result { try result(of: parts[parts.startIndex + index], settings, at: snapshot, body) }
    }
    for case .success(let result) in results {
      try run.countPathExpansions(result.pathExpansions)
    }
    return results.map { $0.map(\.part) }
  }

  private func result<Part: Sendable>(
    of nodes: Range<UInt64>, _ settings: RunSettings, at snapshot: TransactionNumber,
    _ body: (Top, borrowing GraphView, ExecutionRun) throws -> Part
  ) throws -> (part: Part, pathExpansions: Int) {
    let worker = try idle.withLock({ $0.popLast() }) ?? make()
    let result = try source.read(at: snapshot) { graph in
      try worker.work(on: nodes, settings, graph, body)
    }
    if worker.isSmall { idle.withLock { $0.append(worker) } }
    return result
  }
}
