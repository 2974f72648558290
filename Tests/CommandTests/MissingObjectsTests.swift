// A store that lost files: objects that records name, or the file of the store itself.

import Base
import Foundation
import Glibc
import Store
import Testing

@Suite("Missing files of a store")
struct MissingObjectsTests {
  @Test("objects that records need are missed by verify, and by a loop that goes on")
  func objects() throws {
    let runner = try SmallCampaign.begun()
    defer { runner.remove() }
    #expect(try runner.run(["verify"]).exitCode == 0)

    // One file of a tree, which is a row, and then every object.
    let script = try Data(contentsOf: runner.folder.appendingPathComponent("source/train.sh"))
    let hash = SHA256.hash(Array(script)).hex
    let store = runner.folder.appendingPathComponent(".stemma").path
    try Self.remove(store) { $0.hex == hash }
    let one = try runner.run(["verify"])
    #expect(one.exitCode == 5)
    #expect(one.standardOutput.hasPrefix("objects \(hash): missing, and "), "\(one)")
    #expect(one.standardOutput.contains("train.sh"), "\(one)")

    try Self.remove(store) { _ in true }
    let none = try runner.run(["verify"])
    #expect(none.exitCode == 5, "\(none)")
    #expect(none.standardOutput.contains("needs it as specificationHash"), "\(none)")
    _ = try runner.run(["review", "approve", "P2"])
    let rest = try runner.run(["loop", "run", "campaign.toml", "--quiet"])
    #expect(rest.exitCode == 5, "\(rest)")
    #expect(rest.standardError.contains("store.damaged: the object "), "\(rest)")
  }

  static func remove(_ store: String, where isMeant: (Digest) -> Bool) throws {
    let objects = try Store.open(at: store).objects
    try objects.remove(try objects.all().filter(isMeant))
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

  @Test("stores of before this program, with schemas of their own, are verified to their end")
  func fixtures() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("GraphTests/Fixtures")
    for name in ["format-2", "format-3", "format-4"] {
      let store = runner.folder.appendingPathComponent(name)
      try FileManager.default.copyItem(at: fixtures.appendingPathComponent(name), to: store)
      let verify = try runner.run(["verify", "--store", name])
      #expect(verify.exitCode == 5, "\(verify)")
      #expect(verify.standardOutput.contains(": it is no signed note"), "\(verify)")
      let list = try runner.run(["checkpoint", "--list", "--store", name])
      #expect(list.exitCode == 5 && list.standardError.contains("store.damaged"), "\(list)")
    }
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
