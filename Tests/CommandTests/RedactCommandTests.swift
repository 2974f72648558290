// What a redaction does with contents, as the owner of a campaign meets it: what it names goes with
// all that only it lists, what others need is refused, and the store stays sound.

import Base
import Foundation
import Glibc
import Testing

@Suite("Redacted contents")
struct RedactCommandTests {
  private func redact(_ words: [String], _ runner: CommandRunner) throws -> CommandRunner.Output {
    try runner.run(["redact"] + words + ["--reason", "t"])
  }

  private func value(_ query: String, _ runner: CommandRunner) throws -> String {
    let output = try runner.run(["query", query, "--format", "csv"])
    return try #require(output.standardOutput.split(whereSeparator: \.isNewline).last).description
  }

  @Test("a list goes with its files")
  func lists() throws {
    let runner = try SmallCampaign.begun()
    defer { runner.remove() }
    let list = try value("MATCH (a {key: 'AR1'}) RETURN a.contentHash", runner)
    let files = try runner.run(["object", list]).standardOutput
    let file = try #require(files.split(separator: " ").first { $0.utf8.count == 64 }).description
    #expect(try runner.run(["object", file]).exitCode == 0)

    let plan = try redact(["AR1.contentHash", "--contents"], runner)
    #expect(plan.standardOutput.contains("2 contents with it"), "\(plan)")
    #expect(try runner.run(["object", file]).exitCode == 0)
    let done = try redact(["AR1.contentHash", "--contents", "--yes"], runner)
    #expect(done.standardOutput.contains(", 2 contents erased"), "\(done)")
    for hash in [list, file] {
      let gone = try runner.run(["object", hash])
      #expect(gone.exitCode == 3 && gone.standardError.contains("key.not-found"), "\(gone)")
    }
    #expect(try runner.run(["verify"]).exitCode == 0)
  }

  @Test("what another record needs is refused, and nothing is changed")
  func needed() throws {
    let runner = try SmallCampaign.begun()
    defer { runner.remove() }
    let tree = try value("MATCH (p {key: 'P1'}) RETURN p.tree", runner)
    let refused = try redact(["P1.tree", "--contents", "--yes"], runner)
    #expect(refused.exitCode == 3, "\(refused)")
    #expect(refused.standardError.contains("write.rejected: the content \(tree)"), "\(refused)")
    #expect(refused.standardError.contains("C1 needs it as baseTree"), "\(refused)")
    #expect(try value("MATCH (p {key: 'P1'}) RETURN p.tree", runner) == tree)
    #expect(try runner.run(["verify"]).exitCode == 0)
  }

  @Test("what was named by a value that is gone can be named by its hash")
  func afterwards() throws {
    let runner = try SmallCampaign.begun()
    defer { runner.remove() }
    let answer = try value("MATCH (e {key: 'E1'}) RETURN e.answerHash", runner)
    let first = try redact(["E1.answerHash", "--yes"], runner)
    #expect(first.exitCode == 0, "\(first)")
    #expect(try runner.run(["object", answer]).exitCode == 0)
    let unnamed = try redact(["E1.answerHash", "--contents", "--yes"], runner)
    #expect(unnamed.exitCode == 3, "\(unnamed)")
    #expect(unnamed.standardError.contains("--content HASH"), "\(unnamed)")
    #expect(unnamed.standardError.contains(answer), "\(unnamed)")
    let again = try redact(["E1.answerHash", "--content", answer, "--yes"], runner)
    #expect(again.exitCode == 0, "\(again)")
    #expect(again.standardOutput.contains("1 content erased"), "\(again)")
    #expect(try runner.run(["object", answer]).exitCode == 3)
    // It is a record of its own.
    let count =
      "CALL stemma.changes(0, 10000) YIELD operation, reason "
      + "WHERE operation = 'audit withheld' AND reason = 't' RETURN count(*)"
    #expect(try #require(Int(value(count, runner))) > 2)
    #expect(try runner.run(["verify"]).exitCode == 0)
  }

  @Test("a content that a record needs and that is gone is damage")
  func missing() throws {
    let runner = try SmallCampaign.begun()
    defer { runner.remove() }
    let tree = try value("MATCH (p {key: 'P1'}) RETURN p.tree", runner)
    try MissingObjectsTests.remove(runner.folder.path + "/.stemma") { $0.hex == tree }
    let missing = try runner.run(["object", tree])
    #expect(missing.exitCode == 5, "\(missing)")
    #expect(missing.standardError.contains("needs it as"), "\(missing)")
  }
}
