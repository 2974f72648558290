// Keys are made by whoever needs them first: processes that start at the same moment agree on one.

import Foundation
import Testing

@Suite("Keys at once")
struct KeysAtOnceTests {
  @Test("processes that all need the first keys make one of each")
  func firstKeys() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try SmallCampaign.write(to: runner.folder)
    #expect(try runner.run(["init"]).exitCode == 0)
    let loops = try (0..<2).map { _ in
      try runner.start(["loop", "run", "campaign.toml", "--share", "--quiet"])
    }
    let checkpoints = try (0..<3).map { _ in try runner.start(["checkpoint"]) }
    for process in loops + checkpoints {
      #expect(process.exitCode(withinSeconds: 120) == 0, "\(process.text)")
    }
    let keys = try runner.run(["key", "list"])
    let lines = keys.standardOutput.split(separator: "\n")
    for role in ["log", "runner"] {
      #expect(lines.count { $0.contains(" \(role), from") } == 1, "\(keys.standardOutput)")
    }
    let verify = try runner.run(["verify"])
    #expect(verify.exitCode == 0, "\(verify.standardOutput)\(verify.standardError)")
  }
}
