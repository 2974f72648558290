// What a person gets for wrong input: one clear message, a documented exit code, nothing lost.

import Foundation
import TestSupport
import Testing

@Suite("Wrong input")
struct WrongInputTests {
  /// Each line of the session is a command; the golden file shows what came back.
  private func session(_ name: String, _ commands: [[String]], prepare: (URL) throws -> Void)
    throws
  {
    let runner = try CommandRunner()
    defer { runner.remove() }
    try prepare(runner.folder)
    var text = ""
    for arguments in commands {
      let output = try runner.run(arguments)
      text += "$ stemma " + arguments.map(quoted).joined(separator: " ") + "\n"
      text += output.standardOutput + output.standardError
      text += "(exit \(output.exitCode))\n\n"
    }
    try Golden.expect(text, matches: "Golden/\(name).txt")
  }

  private func quoted(_ argument: String) -> String {
    argument.contains(where: { " '\"()$*".contains($0) }) ? "'\(argument)'" : argument
  }

  @Test("without a store")
  func withoutStore() throws {
    let commands = [
      ["query", "RETURN 1"], ["show", "P1"], ["why", "P1"], ["lineage", "P1"], ["export"],
      ["verify"], ["repl"], ["query", "RETURN 1", "--store", "nowhere"], ["init", "nowhere"],
      ["init", "--schema", "nothing.gql"], ["init", "--schema", "broken.gql"], ["frobnicate"],
      ["query"], ["query", "a", "--file", "b"], ["query", "--write", "CREATE ()"],
      ["query", "RETURN 1", "--max-rows", "-1"], ["query", "RETURN 1", "--format", "xml"],
    ]
    try session("wrong-without-store", commands) { folder in
      try Data("CREATE GRAPH TYPE t {\n  (:A {x: STRNG})\n}\n".utf8)
        .write(to: folder.appendingPathComponent("broken.gql"))
    }
  }

  @Test("with a store")
  func withStore() throws {
    let commands = [
      ["init"], ["init"],
      ["query", "MATCH (n RETURN n"], ["query", "SELECT * FROM Proposal"],
      ["query", "MATCH (n) RETURN m"], ["query", "RETURN 1/0"], ["query", "RETURN $x"],
      ["query", "MATCH (p:Propsal) RETURN p"], ["query", "MATCH ()-[:DERIVD_FROM]->() RETURN 1"],
      ["query", "CREATE (:Actor {name: 'ada', kind: 'person'})"],
      ["query", "--write", "--reason", "test", "CREATE (:Actr {name: 'ada'})"],
      ["query", "--write", "--reason", "test", "CREATE (:Actor {name: 1, kind: 'person'})"],
      ["query", "--write", "--reason", "test", "CREATE (:Actor {kind: 'person'})"],
      ["query", "--write", "--reason", "test", "CREATE (:Actor {name: 'a', kind: 'alien'})"],
      ["query", "RETURN 1", "--param", "=3"],
      ["query", "RETURN 1", "--param", "x=1", "--param", "x=2"],
      ["query", "--file", "nothing.cypher"], ["query", "--file", "binary.cypher"],
      ["query", "RETURN 1", "--as-of", "12:xx"], ["query", "RETURN 1", "--as-of", "999"],
      ["query", "RETURN 1", "--as-of", "no-such-checkpoint"],
      ["query", "@failed-sibling"], ["query", "@failed-siblings"],
      ["query", "@failed-siblings", "--param", "key=P1", "--param", "limit=many"],
      ["show", "P1"], ["why", "P1"], ["lineage", "P1"],
      ["query", "UNWIND range(1, 5) AS n RETURN n", "--max-rows", "2"],
      ["verify"],
    ]
    try session("wrong-with-store", commands) { folder in
      try Data([0xFF, 0xFE, 0x00]).write(to: folder.appendingPathComponent("binary.cypher"))
    }
  }

  @Test("with a damaged store")
  func damagedStore() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    _ = try runner.run(["init"])
    let file = runner.folder.appendingPathComponent(".stemma/data.mdb")
    var bytes = try Data(contentsOf: file)
    for index in 0..<8_192 { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
    try bytes.write(to: file)
    for command in [["query", "MATCH (n) RETURN n"], ["verify"], ["export"]] {
      let output = try runner.run(command)
      #expect(output.exitCode == 5, "\(command): \(output.standardError)")
      #expect(output.standardError.contains("store.damaged"))
    }
  }
}
