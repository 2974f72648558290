// Environments and references: what a campaign is carried out with is named by its content, found
// again unchanged or refused, and results of differing environments are not held against each
// other.

import Base
import Foundation
import Glibc
import Sandbox
import Stemma
import Synchronization
import Testing

@testable import Loop

@Suite struct MeansTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("stemma-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  private func write(_ text: String, _ path: String) throws {
    let file = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  @Test func manifestsNameContent() throws {
    try withFolder { folder in
      try write("one", folder + "/data/b")
      try write("two", folder + "/data/a/x")
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/data/link", withDestinationPath: "/elsewhere")
      let manifest = try ReferenceManifest.of(folder + "/data")
      #expect(manifest.entries.map(\.path) == ["a/x", "b", "link"])
      #expect(manifest.entries.map(\.mode) == ["100644", "100644", "120000"])
      #expect(manifest.entries[1].hash == SHA256.hash(Array("one".utf8)).hex)
      #expect(try ReferenceManifest.of(folder + "/data/b").entries.map(\.path) == ["b"])
      #expect(
        try ReferenceManifest.of(folder + "/data", excluding: ["a/**"]).entries.count == 2)
      #expect(mkfifo(folder + "/data/pipe", 0o600) == 0)
      #expect(throws: StemmaError.self) { try ReferenceManifest.of(folder + "/data") }
    }
  }

  /// Files whose stamp is as it was are not read; any change of content changes the stamp.
  @Test func stampsSaveReading() throws {
    try withFolder { folder in
      let file = folder + "/data/big"
      try write("first", file)
      var times = [timespec(tv_sec: 1_000, tv_nsec: 0), timespec(tv_sec: 1_000, tv_nsec: 0)]
      utimensat(AT_FDCWD, file, &times, 0)
      let stamps = folder + "/stamps"
      let first = try ReferenceManifest.of(folder + "/data", stamps: stamps)
      // Its change is younger than two seconds, so nothing was kept yet.
      let known = try #require(try FileManager.default.contentsOfDirectory(atPath: stamps).first)
      #expect(try String(contentsOfFile: stamps + "/" + known, encoding: .utf8).isEmpty)
      sleep(3)
      _ = try ReferenceManifest.of(folder + "/data", stamps: stamps)
      #expect(try !String(contentsOfFile: stamps + "/" + known, encoding: .utf8).isEmpty)
      #expect(try ReferenceManifest.of(folder + "/data", stamps: stamps).hash == first.hash)
      try write("other", file)
      utimensat(AT_FDCWD, file, &times, 0)
      #expect(try ReferenceManifest.of(folder + "/data", stamps: stamps).hash != first.hash)
    }
  }

  @Test func environmentsStandOnInstallations() throws {
    try withFolder { folder in
      for path in ["base/bin/python3.11", "base/lib/python3.11/os.py", "env/lib/x.py"] {
        try write("#!/bin/sh\n", "\(folder)/\(path)")
      }
      chmod("\(folder)/base/bin/python3.11", 0o755)
      try FileManager.default.createDirectory(
        atPath: folder + "/env/bin", withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/alias", withDestinationPath: folder + "/base")
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/env/bin/python", withDestinationPath: "python3")
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/env/bin/python3",
        withDestinationPath: folder + "/alias/bin/python3.11")
      var declaration = EnvironmentDeclaration()
      declaration.folder = folder + "/env"
      #expect(
        declaration.mounts.map(\.target) == [
          folder + "/env", folder + "/alias", folder + "/base",
        ])
      #expect(declaration.kind == "venv")
      #expect(declaration.variables.first?.value.hasPrefix(folder + "/env/bin:/usr") == true)
      var facts = RunEnvironment(
        name: "n", kernel: "k", machine: "m", processors: 1, memoryBytes: 1, program: "p")
      try facts.add(declaration, stamps: nil)
      let before = facts
      try write("import this\n", folder + "/env/lib/y.py")
      try write("compiled", folder + "/env/lib/__pycache__/y.pyc")
      try facts.add(declaration, stamps: nil)
      #expect(facts.packages != before.packages)
      #expect(facts.description != before.description)
    }
  }

  /// A mount cannot lie on a file, nor a file on a folder; both were found by the first noise run.
  @Test(arguments: [
    ("train.py", "validation", false), ("train.py/x", "validation", false),
    ("deep", "validation/a.txt", false), ("deep", "validation", true),
    ("data", "validation/a.txt", true),
  ])
  func aReferenceLeavesTheTreeAsItIs(place: String, path: String, fits: Bool) throws {
    let simulated = try SimulatedCampaign {
      $0.replacingFirst("hidden = [\"validation\"]\n", "")
        + "\n[[references]]\nname = \"data\"\npath = \"\(path)\"\nat = \"\(place)\"\n"
    }
    defer { simulated.remove() }
    try write("x\n", simulated.folder.path + "/source/deep/file")
    let capture = Result {
      try CampaignCapture.make(
        simulated.campaign, objects: DatabaseObjects(database: simulated.database))
    }
    switch capture {
    case .success: #expect(fits)
    case .failure(let error as StemmaError):
      #expect(!fits && error.message.contains("cannot be seen at '\(place)'"), "\(error)")
    case .failure(let error): throw error
    }
  }

  /// The environment changes in the middle of a campaign: a confirmation that saw both says
  /// nothing, unless the campaign declares that environments vary.
  @Test(arguments: [false, true]) func differingEnvironmentsAreNotCompared(declared: Bool) throws {
    let simulated = try SimulatedCampaign {
      declared
        ? $0 + "\n[noise]\nvaries = [\"seed\", \"items\", \"environment\"]\n" : $0
    }
    defer { simulated.remove() }
    let kinds = Mutex<[String: String]>([:])
    let isOver = Mutex(false)
    let executor = simulated.executor()
    #expect(throws: StemmaError.self) {
      try simulated.run(
        executor, groupLimit: 1,
        events: { event in
          switch event {
          case .runStarted(let run, _, let kind): kinds.withLock { $0[run] = kind }
          case .evaluated(let run, _, _, _):
            if kinds.withLock({ $0[run] }) == "confirm" { isOver.withLock { $0 = true } }
          default: break
          }
        },
        onBoundary: { _ in
          if isOver.withLock({ $0 }) { throw StemmaError(.limitCancelled, "stopped here") }
        })
    }
    executor.kernel.withLock { $0 = "another" }
    try simulated.run(executor)
    let verdicts = try simulated.database.query(
      "MATCH (c:Comparison {stage: 'confirm'}) RETURN c.verdict, c.reason ORDER BY id(c) LIMIT 1"
    ).rows
    #expect(verdicts.first?.first == .text(declared ? "better" : "invalid"))
    if !declared, case .string(let reason)? = verdicts.first?.last {
      #expect(reason.string.contains("was carried out in the environment EN1"))
    }
    let environments = try simulated.database.query("MATCH (e:Environment) RETURN count(e)").rows
    #expect(environments == [[.integer(2)]])
  }
}
