// Plans for people and for programs.

import Foundation
import TestSupport
import Testing

@Suite("Plans")
struct PlanTests {
  private func runner() throws -> CommandRunner {
    let runner = try CommandRunner()
    _ = try runner.run(["init", "--schema", "none"])
    _ = try runner.run([
      "query", "--write", "--reason", "test", "UNWIND range(1, 40) AS n CREATE (:Paper {n: n})",
    ])
    _ = try runner.run([
      "query", "--write", "--reason", "test",
      "MATCH (a:Paper), (b:Paper) WHERE b.n = a.n + 1 CREATE (a)-[:CITES]->(b)",
    ])
    return runner
  }

  private static let query =
    "MATCH (a:Paper)-[:CITES]->(b) WHERE a.n > 30 AND EXISTS { (b)-[:CITES]->() } RETURN b.n"

  private static let simple = "MATCH (a:Paper) WHERE a.n > 30 RETURN a.n"

  @Test("EXPLAIN as text and as JSON")
  func explain() throws {
    let runner = try runner()
    defer { runner.remove() }
    let text = try runner.transcript([
      ["query", "--explain", Self.simple], ["query", "--explain", Self.simple, "--format", "json"],
      ["query", "--explain", "RETURN 1", "--profile"],
    ])
    try Golden.expect(text, matches: "Golden/explain.txt")
  }

  @Test("PROFILE measures each operation")
  func profile() throws {
    let runner = try runner()
    defer { runner.remove() }
    let output = try runner.run(["query", "--profile", Self.query, "--format", "json"])
    #expect(output.exitCode == 0)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(output.standardOutput.utf8)) as? [String: Any])
    let plan = try #require(object["plan"] as? [String: Any])
    #expect(plan["rows"] as? Int == 8)
    #expect(plan["operator"] as? String == "Project")
    #expect((plan["microseconds"] as? Int ?? 0) > 0)
    let inputs = try #require(plan["inputs"] as? [[String: Any]])
    #expect(inputs.count == 1 && inputs[0]["rows"] as? Int == 8)
    #expect((object["subqueries"] as? [Any])?.count == 1)
    let people = try runner.run(["query", "--profile", Self.query])
    #expect(people.standardOutput.contains("8 actual"))
  }

  @Test("PROFILE says what was held, put on disk and skipped")
  func work() throws {
    let runner = try runner()
    defer { runner.remove() }
    // The first range is full, and its bounds rule it out.
    _ = try runner.run([
      "query", "--write", "--reason", "test", "UNWIND range(1, 9000) AS n CREATE (:Many {n: n})",
    ])
    let scan = try runner.run([
      "query", "--profile", "MATCH (m:Many) WHERE m.n > 9000000 RETURN m.n",
    ])
    #expect(scan.standardOutput.contains("1 of 1 ranges skipped"), "\(scan.standardOutput)")
    let sort = "UNWIND range(1, 60000) AS i RETURN i ORDER BY -i"
    let whole = try runner.run(["query", "--profile", sort])
    #expect(whole.standardOutput.contains(" KiB"), "\(whole.standardOutput)")
    #expect(!whole.standardOutput.contains("on disk"))
    let small = try runner.run([
      "query", "--profile", sort, "--max-memory", "1", "--format", "json",
    ])
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(small.standardOutput.utf8)) as? [String: Any])
    let plan = try #require(object["plan"] as? [String: Any])
    #expect((plan["spilledBytes"] as? Int ?? 0) > 100_000, "\(plan)")
    let held = plan["memoryBytes"] as? Int ?? 0
    #expect(held > 100_000 && held <= 1 << 20, "\(plan)")
  }
}
