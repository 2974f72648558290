// One bit of a store after the other is wrong, and verification says so, always, without a trap;
// what nothing reads is exempt, and counted. `make tamper` flips every bit there is.

import Foundation
import TestSupport
import Testing

@Suite struct TamperTests {
  private static let stepOfAll = 1_021
  private static let processes = 3

  /// The program beside the tests in the build folder.
  private static var probe: URL {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent("tamper-probe")
  }

  private func start(_ arguments: [String]) throws -> (Process, Pipe) {
    let process = Process()
    let output = Pipe()
    process.executableURL = Self.probe
    process.arguments = arguments
    process.standardOutput = output
    try process.run()
    return (process, output)
  }

  private func lines(of run: (process: Process, output: Pipe)) -> [String] {
    let data = run.output.fileHandleForReading.readDataToEndOfFile()
    run.process.waitUntilExit()
    #expect(run.process.terminationReason == .exit, "it ended by a signal")
    #expect(run.process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// The number behind a word of the last line.
  private func count(_ word: String, _ lines: [String]) -> Int {
    let words = (lines.last ?? "").split(separator: " ")
    guard let index = words.firstIndex(of: word[...]), index + 1 < words.count else { return 0 }
    return Int(words[index + 1]) ?? 0
  }

  @Test func everyFlipOfAByteInUseIsReported() throws {
    let folder = try TemporaryFolder()
    _ = lines(of: try start(["make", folder.path]))
    // Each process has a copy of its own and every third of the bits.
    let runs = try (0..<Self.processes).map { number in
      let copy = folder.path + "-\(number)"
      try FileManager.default.copyItem(atPath: folder.path, toPath: copy)
      let first = number * Self.stepOfAll
      let step = Self.processes * Self.stepOfAll
      return (copy, try start(["verify", copy, "\(first)", "\(step)", "1000000"]))
    }
    var used = 0
    var flips = 0
    for (copy, run) in runs {
      let lines = lines(of: run)
      #expect(lines.filter { $0.hasPrefix("missed") } == [])
      used += count("used", lines)
      flips += count("flips", lines)
      try FileManager.default.removeItem(atPath: copy)
    }
    #expect(flips > 1_000)
    #expect(used > 200)
  }

  @Test func everyFlipOfAnObjectIsReported() throws {
    let folder = try TemporaryFolder()
    _ = lines(of: try start(["make", folder.path]))
    let lines = lines(of: try start(["objects", folder.path]))
    #expect(lines.filter { $0.hasPrefix("missed") } == [])
    #expect(count("flips", lines) == 400)
  }
}
