// `stemma doctor` on a store that others use: who pins which state, and where the space goes.

import Foundation
import Glibc
import Testing

@Suite("Doctor on a store in use")
struct DoctorTests {
  /// A process that reads a snapshot until it is killed.
  private func reader(_ folder: URL) throws -> Process {
    let process = Process()
    let output = Pipe()
    process.executableURL = CommandRunner.program.deletingLastPathComponent()
      .appendingPathComponent("store-probe")
    process.arguments = ["hold", folder.appendingPathComponent(".stemma").path]
    process.standardOutput = output
    try process.run()
    _ = output.fileHandleForReading.availableData
    return process
  }

  @Test("shows the process that reads an old state, how old it is, and the size of every table")
  func readers() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    _ = try runner.run(["init"])
    let other = try reader(runner.folder)
    let before = try runner.run(["doctor"]).standardOutput
    let name = "process \(other.processIdentifier) (store-probe)"
    #expect(before.contains("\(name), reads the newest state"), "\(before)")
    for name in ["ada", "eve"] {
      let write = "CREATE (:Actor {name: '\(name)', kind: 'person'})"
      #expect(try runner.run(["query", "--write", "--reason", "t", write]).exitCode == 0)
    }
    let after = try runner.run(["doctor"]).standardOutput
    #expect(after.contains("\(name), reads a state 2 commits old"), "\(after)")
    for word in ["file", "log", "schema", "objects"] { #expect(after.contains(word), "\(after)") }
    kill(other.processIdentifier, SIGKILL)
    other.waitUntilExit()
    // The slot of a process that died is cleared by whoever opens the store.
    let last = try runner.run(["doctor"]).standardOutput
    #expect(!last.contains("\(other.processIdentifier)"), "\(last)")
  }
}
