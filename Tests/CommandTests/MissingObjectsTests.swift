// A store that lost files: objects that records name, or the file of the store itself.

import Foundation
import Glibc
import Testing

@Suite("Missing files of a store")
struct MissingObjectsTests {
  @Test("objects that records need are missed by verify, and by a loop that goes on")
  func objects() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try SmallCampaign.write(to: runner.folder) { $0 + "[gates]\nproposal = \"ask\"\n" }
    #expect(try runner.run(["init"]).exitCode == 0)
    let loop = try runner.start(["loop", "run", "campaign.toml"])
    try #require(loop.waitFor("waiting:"), "\(loop.text)")
    kill(loop.process.processIdentifier, SIGINT)
    _ = loop.exitCode(withinSeconds: 5)
    #expect(try runner.run(["verify"]).exitCode == 0)

    // One file of a tree, found by its content.
    let objects = runner.folder.appendingPathComponent(".stemma/objects")
    let script = try Data(contentsOf: runner.folder.appendingPathComponent("source/train.sh"))
    let all = FileManager.default.enumerator(at: objects, includingPropertiesForKeys: nil)
    let files = (all?.allObjects as? [URL] ?? []).filter { !$0.hasDirectoryPath }
    let file = try #require(files.first { (try? Data(contentsOf: $0)) == script })
    try FileManager.default.removeItem(at: file)
    let one = try runner.run(["verify"])
    let hash = file.deletingLastPathComponent().lastPathComponent + file.lastPathComponent
    #expect(one.exitCode == 5)
    #expect(one.standardOutput.hasPrefix("objects \(hash): missing, and "), "\(one)")
    #expect(one.standardOutput.contains("train.sh"), "\(one)")

    try FileManager.default.removeItem(at: objects)
    let none = try runner.run(["verify"])
    #expect(none.exitCode == 5, "\(none)")
    #expect(none.standardOutput.contains("needs it as specificationHash"), "\(none)")
    _ = try runner.run(["review", "approve", "P2"])
    let rest = try runner.run(["loop", "run", "campaign.toml", "--quiet"])
    #expect(rest.exitCode == 5, "\(rest)")
    #expect(rest.standardError.contains("store.damaged: the object "), "\(rest)")
  }

  @Test("imported records may name objects that were never here")
  func imported() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    _ = try runner.run(["init"])
    let hash = String(repeating: "a", count: 64)
    let text = "CREATE (:Artifact {name: 'x', contentHash: '\(hash)', sizeBytes: 1})"
    #expect(try runner.run(["query", "--write", "--reason", "t", text]).exitCode == 0)
    #expect(try runner.run(["verify"]).exitCode == 0)
  }

  @Test("no new store is made over what is left of another")
  func remains() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    _ = try runner.run(["init"])
    let store = runner.folder.appendingPathComponent(".stemma")
    try FileManager.default.createDirectory(
      at: store.appendingPathComponent("objects"), withIntermediateDirectories: true)
    try FileManager.default.removeItem(at: store.appendingPathComponent("data.mdb"))
    for command in [["init"], ["schema"], ["verify"]] {
      let output = try runner.run(command)
      #expect(output.exitCode == 5, "\(output)")
      #expect(output.standardError.contains("no data.mdb"), "\(output)")
      #expect(output.standardError.contains("stemma restore"), "\(output)")
    }
    #expect(!FileManager.default.fileExists(atPath: store.path + "/data.mdb"))
  }
}
