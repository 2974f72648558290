// `stemma import csv` as a person runs it: what it says, where it finds fault, and that a load
// which is killed or finds no room leaves nothing.

import Foundation
import Glibc
import TestSupport
import Testing

@Suite("stemma import csv")
struct ImportTests {
  private static let mapping = """
    {"nodes": [{"file": "a.csv", "label": "A", "id": "id",
                "columns": {"id": "INTEGER", "text": "STRING"}}],
     "edges": [{"file": "e.csv", "type": "NEXT", "from": {"column": "from", "label": "A"},
                "to": {"column": "to", "label": "A"}}],
     "indexes": [{"name": "a", "label": "A", "properties": ["id"]}]}
    """

  /// Files of some rows of nodes, and as many edges less one.
  private func write(_ rows: Int, to folder: URL) throws {
    var nodes = "id,text\n"
    var edges = "from,to\n"
    for row in 0..<rows {
      nodes += "\(row),this is the text of row \(row)\n"
      if row > 0 { edges += "\(row),\(row / 2)\n" }
    }
    for (name, text) in [("a.csv", nodes), ("e.csv", edges), ("m.json", Self.mapping)] {
      try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
  }

  private func counted(_ runner: CommandRunner) throws -> Int {
    let query = ["query", "MATCH (n) RETURN count(n)", "--format", "csv"]
    let output = try runner.run(query).standardOutput
    return output.split(whereSeparator: \.isNewline).compactMap { Int($0) }.first ?? -1
  }

  @Test("a load says what it did, is not done twice, and tells faults with their place")
  func saying() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try write(100, to: runner.folder)
    #expect(try runner.run(["init", "--schema", "none"]).exitCode == 0)
    let load = ["import", "csv", "--mapping", "m.json"]
    let first = try runner.run(load)
    #expect(first.standardOutput == "100 nodes, 99 edges imported as 3 transactions up to 3\n")
    #expect(first.standardError.isEmpty)
    let second = try runner.run(load)
    #expect(second.exitCode != 0)
    #expect(second.standardError.contains("this was loaded before, as transaction 1"))
    let file = runner.folder.appendingPathComponent("a.csv")
    let text = try String(contentsOf: file, encoding: .utf8)
    try Data((text + "100x,broken\n").utf8).write(to: file)
    let broken = try runner.run(load)
    #expect(broken.exitCode != 0)
    #expect(broken.standardError.contains("in a.csv, line 102, column 1"), "\(broken)")
    #expect(try counted(runner) == 100)
    #expect(try runner.run(["verify", "--rebuild"]).exitCode == 0)
  }

  @Test("a load that is killed leaves nothing, and can be done again")
  func killing() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try write(20_000, to: runner.folder)
    #expect(try runner.run(["init", "--schema", "none"]).exitCode == 0)
    var delay: UInt32 = 20_000
    var kills = 0
    while try counted(runner) == 0 {
      let load = try runner.start(["import", "csv", "--mapping", "m.json"])
      usleep(delay)
      if load.process.isRunning { kills += 1 }
      kill(load.process.processIdentifier, SIGKILL)
      load.process.waitUntilExit()
      #expect(try [0, 20_000].contains(counted(runner)))
      delay += delay / 2
    }
    #expect(kills > 1)
    #expect(try runner.run(["verify"]).exitCode == 0)
  }

  @Test(
    "a load that finds no room ends with store.full and leaves nothing",
    .enabled(if: SmallDisk.isAvailable, "only root can mount a small disk"))
  func fullDisk() throws {
    let disk = try SmallDisk(kilobytes: 700)
    defer { disk.remove() }
    let files = try CommandRunner()
    defer { files.remove() }
    try write(8_000, to: files.folder)
    let runner = CommandRunner(in: disk.folder)
    #expect(try runner.run(["init", "--schema", "none"]).exitCode == 0)
    let load = ["import", "csv", "--mapping", files.folder.path + "/m.json"]
    let full = try runner.run(load)
    #expect(full.exitCode == 5)
    #expect(full.standardError.contains("store.full"), "\(full)")
    #expect(try counted(runner) == 0)
    try disk.resize(kilobytes: 20_000)
    #expect(try runner.run(load).exitCode == 0)
    #expect(try counted(runner) == 8_000)
    #expect(try runner.run(["verify"]).exitCode == 0)
  }
}
