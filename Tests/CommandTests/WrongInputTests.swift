// What a person gets for wrong input: one clear message, a documented exit code, nothing lost.

import Base
import Foundation
import Glibc
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
    let text = try runner.transcript(commands)
    try Golden.expect(text, matches: "Golden/\(name).txt")
  }

  @Test("without a store")
  func withoutStore() throws {
    let commands = [
      ["query", "RETURN 1"], ["show", "P1"], ["why", "P1"], ["lineage", "P1"], ["export"],
      ["verify"], ["repl"], ["query", "RETURN 1", "--store", "nowhere"], ["init", "nowhere"],
      ["init", "--schema", "nothing.gql"], ["init", "--schema", "broken.gql"], ["frobnicate"],
      ["frobnicate", "--help"], ["pause", "--help"], ["qury", "RETURN 1"],
      ["query"], ["query", "a", "--file", "b"], ["query", "--write", "CREATE ()"],
      ["query", "RETURN 1", "--max-rows", "-1"], ["query", "RETURN 1", "--timeout", "-5"],
      ["why", "P1", "--depth", "-1"], ["export", "--limit", "-1"],
      ["query", "RETURN 1", "--format", "xml"],
      ["sandbox", "run", "--work", ".", "--memory", "abc", "--", "true"],
      ["sandbox", "run", "--work", ".", "--wall", "soon", "--", "true"],
      ["sandbox", "run", "--work", ".", "--processes", "many", "--", "true"],
      ["sandbox", "run", "--work", ".", "--cpus", "nan", "--", "true"],
      ["sandbox", "evaluate", "--work", ".", "--eval", "inside", "--", "true"],
    ]
    try session("wrong-without-store", commands) { folder in
      try Data("CREATE GRAPH TYPE t {\n  (:A {x: STRNG})\n}\n".utf8)
        .write(to: folder.appendingPathComponent("broken.gql"))
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("inside"), withIntermediateDirectories: true)
    }
  }

  @Test("about proposals from outside")
  func outside() throws {
    let point = ["--set", "lr=1"]
    let commands = [
      ["ask"], ["init"], ["ask"], ["ask", "ngram"], ["ask", "--after", "P1"], ["wait"],
      ["wait", "P9"], ["wait", "CT9"], ["wait", "E1"], ["wait", "P9", "--timeout", "soon"],
      ["tell"], ["tell"] + point, ["tell", "--set", "lr", "--campaign", "ngram"],
      ["tell", "--campaign", "ngram"], ["tell", "--campaign", "ngram"] + point,
      ["propose"], ["propose", "--hypothesis", "h"],
      ["propose", "--hypothesis", "h", "--campaign", "ngram"],
      ["propose", "--hypothesis", "h", "--worktree", "nothing"],
      ["checkout"], ["checkout", "work"], ["checkout", "work", "--campaign", "ngram"],
      ["agent-guide", "now"], ["mcp", "--write"], ["mcp", "--actor", "ada"],
      ["mcp", "--write", "--actor", "a b"],
    ]
    try session("wrong-outside", commands) { _ in }
  }

  /// None of these makes a key or a record.
  @Test("about the audit trail")
  func auditTrail() throws {
    let commands = [
      ["init"], ["key", "list"], ["checkpoint", "--list"], ["checkpoint", "--list", "--name", "x"],
      ["checkpoint", "--key", "nothing.key"], ["checkpoint", "--cosigned", "nothing.note"],
      ["checkpoint", "--cosigned", "rubbish"], ["checkpoint", "--key", "rubbish"],
      ["key", "add", "--role", "witness", "--reason", "r"],
      ["key", "add", "rubbish", "--role", "witness", "--reason", "r"],
      ["key", "add", "rubbish", "--role", "boss", "--reason", "r"],
      ["key", "add", "rubbish", "--role", "log", "--reason", "r"],
      ["key", "rotate", "new.key"], ["key", "revoke", "rubbish", "--role", "log"],
      ["prove"], ["prove", "E1"], ["prove", "."], ["prove", "edge x"], ["prove", "--from", "9"],
      ["prove", "E1", "--from", "1"],
      ["redact", "E1", "--reason", "r"], ["redact", "E1.value"],
      ["redact", "E1.value", "--reason", "r"], ["redact", "E1.value", "--reason", "r", "--yes"],
      ["timestamp"], ["timestamp", "--request", "q", "--response", "r"],
      ["timestamp", "--response", "rubbish"], ["timestamp", "--request", "q.tsq"],
      ["timestamp", "--response", "nothing", "--authority", "nothing"],
      ["export", "audit"], ["export", "audit", "bundle"],
      ["export", "audit", "bundle", "--query", "RETURN 1", "--since", "3"],
      ["verify", "nothing.tlog-proof"], ["verify", "nothing.tlog-proof", "--key", "rubbish"],
      ["verify", "nothing.zip"], ["verify", ".stemma"], ["verify", "--checkpoint", "nothing"],
      ["verify", "--checkpoint", "rubbish"], ["verify", "rubbish.zip"],
      // Nobody's key, but of the form of one: no message may repeat it.
      ["verify", "nothing.tlog-proof", "--key", "private"],
      ["key", "add", "PRIVATE+KEY+ada+00000000+AAAA", "--role", "witness", "--reason", "r"],
    ]
    try session("wrong-audit", commands) { folder in
      try Data("rubbish\n".utf8).write(to: folder.appendingPathComponent("rubbish"))
      try Data([0xFF, 0, 0x80]).write(to: folder.appendingPathComponent("rubbish.zip"))
      try Data("PRIVATE+KEY+ada+00000000+AAAA\n".utf8)
        .write(to: folder.appendingPathComponent("private"))
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
      ["query", "RETURN 1", "--param", "=3"], ["query", "RETURN 1", "--param", "x"],
      ["query", "@recent", "--param", "limit=-1"],
      ["query", "MATCH (n) RETURN n SKIP $start", "--param", "start=-1"],
      ["query", "RETURN 1", "--store", ".stemma/data.mdb"],
      ["export", "--label", "Propsal"], ["export", "--label", "Nope"],
      ["query", "RETURN 1", "--param", "x=1", "--param", "x=2"],
      ["query", "--file", "nothing.cypher"], ["query", "--file", "binary.cypher"],
      ["query", "RETURN 1", "--as-of", "12:xx"], ["query", "RETURN 1", "--as-of", "999"],
      ["query", "RETURN 1", "--as-of", "no-such-checkpoint"],
      ["query", "@failed-sibling"], ["query", "@failed-siblings"],
      ["query", "@failed-siblings", "--param", "key=P1", "--param", "limit=many"],
      ["show", "P1"], ["why", "P1"], ["lineage", "P1"], ["why", "E1"], ["why", "XYZ"],
      ["show", "\u{1B}[31mP1"], ["curve", "R9", "--metric", "loss"],
      ["loop", "cancel", "R9", "--reason", "r"], ["loop", "requeue", "R9", "--reason", "r"],
      ["backup", "binary.cypher"], ["backup", "no/such/folder"], ["repair", "binary.cypher"],
      ["query", "UNWIND range(1, 5) AS n RETURN n", "--max-rows", "2"],
      ["verify"],
    ]
    try session("wrong-with-store", commands) { folder in
      try Data([0xFF, 0xFE, 0x00]).write(to: folder.appendingPathComponent("binary.cypher"))
    }
  }

  @Test("in a store without schema")
  func withoutSchema() throws {
    let commands = [
      ["init", "--schema", "none"],
      [
        "query", "--write", "--reason", "test",
        "CREATE (:Paper {key: 'e1', title: 'x'})-[:CITES]->(:Paper {key: 'B', title: 'y'})",
      ],
      ["why", "e1"], ["why", "E1"], ["why", "Z9"], ["lineage", "B"], ["show", "e1"],
      ["show", "e1", "--format", "json"], ["show", "e1", "--format", "csv"],
    ]
    try session("wrong-without-schema", commands) { _ in }
  }

  @Test("a file or folder that may not be read is not a missing store")
  func forbidden() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    _ = try runner.run(["init"])
    chmod(runner.folder.appendingPathComponent(".stemma").path, 0)
    chmod(runner.folder.path, 0o755)
    // Root may read everything, so root asks as somebody else.
    let user = getuid() == 0 ? 65_534 : nil
    for arguments in [
      ["query", "RETURN 1"], ["query", "RETURN 1", "--store", ".stemma"],
      ["query", "RETURN 1", "--store", ".stemma/inner/store"],
    ] {
      let output = try runner.run(arguments, asUser: user)
      #expect(output.exitCode == 5, "\(output)")
      #expect(output.standardError.contains("may not be read by this user"))
      #expect(!output.standardError.contains("there is no store"))
    }
    chmod(runner.folder.appendingPathComponent(".stemma").path, 0o755)
  }

  @Test("what a backup may not read is told by its place, not by that of the copy")
  func unreadable() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    _ = try runner.run(["init"])
    let store = runner.folder.appendingPathComponent(".stemma").path
    chmod(runner.folder.path, 0o777)
    for name in ["vault", "objects"] {
      mkdir(store + "/" + name, 0)
      let user = getuid() == 0 ? 65_534 : nil
      let output = try runner.run(["backup", "copy"], asUser: user)
      #expect(output.exitCode == 5, "\(output)")
      #expect(output.standardError.contains("may not be read by this user"), "\(output)")
      #expect(!output.standardError.contains("copy"), "\(output)")
      rmdir(store + "/" + name)
    }
  }

  @Test("a restore makes the folder that it is to be in")
  func restoring() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    _ = try runner.run(["init"])
    #expect(try runner.run(["backup", "copy"]).exitCode == 0)
    #expect(try runner.run(["restore", "copy", "lab2"]).exitCode == 0)
    #expect(try runner.run(["verify", "--store", "lab2"]).exitCode == 0)
    #expect(try runner.run(["restore", "copy", "lab3", "--upto", "999"]).exitCode == 3)
    #expect(!FileManager.default.fileExists(atPath: runner.folder.path + "/lab3"))
  }

  @Test("a store of a newer format is refused by every command, and nothing is written")
  func newerFormat() throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    _ = try runner.run(["init", "--campaign", "demo"])
    let file = runner.folder.appendingPathComponent(".stemma/data.mdb")
    var bytes = [UInt8](try Data(contentsOf: file))
    // Magic, format, engine and identity are 27 bytes; a checksum of 8 and the writer follow.
    let magic = Array("STEMMA\r\n".utf8)
    let writer = Array("stemma 0.1".utf8)
    var places: [Int] = []
    for start in 0..<bytes.count - 64 where bytes[start] == magic[0] {
      guard bytes[start..<start + 8].elementsEqual(magic) else { continue }
      places.append(start)
      bytes[start + 9] += 1
      let digest = SHA256.hash(Array(bytes[start..<start + 27]) + writer).bytes
      bytes.replaceSubrange(start + 27..<start + 35, with: digest.prefix(8))
    }
    #expect(!places.isEmpty)
    try Data(bytes).write(to: file)
    for arguments in [
      ["query", "RETURN 1"], ["doctor"], ["verify"], ["loop", "run", "campaign.toml", "--quiet"],
      ["query", "--write", "--reason", "test", "CREATE (:Actor {name: 'a', kind: 'person'})"],
    ] {
      let output = try runner.run(arguments)
      #expect(output.exitCode == 5, "\(arguments): \(output)")
      #expect(output.standardError.contains("store.newer-format"), "\(arguments): \(output)")
    }
    #expect(try Data(contentsOf: file) == Data(bytes))
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
      #expect(command != ["verify"] || !output.standardError.contains("run `stemma verify`"))
      #expect(!output.standardError.contains("key \n"))
    }
  }
}
