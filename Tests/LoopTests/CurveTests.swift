// Curves that runs report: the three forms they are read from, the columns they are kept in, and
// the Python helper, in a sandbox and outside.

import Base
import Foundation
import Sandbox
import Stemma
import Testing

@testable import Loop

@Suite struct CurveTests {
  private func file(_ path: String, _ bytes: [UInt8]) -> SandboxFile {
    SandboxFile(path: path, bytes: bytes, byteCount: bytes.count, isExecutable: false)
  }

  private func series(_ path: String, _ text: String) -> [MetricSeries] {
    CurveReader.series(in: [file(path, Array(text.utf8))])
  }

  @Test func linesOfObjects() {
    let found = series(
      "metrics.jsonl",
      """
      {"step": 1, "loss": 2.5, "note": "text", "lr": 1}
      {"step": 5, "loss": NaN}
      not JSON
      {"step": 9, "loss": -1e3}
      {"step": 10, "lo
      """)
    #expect(
      found == [
        MetricSeries(metric: "loss", steps: [1, 9], values: [2.5, -1_000]),
        MetricSeries(metric: "lr", steps: [1], values: [1]),
      ])
    let lines = [#"{"loss": 1}"#, "", "", #"{"loss": 2}"#, "3", #"{"loss": 4}"#]
    let windows = series("metrics.jsonl", lines.joined(separator: "\r\n"))
    #expect(windows == [MetricSeries(metric: "loss", steps: [0, 1, 3], values: [1, 2, 4])])
    // Steps with a point are steps; what is none is not given another.
    let steps = [#"{"step": 10.0, "a": 1}"#, #"{"step": 2.75, "a": 2}"#, #"{"step": -3, "a": 3}"#]
    let none = [
      #"{"step": "4", "a": 1}"#, #"{"step": 1e300, "a": 1}"#, #"{"step": null, "a": 1}"#,
      #"{"step": 99999999999999999999, "a": 1}"#,
    ]
    #expect(
      series("metrics.jsonl", (steps + none).joined(separator: "\n"))
        == [MetricSeries(metric: "a", steps: [10, 2, -3], values: [1, 2, 3])])
    #expect(series("other.jsonl", "{\"step\": 1, \"loss\": 2}").isEmpty)
  }

  @Test func tables() {
    let found = series("results.tsv", "epoch\tloss\tname\n0\t2.5\ta\n1\t2\tb\n2\tnan\tc\nx\t1\td\n")
    #expect(found == [MetricSeries(metric: "loss", steps: [0, 1], values: [2.5, 2])])
    #expect(series("results.tsv", "loss\tname\n1\ta\n").isEmpty, "no column is a step")
  }

  /// As TensorBoard writes them.
  private static func event(_ step: UInt8, _ value: [UInt8]) -> [UInt8] {
    let summary: [UInt8] = [0x0A, UInt8(value.count)] + value
    let start: [UInt8] = [0x09, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, step]
    let event = start + [0x2A, UInt8(summary.count)] + summary
    let length = [UInt8(event.count)] + [UInt8](repeating: 0, count: 7)
    return length + masked(length) + event + masked(event)
  }

  private static func masked(_ bytes: [UInt8]) -> [UInt8] {
    let sum = CRC32C.sum(of: bytes[...])
    let masked = (sum >> 15 | sum << 17) &+ 0xA282_EAD8
    return (0..<4).map { UInt8(truncatingIfNeeded: masked >> (8 * UInt32($0))) }
  }

  @Test func checkSumsOfCastagnoli() {
    #expect(CRC32C.sum(of: Array("123456789".utf8)[...]) == 0xE306_9283)
    #expect(CRC32C.sum(of: [UInt8](repeating: 0, count: 32)[...]) == 0x8A91_36AA)
  }

  @Test func eventFiles() {
    let tag: [UInt8] = [0x0A, 4] + Array("loss".utf8)
    let simple = tag + [0x15, 0, 0, 0x20, 0x40]  // 2.5
    let tensor = tag + [0x42, 8, 0x08, 1, 0x2A, 4, 0, 0, 0x80, 0x3F]  // 1.0
    let bytes = Self.event(3, simple) + Self.event(4, tensor)
    let found = CurveReader.series(in: [file("logs/events.out.tfevents.1.host", bytes)])
    #expect(found == [MetricSeries(metric: "loss", steps: [3, 4], values: [2.5, 1])])
    // A value that is not what was written is no value; those after it are read.
    let first = Self.event(3, simple).count
    for place in 12..<first {
      var wrong = bytes
      wrong[place] ^= 1
      let rest = CurveReader.series(in: [file("events.out.tfevents.1", wrong)])
      #expect(rest == [MetricSeries(metric: "loss", steps: [4], values: [1])], "\(place)")
    }
    for place in 0..<12 {
      var wrong = bytes
      wrong[place] ^= 1
      #expect(CurveReader.series(in: [file("events.out.tfevents.1", wrong)]).isEmpty)
    }
    // Whatever is cut or changed is passed over, and ends.
    var random = SplitMix64(seed: 5)
    for length in 0..<bytes.count {
      var broken = Array(bytes.prefix(length))
      if length > 0 { broken[Int(random.next() % UInt64(length))] ^= 0xFF }
      _ = CurveReader.series(in: [file("events.out.tfevents.1", broken)])
    }
  }

  @Test func columnsAreReadAsWritten() throws {
    let steps = (0..<2_500).map { Int64($0) - 7 }
    let values = steps.map { 1 / Double($0 - 9_000) }
    let series = MetricSeries(metric: "m", steps: steps, values: values)
    let object = series.object
    #expect(try MetricSeries(metric: "m", object: object) == series)
    #expect(series.thinned(to: 1_000).count == 1_000)
    #expect(series.thinned(to: 1_000).first == 0 && series.thinned(to: 1_000).last == 2_499)
    for wrong in [[], Array(object.dropLast()), Array(object.dropLast(8)), object + [0]] {
      #expect(throws: StemmaError.self) { try MetricSeries(metric: "m", object: wrong) }
    }
  }

  @Test func aFloodOfMetricsIsBounded() {
    let text = (0..<200).map { "{\"step\": 1, \"m\($0)\": 1}" }.joined(separator: "\n")
    #expect(series("metrics.jsonl", text).count == CurveReader.metricLimit)
  }

  // MARK: The helper

  /// A trainer that is killed has lost at most a second of its curve.
  @Test func whatAKilledTrainerSaidIsKept() throws {
    let program = """
      import stemma, time
      start = time.monotonic()
      while True:
          age = time.monotonic() - start
          stemma.log(int(age * 1000), age=age, bad=float("nan"), text="x")
          time.sleep(0.002)
      """
    func input(_ path: String, _ text: String) -> SandboxLayout.File {
      let bytes = Array(text.utf8)
      return .init(path: path, isExecutable: false, byteCount: bytes.count) { try $0(bytes) }
    }
    var specification = SandboxSpecification(
      command: ["/usr/bin/python3", "train.py"], workDirectory: "/run/stemma/test",
      budget: SandboxBudget(wallMilliseconds: 2_500))
    specification.layout = SandboxLayout(
      files: [input("stemma.py", Curves.pythonHelper), input("train.py", program)],
      folders: ["output"])
    specification.environment = [("STEMMA_METRICS", "/run/stemma/test/output/metrics.jsonl")]
    specification.collection = SandboxCollection(source: "output")
    specification.allowedWeaknesses = Set(Sandbox.weaknesses)
    let outcome = try Sandbox().run(specification)
    #expect(outcome.exceeded == .wall, "\(String(decoding: outcome.log, as: UTF8.self))")
    let found = CurveReader.series(in: outcome.files)
    #expect(found.map(\.metric) == ["age"])
    let last = try #require(found.first?.values.last)
    // The interpreter's start is in the wall time, and not in the age.
    #expect(last > 1, "only \(last) s of 2.5 s are there")
    let series = try #require(found.first)
    #expect(zip(series.steps, series.values).allSatisfy { Int64($1 * 1_000) == $0 })
  }

  /// A new folder with the helper for Python in it.
  private func folderOfHelper() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "stemma-helper-\(UInt32.random(in: 0...UInt32.max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Curves.pythonHelper.write(
      to: folder.appendingPathComponent("stemma.py"), atomically: true, encoding: .utf8)
    return folder
  }

  /// Outside of Stemma a call does nothing, and inside it costs little; both are measured.
  @Test func aCallIsCheapAndHarmlessOutside() throws {
    let folder = try folderOfHelper()
    defer { try? FileManager.default.removeItem(at: folder) }
    let program = """
      import os, stemma, sys, time
      best = 1e9
      for turn in range(20):
          start = time.perf_counter()
          for i in range(2000): stemma.log(i, loss=0.5, accuracy=1)
          best = min(best, (time.perf_counter() - start) / 2000)
      if os.fork() == 0:
          stemma.log(-1, child=1); sys.exit(0)
      os.wait()
      print(best * 1e6)
      """
    func measure(_ metrics: String?) throws -> Double {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
      process.arguments = ["-c", program]
      process.currentDirectoryURL = folder
      process.environment = metrics.map { ["STEMMA_METRICS": $0] } ?? [:]
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      return Double(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? .infinity
    }
    #expect(try measure(nil) < 5, "microseconds a call outside")
    let path = folder.appendingPathComponent("m.jsonl").path
    #expect(try measure(path) < 5, "microseconds a call inside")
    let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
    let found = CurveReader.series(in: [file("metrics.jsonl", bytes)])
    #expect(found.map(\.metric) == ["accuracy", "loss"])
    #expect(found.first?.steps.count == 40_000)
    #expect(try measure("/nowhere/at/all.jsonl") < 5, "a disk that is not there harms nobody")
  }

  /// One call with a step that is none must not cost those before and after it.
  @Test func aStepThatIsNoneIsLeftOutAlone() throws {
    let folder = try folderOfHelper()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("m.jsonl").path
    let program = """
      import stemma
      for step in (1, "epoch", None, float("nan"), float("inf"), [2], 3.9, True, "7", 8):
          stemma.log(step, loss=0.5)
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = ["-c", program]
    process.currentDirectoryURL = folder
    process.environment = ["STEMMA_METRICS": path]
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0 && said.isEmpty, "\(said)")
    let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
    let found = CurveReader.series(in: [file("metrics.jsonl", bytes)])
    #expect(found.map(\.steps) == [[1, 3, 1, 7, 8]])
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "python/stemma.py")))
  func theShippedHelperIsTheFile() throws {
    #expect(try String(contentsOfFile: "python/stemma.py", encoding: .utf8) == Curves.pythonHelper)
  }
}
