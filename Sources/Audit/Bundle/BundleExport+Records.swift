// The one pass over the log that makes the large files of a bundle: runs of records are worked on
// by all processors, and what came of them is written in their order, all files at once. Memory
// holds a few runs, however long the log is.

import Base
import Graph
import Stemma

extension BundleExport {
  /// A run has at least one record, and no more once it has so many bytes of the log or records.
  private static let runBytes = 1 << 18
  private static let runRecords: UInt64 = 1_024
  /// Runs that are in memory at once, at most.
  private static let window = 4
  /// Runs after which the pages of the store are given back.
  private static let runsPerRelease = 16

  /// The runs of records that are worked on apart. They depend on the log alone.
  private func runs(_ view: borrowing GraphView) throws -> [Range<UInt64>] {
    var runs: [Range<UInt64>] = []
    var (start, bytes) = (UInt64(1), 0)
    for number in 1..<checkpoint.size + 1 {
      bytes += try view.recordByteCount(of: TransactionNumber(number))
      if bytes >= Self.runBytes || number - start + 1 >= Self.runRecords {
        runs.append(start..<number + 1)
        (start, bytes) = (number + 1, 0)
      }
    }
    if start <= checkpoint.size { runs.append(start..<checkpoint.size + 1) }
    return runs
  }

  /// Writes records, SQLite copy and PROV, and notes what the other files need.
  mutating func writeRecords(
    _ view: borrowing GraphView, _ progress: (String, Int, Int) -> Void
  ) throws {
    if let chosen {
      for number in chosen.sorted() where number <= checkpoint.size {
        graph.apply(try Self.record(number, view))
      }
      graph.index()
    }
    let runs = try runs(view)
    let classes = try provenanceClasses(view)
    let worker = BundleWorker(
      chosen: chosen, graph: graph, classes: classes, kinds: try provenanceKinds(classes, view))
    let (database, last) = (trail.database, TransactionNumber(checkpoint.size))
    let files = try BundleSinks(folder, origin: trail.origin)
    try LoadWork.inOrder(runs.count, window: Self.window) { index in
      Result { try database.readLog(at: last) { try worker.make(runs[index], $0) } }
    } take: { made, index in
      let yield = try made.get()
      try files.write(yield)
      tally.join(yield.tally)
      if index % Self.runsPerRelease == 0 { database.releasePages() }
      progress("records", Int(runs[index].upperBound - 1), Int(checkpoint.size))
    }
    progress("indexes", 0, 1)
    try files.finish(tally.columns)
  }
}
