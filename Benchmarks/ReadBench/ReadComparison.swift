// Asks everybody the same, checks that all say the same, and prints what it took.

import Base
import CReadFloor
import Foundation
import Graph
import Store

/// One run of the comparison.
struct ReadComparison {
  let data: ReadData

  private static let rounds = 60
  private static let slowRounds = 2
  private static let bound = 0.25

  /// Seconds of one operation: of ours, of the floor, and of SQLite from C.
  private struct Line {
    var name: String
    var count: Int
    var seconds = [Double](repeating: .infinity, count: 3)
    var answers = [Double](repeating: 0, count: 3)
    var python: Double?
  }

  func run() throws {
    floor_open(data.floorFolder, 0)
    sqlite_open(data.sqliteFile, 0)
    let readings = Readings(
      history: try Graph.open(at: data.historyFolder, surroundings: .bench, options: .bench),
      rows: try Graph.open(at: data.rowsFolder, surroundings: .bench, options: .bench))
    var random = SplitMix64(seed: 5)
    let nodes = (0..<10_000).map { _ in ReadData.proposal(random.next() % data.experiments) }
    let numbers = nodes.map(\.rawValue)
    let start = ReadData.proposal(data.experiments - 10)
    var lines: [Line] = []
    lines.append(
      try measure(
        "point read, two numbers", nodes.count,
        [
          { try readings.points(nodes) }, { floor_points(numbers, numbers.count) },
          { sqlite_points(numbers, numbers.count) },
        ]))
    lines.append(
      try measure(
        "the same, a snapshot each", nodes.count,
        [
          { try readings.pointsApart(nodes) }, { floor_points_apart(numbers, numbers.count) },
          { sqlite_points(numbers, numbers.count) },
        ]))
    lines.append(
      try measure(
        "neighbours", nodes.count,
        [
          { Double(try readings.neighbours(nodes)) },
          { Double(floor_neighbours(0, numbers, numbers.count)) },
          { Double(sqlite_neighbours(0, numbers, numbers.count)) },
        ]))
    lines.append(try closure(readings, start))
    lines.append(try scan(readings))
    try askPython(&lines, numbers, start)
    try report(lines)
  }

  private func closure(_ readings: Readings, _ start: NodeID) throws -> Line {
    var search = BreadthFirstSearch()
    var sum: UInt64 = 0
    let met = try readings.closure(start, &search).0
    return try measure(
      "closure of \(met) nodes", 1,
      [
        { Double(try readings.closure(start, &search).1) },
        {
          _ = floor_closure(0, start.rawValue, &sum)
          return Double(sum)
        },
        {
          _ = sqlite_closure(0, start.rawValue, &sum)
          return Double(sum)
        },
      ])
  }

  private func scan(_ readings: Readings) throws -> Line {
    var count: UInt64 = 0
    return try measure(
      "scan of \(data.rows) rows, filter and sum", 1,
      [
        { try readings.scan(Self.bound).0 }, { floor_scan(Self.bound, &count) },
        { sqlite_scan(Self.bound, &count) },
      ])
  }

  /// The least time of each of some programs, which take turns.
  private func measure(
    _ name: String, _ count: Int, _ programs: [() throws -> Double]
  ) throws -> Line {
    var line = Line(name: name, count: count)
    for round in 0..<Self.rounds {
      for (index, program) in programs.enumerated() {
        // What takes long is asked seldom.
        if round >= Self.slowRounds, line.seconds[index] > 0.2 { continue }
        let begin = ContinuousClock.now
        line.answers[index] = try program()
        let took = (ContinuousClock.now - begin).components
        let seconds = Double(took.seconds) + Double(took.attoseconds) * 1e-18
        line.seconds[index] = min(line.seconds[index], seconds)
      }
    }
    return line
  }

  /// Runs the program in Python over the same questions.
  private func askPython(_ lines: inout [Line], _ numbers: [UInt64], _ start: NodeID) throws {
    let list = data.folder + "/identities.txt"
    try numbers.map { "\($0)\n" }.joined().write(toFile: list, atomically: true, encoding: .ascii)
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("sqlite_reads.py").path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", script, data.sqliteFile, list, "\(start.rawValue)", "\(Self.bound)", "5",
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let answers = String(decoding: output, as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: " ").compactMap { Double($0) }
    }
    guard answers.count == 4, answers.allSatisfy({ $0.count == 2 }) else { return }
    for (line, answer) in zip([0, 2, 3, 4], answers) { lines[line].python = answer[0] }
  }

  // MARK: The table

  private func report(_ lines: [Line]) throws {
    var averages = [0.0, 0.0, 0.0]
    getloadavg(&averages, 3)
    print("load \(averages[0]); the least of \(Self.rounds) rounds")
    print("")
    print("| read | ours | floor in C | ours / floor | SQLite, C | SQLite, Python |")
    print("|---|---|---|---|---|---|")
    for line in lines {
      for answer in line.answers.dropFirst()
      where abs(answer - line.answers[0]) > 1e-9 * abs(answer) {
        throw ReadFailure(what: "\(line.name): the answers differ: \(line.answers)")
      }
      let shown = line.seconds.map { text($0 / Double(line.count)) }
      let ratio = String(format: "%.2f", line.seconds[0] / line.seconds[1])
      let python = line.python.map { text($0 / Double(line.count)) } ?? ""
      print(
        "| \(line.name) | \(shown[0]) | \(shown[1]) | \(ratio) | \(shown[2]) | \(python) |")
    }
  }

  private func text(_ seconds: Double) -> String {
    if seconds < 1e-6 { return String(format: "%.0f ns", seconds * 1e9) }
    if seconds < 1e-3 { return String(format: "%.2f µs", seconds * 1e6) }
    return String(format: "%.2f ms", seconds * 1e3)
  }
}

/// What goes wrong in a comparison.
struct ReadFailure: Error {
  var what: String
}
