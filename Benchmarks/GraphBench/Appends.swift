// Appends beside what they could cost at the least: the same puts from C, and the same experiments
// in SQLite through C and through Python. All in one run, taking turns, since a disk is not the same
// from one minute to the next.

import Base
import CAppendBench
import Foundation
import Graph
import Store
import Synchronization

/// Measures appends, alone, in groups and by many threads.
struct Appends {
  let folder: String
  let experiments: UInt64
  let surroundings: Surroundings

  static let groupSize: UInt64 = 500
  static let mapBytes = 16 << 30
  static let rounds = 8
  static let singlesPerRound = 50

  private var ours: String { folder + "/graph" }
  private var floor: String { folder + "/floor" }
  private var script: String { String(#filePath.dropLast("Appends.swift".count)) }

  func measure() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var options = StoreOptions()
    options.mapBytes = Self.mapBytes
    _ = try Graph.create(
      at: ours, schema: History.schema, surroundings: surroundings, options: options)
    try copyStore()
    let graph = try Graph.open(at: ours, surroundings: surroundings, options: options)
    guard let floor = puts_floor_open(floor, Self.mapBytes),
      let schema = try? String(contentsOfFile: script + "experiments.sql", encoding: .utf8),
      let sqlite = sqlite_floor_open(folder + "/experiments.sqlite", schema)
    else { throw StemmaError(.argumentInvalid, "the floors cannot be opened in \(folder)") }
    var history = History()
    try groups(graph, &history, floor, sqlite)
    try singles(graph, &history, floor, sqlite)
    puts_floor_close(floor)
    sqlite_floor_close(sqlite)
    python()
    try threads(graph, &history)
  }

  private func copyStore() throws {
    try FileManager.default.copyItem(atPath: ours, toPath: floor)
  }

  // MARK: Groups

  private func groups(
    _ graph: Graph, _ history: inout History, _ floor: OpaquePointer, _ sqlite: OpaquePointer
  ) throws {
    var seconds = (ours: 0.0, processor: 0.0, floor: 0.0, sqlite: 0.0)
    var writes = 0
    while history.made < experiments {
      let first = history.made
      let group = (0..<Self.groupSize).map { _ in history.next() }
      recorder_clear()
      recorder_start()
      let start = Timing.now()
      let used = Timing.processor()
      for result in try graph.append(group: group) { _ = try result.get() }
      seconds.ours += Timing.now() - start
      seconds.processor += Timing.processor() - used
      recorder_stop()
      writes += recorder_writes()
      puts_floor_restart(floor)
      seconds.floor += try took(puts_floor_step(floor))
      seconds.sqlite += try took(sqlite_floor_append(sqlite, first, Self.groupSize))
    }
    recorder_clear()
    puts_floor_restart(floor)
    let count = Double(experiments)
    print("in groups of \(Self.groupSize), one durable commit each, \(experiments) experiments:")
    func line(_ name: String, _ seconds: Double) {
      let each = Timing.shown(seconds / count)
      print("  \(name): \(Int(count / seconds)) experiments/s, \(each) each")
    }
    line("Graph.append(group:)", seconds.ours)
    print("    processor \(Timing.shown(seconds.processor / count)) each")
    print("    \((Double(writes) / count * 100).rounded() / 100) puts and deletes each")
    line("the same puts in C", seconds.floor)
    line("SQLite through C", seconds.sqlite)
    ratio("Graph to C", seconds.ours / seconds.floor)
    ratio("Graph to SQLite through C", seconds.ours / seconds.sqlite)
  }

  private func took(_ seconds: Double) throws -> Double {
    if seconds < 0 { throw StemmaError(.argumentInvalid, "a floor failed") }
    return seconds
  }

  private func ratio(_ name: String, _ value: Double) {
    print("  ratio, \(name): \((value * 100).rounded() / 100)")
  }

  // MARK: Single experiments

  private func singles(
    _ graph: Graph, _ history: inout History, _ floor: OpaquePointer, _ sqlite: OpaquePointer
  ) throws {
    var times = (ours: [Double](), floor: [Double](), sqlite: [Double]())
    var processor = 0.0
    var writes = 0
    for _ in 0..<Self.rounds {
      let first = history.made
      let requests = (0..<Self.singlesPerRound).map { _ in history.next() }
      recorder_clear()
      recorder_start()
      let used = Timing.processor()
      for request in requests {
        let start = Timing.now()
        _ = try graph.append(request)
        times.ours.append(Timing.now() - start)
      }
      processor += Timing.processor() - used
      recorder_stop()
      writes += recorder_writes()
      puts_floor_restart(floor)
      for _ in requests { times.floor.append(try took(puts_floor_step(floor))) }
      for number in first..<history.made {
        times.sqlite.append(try took(sqlite_floor_append(sqlite, number, 1)))
      }
    }
    let count = Double(Self.rounds * Self.singlesPerRound)
    print("a durable single experiment, \(Int(count)) of them:")
    let ours = line("Graph.append", times.ours)
    print("    processor \(Timing.shown(processor / count))")
    print("    \(Double(writes) / count) puts and deletes")
    let least = line("the same puts in C", times.floor)
    let theirs = line("SQLite through C", times.sqlite)
    ratio("Graph to C", ours / least)
    ratio("Graph to SQLite through C", ours / theirs)
  }

  private func line(_ name: String, _ times: [Double]) -> Double {
    let sorted = times.sorted()
    let median = sorted[sorted.count / 2]
    print(
      "  \(name): median \(Timing.shown(median)), best \(Timing.shown(sorted[0])), "
        + "95 of 100 below \(Timing.shown(sorted[sorted.count * 95 / 100]))")
    return median
  }

  // MARK: Python

  private func python() {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", script + "sqlite_append.py", folder + "/python.sqlite",
      script + "experiments.sql", String(experiments), String(Self.rounds * Self.singlesPerRound),
    ]
    process.standardOutput = output
    guard (try? process.run()) != nil else { return print("no python3 here") }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let numbers = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      .compactMap { Double($0) }
    guard numbers.count == 2 else { return print("SQLite through Python failed") }
    print("SQLite through Python:")
    print("  a durable single experiment: median \(Timing.shown(numbers[0]))")
    print("  in groups of \(Self.groupSize): \(Int(numbers[1])) experiments/s")
  }

  // MARK: Threads

  /// Each thread appends single experiments; those that wait for a commit share the next.
  private func threads(_ graph: Graph, _ history: inout History) throws {
    print("single experiments by threads that share commits:")
    history.distance = 200
    for threads in [1, 2, 8, 64] {
      let requests = (0..<max(200, threads * 50)).map { _ in history.next() }
      let next = Atomic<Int>(0)
      let failures = Atomic<Int>(0)
      let commits = recorder_commits()
      let start = Timing.now()
      var running: [Thread] = []
      let done = DispatchSemaphore(value: 0)
      for _ in 0..<threads {
        let thread = Thread {
          while true {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < requests.count else { break }
            do { _ = try graph.append(requests[index]) } catch {
              if failures.add(1, ordering: .relaxed).oldValue == 0 { print("  \(error)") }
            }
          }
          done.signal()
        }
        thread.start()
        running.append(thread)
      }
      for _ in running { done.wait() }
      let seconds = Timing.now() - start
      let shared = Double(requests.count) / Double(recorder_commits() - commits)
      print(
        "  \(threads) threads: \(Int(Double(requests.count) / seconds)) experiments/s, "
          + "\((shared * 10).rounded() / 10) experiments per commit, "
          + "\(failures.load(ordering: .relaxed)) failures")
    }
  }
}
