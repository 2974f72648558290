// Stores of others: who may read one but not write it can ask it everything, and learns clearly
// what cannot be done. Another user is needed: root only.

import Foundation
import TestSupport
import Testing

@Suite("A store of somebody else", .enabled(if: getuid() == 0, "only root can be another user"))
struct ReadersTests {
  private static let nobody = 65534
  private static let query = ["query", "MATCH (a:Actor) RETURN a.name"]
  private static let write = [
    "query", "--write", "--reason", "t", "CREATE (:Actor {name: 'eve', kind: 'person'})",
  ]

  private func store(mode: Int) throws -> CommandRunner {
    let runner = try CommandRunner()
    #expect(try runner.run(["init"]).exitCode == 0)
    #expect(try runner.run(Self.write).exitCode == 0)
    try FileManager.default.setAttributes(
      [.posixPermissions: mode], ofItemAtPath: runner.folder.path + "/.stemma")
    return runner
  }

  @Test("is read and verified, with its lock file and without")
  func reading() throws {
    let runner = try store(mode: 0o755)
    defer { runner.remove() }
    for isLocked in [true, false] {
      let lock = runner.folder.appendingPathComponent(".stemma/lock.mdb")
      if !isLocked { try FileManager.default.removeItem(at: lock) }
      for command in [Self.query, ["show", "A1"], ["verify"], ["schema"], ["doctor"]] {
        let output = try runner.run(command, asUser: Self.nobody)
        #expect(output.exitCode == 0, "\(command): \(output)")
      }
      #expect(FileManager.default.fileExists(atPath: lock.path) == isLocked)
      let output = try runner.run(Self.query, asUser: Self.nobody)
      #expect(output.standardOutput.contains("eve"))
    }
  }

  @Test("is not written, and says so")
  func writing() throws {
    let runner = try store(mode: 0o755)
    defer { runner.remove() }
    let output = try runner.run(Self.write, asUser: Self.nobody)
    #expect(output.exitCode == 5)
    #expect(output.standardError.contains("store.read-only"), "\(output)")
    let other = try runner.run(["init"], asUser: Self.nobody)
    #expect(other.exitCode == 5)
  }

  @Test("that may not be read is not called missing or damaged")
  func forbidden() throws {
    let runner = try store(mode: 0o700)
    defer { runner.remove() }
    let output = try runner.run(
      Self.query + ["--store", ".stemma"], asUser: Self.nobody)
    #expect(output.exitCode == 5)
    #expect(output.standardError.contains("may not be read"), "\(output)")
  }

  @Test("on a medium that cannot be written is read", .enabled(if: SmallDisk.isAvailable))
  func readOnlyMedium() throws {
    let disk = try SmallDisk(kilobytes: 4000)
    defer { disk.remove() }
    let runner = CommandRunner(in: disk.folder)
    #expect(try runner.run(["init"]).exitCode == 0)
    #expect(try runner.run(Self.write).exitCode == 0)
    try disk.makeReadOnly()
    #expect(try runner.run(Self.query).standardOutput.contains("eve"))
    #expect(try runner.run(["verify"]).exitCode == 0)
    let output = try runner.run(Self.write)
    #expect(output.exitCode == 5)
    #expect(output.standardError.contains("store.read-only"), "\(output)")
  }
}
