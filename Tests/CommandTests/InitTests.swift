// `stemma init --campaign`: what it writes is a real start.

import Foundation
import TestSupport
import Testing

@Suite("Init")
struct InitTests {
  @Test("writes a campaign that runs, and never over what is there")
  func campaign() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let text = try runner.transcript([
      ["init", "--campaign", "Not A Name"], ["init", "--campaign", "demo"],
      ["init", "--campaign", "demo"],
    ])
    try Golden.expect(text, matches: "Golden/init-campaign.txt")

    let source = runner.folder.appendingPathComponent("source/train.py")
    let mine = Data("print('mine')\n".utf8)
    try mine.write(to: source)
    try FileManager.default.removeItem(at: runner.folder.appendingPathComponent("campaign.toml"))
    let again = try runner.run(["init", "--campaign", "second"])
    #expect(again.exitCode == 0, "\(again.standardError)")
    #expect(try Data(contentsOf: source) == mine)
  }

  @Test("its two programs judge each other")
  func programs() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    _ = try runner.run(["init", "--campaign", "demo"])
    let script = """
      cd source && python3 train.py --learning-rate 0.02 --seed 1 --output ../out &&
      cd .. && python3 evaluator/evaluate.py --run out --answers data/validation 3>score.json
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script]
    process.currentDirectoryURL = runner.folder
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let score = try String(
      contentsOf: runner.folder.appendingPathComponent("score.json"), encoding: .utf8)
    #expect(score.hasPrefix("{\"version\": 1, \"valid\": true, \"metrics\": {\"loss\": 0.5"))
    #expect(score.contains("\"point-119\""))
  }
}
