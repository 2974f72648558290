// Every documented exit status, as a command ends with it.

import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Exit statuses")
struct ExitStatusTests {
  @Test("each documented status is met")
  func all() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try Data("name = ".utf8).write(to: runner.folder.appendingPathComponent("broken.toml"))
    try Data("{\"format\":".utf8).write(to: runner.folder.appendingPathComponent("half.jsonl"))
    let text = try runner.transcript([
      ["query", "RETURN 1"], ["init", "--campaign", "demo"], ["query", "RETURN 1 AS one"],
      ["query", "RETURN 1", "--format", "xml"], ["import", "nothing.jsonl"],
      ["import", "half.jsonl"], ["query", "RETRUN 1"], ["query", "CREATE (:Actor)"],
      ["query", "--write", "--reason", "test", "CREATE (:Actor)"], ["show", "P1"],
      ["loop", "run", "broken.toml"], ["loop", "pause", "--reason", "test"],
      ["review", "approve", "P1"], ["init"],
      ["query", "UNWIND range(1, 9) AS n RETURN n", "--max-rows", "2", "--format", "csv"],
      [
        "query", "--write", "--reason", "test", "--timeout", "0",
        "UNWIND range(1, 100000) AS n CREATE (:Actor {name: toString(n), kind: 'person'})",
      ],
    ])
    try Golden.expect(text, matches: "Golden/exit-statuses.txt")
  }

  @Test("a second runner of a campaign is told to come back later")
  func secondRunner() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    _ = try runner.run(["init", "--campaign", "demo"])
    let folder = runner.folder.appendingPathComponent(".stemma/locks")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let lock = open(folder.appendingPathComponent("demo.runner").path, O_RDWR | O_CREAT, 0o644)
    #expect(lock >= 0)
    defer { close(lock) }
    #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
    let output = try runner.run(["loop", "run", "campaign.toml"])
    #expect(output.exitCode == 7, "\(output.standardError)")
    #expect(output.standardError.contains("store.busy: another runner already runs"))
  }

  /// A machine without bubblewrap, made by hiding it inside a bubblewrap.
  @Test(
    "without bubblewrap nothing runs, and doctor says so",
    .enabled(if: Self.canHideBubblewrap))
  func withoutBubblewrap() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    _ = try runner.run(["init", "--campaign", "demo"])
    let hidden = [
      "/usr/bin/bwrap", "--dev-bind", "/", "/", "--bind", "/dev/null", "/usr/bin/bwrap",
    ]
    for arguments in [
      ["doctor"], ["loop", "run", "campaign.toml", "--quiet"],
      ["sandbox", "run", "--work", ".", "--", "/bin/true"],
    ] {
      let output = try runner.run(arguments, under: hidden)
      #expect(output.exitCode == 8, "\(arguments): \(output)")
      #expect(output.standardError.contains("sandbox.unavailable: bubblewrap"))
    }
  }

  private static var canHideBubblewrap: Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/bwrap")
    process.arguments = ["--dev-bind", "/", "/", "/bin/true"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
