// `stemma-differential [COUNT [SEED [THREADS]]]`: compares that many random queries and says what
// disagreed. Exit 1 where anything did. `stemma-differential cancellation [NAME]`: how long queries
// take to stop once they are cancelled; `stemma-differential checks [NAME]`: how long they work, in
// processor time, between two looks at whether to stop.

import Foundation
import Synchronization

let arguments = CommandLine.arguments
if arguments.count > 1, arguments[1] == "cancellation" {
  let only = arguments.count > 2 ? arguments[2] : nil
  for entry in try CancellationCases.measure(delayMilliseconds: 150, only: only) {
    let reaction = String(format: "%7.1f ms", entry.reactionMilliseconds)
    print("\(reaction)  \(entry.name)\(entry.wasStopped ? "" : "  NOT STOPPED")")
  }
  exit(0)
}
if arguments.count > 1, arguments[1] == "checks" {
  let only = arguments.count > 2 ? arguments[2] : nil
  for entry in try CancellationCases.largestGaps(workMilliseconds: 600, only: only) {
    print(String(format: "%7.1f ms", entry.milliseconds) + "  \(entry.name)")
  }
  exit(0)
}
let count = arguments.count > 1 ? Int(arguments[1]) ?? 1_000_000 : 1_000_000
let seed = arguments.count > 2 ? UInt64(arguments[2]) ?? 1 : 1
let threads = max(1, arguments.count > 3 ? Int(arguments[3]) ?? 1 : 1)
let folder = FileManager.default.temporaryDirectory
  .appendingPathComponent("stemma-differential-\(ProcessInfo.processInfo.processIdentifier)")
try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(at: folder) }

struct Totals {
  /// What each thread has compared so far.
  var progress: [Int: Int] = [:]
  var said = 0
  /// How many disagreements of each thread have been printed.
  var shown: [Int: Int] = [:]
  var compared = 0
  var skipped = 0
  var rows = 0
  var disagreements: [String] = []
  var failed = 0
}

let totals = Mutex(Totals())
let clock = ContinuousClock()
let start = clock.now

DispatchQueue.concurrentPerform(iterations: threads) { thread in
  let own = folder.appendingPathComponent("\(thread)")
  try? FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
  let run = DifferentialRun(seed: seed &* 1_000 &+ UInt64(thread), folder: own)
  do {
    try run.run(queries: count / threads) { run in
      totals.withLock { totals in
        totals.progress[thread] = run.compared
        for text in run.disagreements.dropFirst(totals.shown[thread] ?? 0) { print(text) }
        totals.shown[thread] = run.disagreements.count
        let sum = totals.progress.values.reduce(0, +)
        guard sum / 50_000 > totals.said else { return }
        totals.said = sum / 50_000
        let seconds = (clock.now - start).components.seconds
        let failed = run.disagreements.count
        let text = "\(sum) of \(count) compared in \(seconds) s, \(failed) disagreements here\n"
        FileHandle.standardError.write(Data(text.utf8))
      }
    }
  } catch {
    totals.withLock { $0.disagreements.append("the run itself failed: \(error)") }
  }
  totals.withLock {
    $0.compared += run.compared
    $0.skipped += run.skipped
    $0.rows += run.rows
    $0.disagreements += run.disagreements.dropFirst($0.shown[thread] ?? 0)
    $0.failed += run.disagreements.count
  }
}

let sum = totals.withLock { $0 }
for text in sum.disagreements { print(text) }
let seconds = (clock.now - start).components.seconds
print(
  "\(sum.compared) queries compared (\(sum.rows) rows, \(sum.skipped) left out) "
    + "in \(seconds) s: \(sum.failed) disagreements")
exit(sum.failed == 0 && sum.disagreements.isEmpty ? 0 : 1)
