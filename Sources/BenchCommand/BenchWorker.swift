// Runs operations over their parameters, times each call, compares each answer with the reference.

import Base
import Foundation
import Stemma

/// One run of the worker protocol.
struct BenchWorker {
  let options: BenchOptions

  /// How often operations with one parameter set are repeated.
  private static let repetitions = ["top10": 20, "groupby": 10, "best_lineage": 10, "scan": 20]

  /// Whether the protocol's lines are left out.
  var isQuiet = false

  /// The folder of the store.
  var folder: String { options.store + "/stemma.store" }

  func run() throws {
    if options.loads {
      emit(try load())
      if options.loadsOnly { return }
    }
    let start = Date()
    let (database, parameters) = try open()
    emit(["op": "open", "s": Date().timeIntervalSince(start), "version": "0.1.0"])
    for operation in options.operations {
      emit(["op": operation, "begin": 1])
      do {
        emit(try measure(operation, parameters, database))
      } catch {
        emit(["op": operation, "error": String("\(error)".prefix(300))])
      }
    }
    emit(["op": "rss", "mb": memoryMebibytes()])
  }

  /// Makes the store anew from the files of the data.
  func load() throws -> [String: Any] {
    let start = Date()
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(
      atPath: options.store, withIntermediateDirectories: true)
    let database = try Database.create(
      at: folder, Database.Creation(schemaText: nil), surroundings: .system)
    try BenchLoad(database: database, data: options.data).run()
    return [
      "op": "load", "s": Date().timeIntervalSince(start), "bytes": size(of: folder),
      "rss_mb": memoryMebibytes(), "version": "0.1.0",
    ]
  }

  func open() throws -> (Database, JSONValue) {
    let database = try Database.open(at: folder, surroundings: .system)
    return (database, try JSONValue.read(options.data + "/params.json"))
  }

  /// The times of an operation, per parameter the lowest of all rounds.
  func measure(
    _ name: String, _ all: JSONValue, _ database: Database, rounds: Int = 1,
    asOf: SnapshotTime? = nil
  ) throws -> [String: Any] {
    let query = try database.prepare(BenchQueries.text(name))
    var options = QueryOptions(asOf: asOf)
    if name == "insert" { options.write = WriteProvenance(actor: "bench", reason: "insert") }
    let isInsert = name == "insert"
    let base = all[isInsert ? "inserts" : name].elements
    let entries = Array(repeating: base, count: Self.repetitions[name] ?? 1).flatMap { $0 }
    guard let first = entries.first else { return ["op": name, "na": "no parameters"] }
    if !isInsert { _ = try answer(query, parameters(first, isInsert), options) }
    var times: [Double] = []
    var wrong: String?
    let begin = ContinuousClock.now
    let budget = self.options.budgetSeconds * 1000
    // An experiment can be inserted once only.
    for round in 0..<(isInsert ? 1 : rounds) {
      for (index, entry) in entries.enumerated() {
        let values = parameters(entry, isInsert)
        let start = ContinuousClock.now
        let got = try answer(query, values, options)
        let time = milliseconds(ContinuousClock.now - start)
        if round == 0 { times.append(time) } else { times[index] = min(times[index], time) }
        if !isInsert, wrong == nil, !isSame(got, entry["expect"].elements.compactMap(\.double)) {
          wrong = "got \(got), want \(entry["expect"].elements.compactMap(\.double))"
        }
        if milliseconds(ContinuousClock.now - begin) > budget { break }
      }
      if milliseconds(ContinuousClock.now - begin) > budget { break }
    }
    let sorted = times.sorted()
    return [
      "op": name, "seq": times, "n": times.count, "median_ms": median(sorted),
      "min_ms": sorted[0], "p95_ms": sorted[min(sorted.count - 1, sorted.count * 95 / 100)],
      "max_ms": sorted[sorted.count - 1], "load1": load1(), "wrong": wrong as Any? ?? NSNull(),
    ]
  }

  private func answer(
    _ query: PreparedQuery, _ values: [String: Value], _ options: QueryOptions
  ) throws -> [Double] {
    let result = try query.run(values, options: options)
    return result.rows.flatMap { row in
      row.map { value in
        switch value {
        case .integer(let number): Double(number)
        case .float(let number): number
        default: 0
        }
      }
    }
  }

  /// Equal within a relative tolerance of 1e-4.
  private func isSame(_ got: [Double], _ want: [Double]) -> Bool {
    got.count == want.count
      && zip(got, want).allSatisfy { abs($0 - $1) <= 1e-3 * max(1, abs($1) * 1e-4) }
  }

  private func parameters(_ entry: JSONValue, _ isInsert: Bool) -> [String: Value] {
    if isInsert { return insertParameters(entry) }
    guard case .object(let members) = entry else { return [:] }
    return members.filter { $0.key != "expect" }.mapValues(\.value)
  }

  private func insertParameters(_ entry: JSONValue) -> [String: Value] {
    let names = [
      "id", "campaign", "created", "author", "text", "lr", "batch", "width", "depth", "dropout",
    ]
    var values: [String: Value] = ["parent": entry["parent"].value]
    for (index, name) in names.enumerated() { values[name] = entry["proposal"][index].value }
    for (index, name) in ["run", "status", "seed", "gpu"].enumerated() {
      values[name] = entry["run"][index].value
    }
    for number in 0..<2 {
      for (index, name) in ["c", "v", "s"].enumerated() {
        values["\(name)\(number + 1)"] = entry["critiques"][number][index].value
      }
      for (index, name) in ["e", "m", "x", "b"].enumerated() {
        values["\(name)\(number + 1)"] = entry["evals"][number][index].value
      }
    }
    return values
  }

  // MARK: Figures

  private func median(_ sorted: [Double]) -> Double {
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  private func milliseconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) * 1e-15
  }

  func load1() -> Double {
    var averages = [0.0, 0.0, 0.0]
    getloadavg(&averages, 3)
    return averages[0]
  }

  private func memoryMebibytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
  }

  private func size(of folder: String) -> Int {
    let files = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
    return files.reduce(0) { sum, name in
      var status = stat()
      // Allocated blocks: an LMDB file is sparse.
      return stat(folder + "/" + name, &status) == 0 ? sum + Int(status.st_blocks) * 512 : sum
    }
  }

  private func emit(_ object: [String: Any]) {
    guard !isQuiet, let data = try? JSONSerialization.data(withJSONObject: object) else { return }
    FileHandle.standardOutput.write(data + Data("\n".utf8))
  }
}
