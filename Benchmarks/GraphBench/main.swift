// Measures the graph below the language: what a point read, an expansion, a closure and an append
// cost through `GraphView` and `Graph`.
//
//   GraphBench FOLDER [EXPERIMENTS]          reads, a fill in groups, single appends
//   GraphBench append FOLDER [EXPERIMENTS]   appends beside C and SQLite
//   GraphBench fill FOLDER [EXPERIMENTS]     only the fill in groups, for a profiler
//   GraphBench single FOLDER [EXPERIMENTS]   and single appends after it
//   GraphBench audit FOLDER [EXPERIMENTS]    what the audit trail costs

import Base
import Glibc
import Graph
import Store
import Synchronization

final class Source: Sendable {
  private let state = Mutex(SplitMix64(seed: 7))
  func next() -> UInt64 { state.withLock { $0.next() } }
}

var arguments = Array(CommandLine.arguments.dropFirst())
var mode = "all"
if let first = arguments.first, ["append", "audit", "fill", "single"].contains(first) {
  mode = first
  arguments.removeFirst()
}
let folder = arguments.first ?? "/tmp/graph-bench"
if folder.hasPrefix("-") {
  print("usage: GraphBench [append | fill | single | audit] FOLDER [EXPERIMENTS]")
  exit(folder == "--help" ? 0 : 2)
}
let experiments = arguments.dropFirst().first.flatMap { Int($0) } ?? 20_000
let source = Source()
let surroundings = Surroundings(
  now: {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(
      microsecondsSinceEpoch: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
  }, random: { source.next() })

do {
  if mode == "append" {
    try Appends(folder: folder, experiments: UInt64(experiments), surroundings: surroundings)
      .measure()
    exit(0)
  }
  if mode == "audit" {
    try Audits(folder: folder, experiments: UInt64(experiments), surroundings: surroundings)
      .measure()
    exit(0)
  }
  // A small reservation, so that instruction counters which emulate memory can run this.
  var options = StoreOptions()
  options.mapBytes = 16 << 30
  let graph = try Graph.create(
    at: folder, schema: History.schema, surroundings: surroundings, options: options)
  var history = History()
  let start = Timing.now()
  let used = Timing.processor()
  while history.made < UInt64(experiments) {
    let group = (0..<500).map { _ in history.next() }
    for result in try graph.append(group: group) { _ = try result.get() }
  }
  let seconds = Timing.now() - start
  print(
    "append in groups of 500: \(Int(Double(history.made) / seconds)) experiments/s "
      + "(\(Timing.shown(seconds / Double(history.made))) each, processor "
      + "\(Timing.shown((Timing.processor() - used) / Double(history.made))))")
  if mode == "fill" { exit(0) }
  if mode == "all" { try Readings(graph: graph, experiments: history.made).measure() }
  try Timing.report("durable single experiment", rounds: mode == "single" ? 3_000 : 300) {
    _ = try graph.append(history.next())
  }
  if mode == "single" { exit(0) }
  try Timing.report("verification of everything", rounds: 1) {
    let report = try graph.verify()
    print("\(report.entriesCompared) rows compared, \(report.faults.count) faults")
  }
} catch {
  print("failed: \(error)")
  exit(1)
}
