// Our own column without the peers, and how it compares with the run before: what a change made
// faster or slower. Every run is one line of a history file.

import Base
import Foundation
import Stemma

/// Runs every operation and keeps the figures.
struct BenchAlone {
  let options: BenchOptions

  /// In the order of the table of `make bench-peers`.
  static let operations = [
    "point", "onehop", "ancestors", "descendants", "descendants_asof", "top10", "groupby",
    "failed_siblings", "best_lineage", "shortest", "scan", "insert",
  ]

  /// Changes below this share are noise on a machine that does other things too.
  private static let noise = 0.1

  func run() throws {
    var worker = BenchWorker(options: options)
    worker.isQuiet = true
    var record: [String: Any] = [
      "at": ISO8601DateFormatter().string(from: Date()), "version": "0.1.0",
      "data": URL(fileURLWithPath: options.data).lastPathComponent,
    ]
    if options.loads || !FileManager.default.fileExists(atPath: worker.folder) {
      let load = try worker.load()
      record["load_s"] = load["s"]
      record["bytes"] = load["bytes"]
    }
    let (database, parameters) = try worker.open()
    let before = try lastMedians(of: record["data"] as? String ?? "")
    var medians: [String: Double] = [:]
    print(
      "operation".padded(20) + "median".padded(12) + "95 %".padded(12) + "memory".padded(10)
        + "before")
    for operation in options.operations.isEmpty ? Self.operations : options.operations {
      var result: [String: Any] = [:]
      let memory = try AnonymousMemory.most {
        result = try worker.measure(operation, parameters, database, rounds: options.rounds)
      }
      guard let median = result["median_ms"] as? Double, let high = result["p95_ms"] as? Double
      else {
        print(operation.padded(20) + "\(result["na"] ?? result["error"] ?? "nothing")")
        continue
      }
      medians[operation] = median
      let wrong = result["wrong"] as? String
      print(
        operation.padded(20) + text(median).padded(12) + text(high).padded(12)
          + "\(memory) MiB".padded(10) + comparison(median, before[operation])
          + (wrong.map { "  WRONG: \($0)" } ?? ""))
      if wrong != nil { throw BenchError("\(operation) gave a wrong answer") }
    }
    try compareWithThePast(worker, parameters, database)
    record["median_ms"] = medians
    record["load1"] = worker.load1()
    try append(record)
  }

  /// What the same costs one transaction ago: the sum of the medians of operations that begin at
  /// one node, asked in turns.
  private func compareWithThePast(
    _ worker: BenchWorker, _ parameters: JSONValue, _ database: Database
  ) throws {
    guard options.operations.isEmpty else { return }
    let last = try database.lastTransaction().rawValue
    guard last > 1 else { return }
    let past = SnapshotTime.transaction(TransactionNumber(last - 1))
    for operation in ["point", "onehop", "ancestors", "descendants", "shortest"] {
      var medians = [Double.infinity, .infinity]
      for _ in 0..<options.rounds {
        for (place, moment) in [nil, past].enumerated() {
          let result = try worker.measure(operation, parameters, database, asOf: moment)
          medians[place] = min(medians[place], result["median_ms"] as? Double ?? .infinity)
        }
      }
      print(
        "as of".padded(6) + operation.padded(14) + text(medians[1]).padded(12)
          + String(format: "%.2f x the present (asked 1.2)", medians[1] / medians[0]))
    }
  }

  private func text(_ milliseconds: Double) -> String {
    milliseconds < 1
      ? String(format: "%.1f µs", milliseconds * 1000) : String(format: "%.2f ms", milliseconds)
  }

  private func comparison(_ now: Double, _ before: Double?) -> String {
    guard let before, before > 0 else { return "" }
    let change = now / before - 1
    let word = abs(change) < Self.noise ? "same" : change < 0 ? "faster" : "slower"
    return text(before).padded(12) + String(format: "%+.0f %% ", change * 100) + word
  }

  // MARK: The history

  /// Per operation the median of the last run on the same data that timed it.
  private func lastMedians(of data: String) throws -> [String: Double] {
    guard let text = try? String(contentsOfFile: options.history, encoding: .utf8) else {
      return [:]
    }
    var medians: [String: Double] = [:]
    for line in text.split(separator: "\n") {
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      guard object?["data"] as? String == data else { continue }
      medians.merge(object?["median_ms"] as? [String: Double] ?? [:]) { $1 }
    }
    return medians
  }

  private func append(_ record: [String: Any]) throws {
    let line = try JSONSerialization.data(withJSONObject: record, options: [.sortedKeys])
    if !FileManager.default.fileExists(atPath: options.history) {
      _ = FileManager.default.createFile(atPath: options.history, contents: nil)
    }
    guard let file = FileHandle(forWritingAtPath: options.history) else {
      throw BenchError("cannot write \(options.history)")
    }
    defer { try? file.close() }
    try file.seekToEnd()
    try file.write(contentsOf: line + Data("\n".utf8))
    print("kept in \(options.history)")
  }
}

extension String {
  fileprivate func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}
