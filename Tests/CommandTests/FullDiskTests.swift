// Disks of every small size: what does not fit ends with `store.full` and exit code 5, nothing is
// left half, and with more room the same command does it. Needs the right to mount: root only.

import Foundation
import TestSupport
import Testing

@Suite("A full disk", .enabled(if: SmallDisk.isAvailable, "only root can mount a small disk"))
struct FullDiskTests {
  private func number(_ output: CommandRunner.Output) -> Int? {
    output.standardOutput.split(whereSeparator: \.isNewline).compactMap { Int($0) }.first
  }

  @Test("a store is created whole or not at all")
  func initialisation() throws {
    var failures = 0
    for kilobytes in [4, 40, 76, 100, 140, 180, 220, 260] {
      let disk = try SmallDisk(kilobytes: kilobytes)
      defer { disk.remove() }
      let runner = CommandRunner(in: disk.folder)
      let first = try runner.run(["init"])
      if first.exitCode != 0 {
        failures += 1
        #expect(first.exitCode == 5)
        #expect(first.standardError.contains("store.full"), "\(first)")
        #expect(!first.standardError.contains("creating"), "\(first)")
        #expect(try runner.run(["verify"]).standardError.contains("store.missing"))
        try disk.resize(kilobytes: 4000)
        #expect(try runner.run(["init"]).exitCode == 0)
      }
      #expect(try runner.run(["schema"]).standardOutput.contains("Proposal"))
      #expect(try runner.run(["verify"]).exitCode == 0)
    }
    #expect(failures > 3)
  }

  @Test("writes end with store.full, and what was acknowledged stays and can be read")
  func writing() throws {
    let disk = try SmallDisk(kilobytes: 420)
    defer { disk.remove() }
    let runner = CommandRunner(in: disk.folder)
    #expect(try runner.run(["init"]).exitCode == 0)
    let write = [
      "query", "--write", "--reason", "t",
      "UNWIND range(1, 20) AS n CREATE (:Actor {name: toString(rand()), kind: 'person'})",
    ]
    let count = ["query", "MATCH (n) RETURN count(n)", "--format", "csv"]
    var done = 0
    var last = try runner.run(write)
    while last.exitCode == 0, done < 100 {
      done += 1
      last = try runner.run(write)
    }
    #expect(last.exitCode == 5)
    #expect(last.standardError.contains("store.full"), "\(last)")
    // To the last byte.
    _ = FileManager.default.createFile(atPath: disk.folder.path + "/rest", contents: nil)
    let rest = try FileHandle(forWritingTo: disk.folder.appendingPathComponent("rest"))
    while (try? rest.write(contentsOf: Data(count: 512))) != nil {}
    for isLocked in [true, false] {
      let lock = disk.folder.appendingPathComponent(".stemma/lock.mdb")
      if !isLocked { try FileManager.default.removeItem(at: lock) }
      #expect(number(try runner.run(count)) == 20 * done, "lock file: \(isLocked)")
      #expect(try runner.run(["verify"]).exitCode == 0)
    }
    try disk.resize(kilobytes: 4000)
    #expect(try runner.run(write).exitCode == 0)
    #expect(number(try runner.run(count)) == 20 * (done + 1))
    #expect(try runner.run(["verify"]).exitCode == 0)
  }

  @Test("an import is there whole or not at all")
  func importing() throws {
    let disk = try SmallDisk(kilobytes: 280)
    defer { disk.remove() }
    let runner = CommandRunner(in: disk.folder)
    #expect(try runner.run(["init", "--schema", "none"]).exitCode == 0)
    let source = try CommandRunner()
    defer { source.remove() }
    _ = try source.run(["init", "--schema", "none"])
    let text = "UNWIND range(1, 3000) AS n CREATE (:A {n: n, text: toString(n) + ' is a number'})"
    _ = try source.run(["query", "--write", "--reason", "t", text])
    let lines = source.folder.appendingPathComponent("graph.jsonl").path
    #expect(try source.run(["export", "--output", lines]).exitCode == 0)
    let full = try runner.run(["import", lines, "--reason", "t"])
    #expect(full.exitCode == 5)
    #expect(full.standardError.contains("store.full"), "\(full)")
    let count = ["query", "MATCH (n) RETURN count(n)", "--format", "csv"]
    #expect(number(try runner.run(count)) == 0)
    try disk.resize(kilobytes: 20_000)
    #expect(try runner.run(["import", lines, "--reason", "t"]).exitCode == 0)
    #expect(number(try runner.run(count)) == 3000)
    #expect(try runner.run(["verify"]).exitCode == 0)
  }

  @Test("copies and rewritings end with store.full, change nothing, and do it with more room")
  func copying() throws {
    let disk = try SmallDisk(kilobytes: 60_000)
    defer { disk.remove() }
    let runner = CommandRunner(in: disk.folder)
    #expect(try runner.run(["init", "--schema", "none"]).exitCode == 0)
    let words = String(repeating: "word ", count: 60)
    let text = "UNWIND range(1, 2000) AS n CREATE (:A {n: n, text: '\(words)' + toString(n)})"
    #expect(try runner.run(["query", "--write", "--reason", "t", text]).exitCode == 0)
    let store = disk.folder.path + "/.stemma"
    let size = try FileManager.default.attributesOfItem(atPath: store + "/data.mdb")[.size]
    let used = (size as? Int ?? 0) / 1024
    let other = disk.folder.path + "/other"
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    let commands = [
      ["backup", "copy"], ["restore", ".stemma", "other"], ["repair", "repaired"], ["compact"],
      ["verify", "--rebuild"],
    ]
    for command in commands {
      // Room for a quarter of another file.
      try disk.resize(kilobytes: used + 180 + used / 4)
      let full = try runner.run(command)
      #expect(full.exitCode == 5 && full.standardError.contains("store.full"), "\(full)")
      try disk.resize(kilobytes: 60_000)
      let again = try runner.run(command)
      #expect(again.exitCode == 0, "\(command): \(again)")
      #expect(try runner.run(["verify"]).exitCode == 0, "after \(command)")
      for copy in ["copy", "other/.stemma", "repaired"] {
        let path = disk.folder.path + "/" + copy
        guard FileManager.default.fileExists(atPath: path) else { continue }
        #expect(try runner.run(["verify", "--store", path]).exitCode == 0, "after \(command)")
        try FileManager.default.removeItem(atPath: path)
      }
    }
    let count = ["query", "MATCH (n) RETURN count(n)", "--format", "csv"]
    #expect(number(try runner.run(count)) == 2000)
  }

  @Test("a backup on a full disk names that disk and leaves nothing there")
  func backup() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    #expect(try runner.run(["init"]).exitCode == 0)
    let disk = try SmallDisk(kilobytes: 60)
    defer { disk.remove() }
    let target = disk.folder.path + "/copy"
    let full = try runner.run(["backup", target])
    #expect(full.exitCode == 5 && full.standardError.contains("store.full"), "\(full)")
    #expect(full.standardError.contains("the disk under \(target) is full"), "\(full)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: disk.folder.path) == [])
    try disk.resize(kilobytes: 4000)
    #expect(try runner.run(["backup", target]).exitCode == 0)
    #expect(try runner.run(["verify", "--store", target]).exitCode == 0)
  }

  @Test("a loop stops with store.full wherever it is, and goes on when there is room")
  func looping() throws {
    var stops: Set<String> = []
    for kilobytes in [380, 520] {
      let disk = try SmallDisk(kilobytes: kilobytes)
      defer { disk.remove() }
      let runner = CommandRunner(in: disk.folder)
      try SmallCampaign.write(to: disk.folder) { $0 }
      #expect(try runner.run(["init"]).exitCode == 0)
      let first = try runner.run(["loop", "run", "campaign.toml", "--quiet"])
      #expect(try runner.run(["verify"]).exitCode == 0)
      guard first.exitCode != 0 else { continue }
      #expect(first.exitCode == 5, "\(kilobytes): \(first)")
      #expect(first.standardError.contains("store.full"), "\(kilobytes): \(first)")
      stops.insert(String(first.standardError.split(separator: "\n").last ?? ""))
      try disk.resize(kilobytes: 100_000)
      let rest = try runner.run(["loop", "run", "campaign.toml", "--quiet"])
      #expect(rest.exitCode == 0 && rest.standardOutput.contains("finished"), "\(rest)")
      #expect(try runner.run(["verify"]).exitCode == 0)
    }
    #expect(!stops.isEmpty)
  }

  @Test("what is written beside the store is there whole or not at all, and names its place")
  func outputs() throws {
    let disk = try SmallDisk(kilobytes: 60_000)
    defer { disk.remove() }
    let runner = CommandRunner(in: disk.folder)
    try SmallCampaign.write(to: disk.folder)
    try Data(count: 300_000).write(to: disk.folder.appendingPathComponent("source/ballast"))
    #expect(try runner.run(["init"]).exitCode == 0)
    let ended = try runner.run(["loop", "run", "campaign.toml", "--quiet"])
    #expect(ended.exitCode == 0, "\(ended)")
    let filler = disk.folder.appendingPathComponent("filler")
    for (command, place) in [
      (["export", "-o", "graph.jsonl"], "graph.jsonl"), (["checkout", "work"], "work"),
      (["export", "audit", "bundle"], "bundle"), (["export", "audit", "bundle.zip"], "bundle.zip"),
      (["timestamp", "--request", "query.tsq"], "query.tsq"),
      (["prove", "E1", "-o", "e.tlog-proof"], "e.tlog-proof"),
    ] {
      // To the last byte, so that also what is small finds no room.
      _ = FileManager.default.createFile(atPath: filler.path, contents: nil)
      let rest = try FileHandle(forWritingTo: filler)
      while (try? rest.write(contentsOf: Data(count: 1 << 16))) != nil {}
      while (try? rest.write(contentsOf: Data(count: 512))) != nil {}
      let before = try FileManager.default.contentsOfDirectory(atPath: disk.folder.path).sorted()
      let full = try runner.run(command)
      #expect(full.exitCode == 5 && full.standardError.contains("store.full"), "\(full)")
      #expect(full.standardError.contains("in \(place)"), "\(full)")
      let after = try FileManager.default.contentsOfDirectory(atPath: disk.folder.path).sorted()
      #expect(before == after, "\(command)")
      try rest.close()
      try FileManager.default.removeItem(at: filler)
      let again = try runner.run(command)
      #expect(again.exitCode == 0, "\(command): \(again)")
    }
  }
}
