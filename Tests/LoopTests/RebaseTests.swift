// When one proposal of a round is confirmed, the others are made of the new incumbent.

import Base
import Foundation
import Stemma
import Testing

@testable import Loop

@Suite struct RebaseTests {
  private func texts(_ query: String, _ database: Database) throws -> [[String]] {
    try database.query(query).rows.map { row in
      row.map { if case .string(let text) = $0 { text.string } else { "-" } }
    }
  }

  private func campaign(_ answers: [String]) throws -> SimulatedCampaign {
    let simulated = try SimulatedCampaign {
      ResumeTests.small($0)
        .replacingOccurrences(of: "per_round = 3", with: "per_round = \(answers.count)")
    }
    try Data(answers.joined().utf8).write(
      to: simulated.folder.appendingPathComponent("answers.jsonl"))
    return simulated
  }

  /// Two independent gains in one round end in one proposal that has both.
  @Test func gainsOfOneRoundAddUp() throws {
    let simulated = try campaign([
      SimulatedCampaign.answer("better", "\"patches\":[\"better\"]"),
      SimulatedCampaign.answer("rate", "\"parameters\":{\"lr\":0.02}"),
      SimulatedCampaign.answer("width", "\"parameters\":{\"width\":6}"),
    ])
    defer { simulated.remove() }
    let summary = try simulated.run(simulated.executor())
    let database = simulated.database
    // Every confirmed gain was measured against the very base of its change.
    let compared = try texts(
      "MATCH (c:Comparison {stage: 'confirm', verdict: 'better'})-[:COMPARES]->(p)-[:BASED_ON]->(b)"
        + " MATCH (c)-[:AGAINST]->(a) RETURN p.title, b.key, a.key ORDER BY id(c)", database)
    #expect(compared.map { $0[0] } == ["better", "rate", "width"], "\(compared)")
    #expect(compared.allSatisfy { $0[1] == $0[2] }, "\(compared)")
    let winner = try #require(summary.best.last)
    let final = try texts(
      "MATCH (p:Proposal {key: '\(winner.key)'}) RETURN p.patchName, p.parameters", database)
    #expect(final == [["better", "{\"lr\":0.02,\"width\":6}"]])
    // What was replaced says by what, and its runs stay on record.
    let replaced = try texts(
      "MATCH (d:Decision {action: 'modify'})-[:DECIDES]->(old), (d)-[:RESULTED_IN]->(new)"
        + " WHERE (new)-[:SUPERSEDES]->(old)"
        + " RETURN old.title, old.status, d.madeBy ORDER BY id(new)",
      database)
    #expect(replaced.map { $0[0] } == ["rate", "width", "width"], "\(replaced)")
    #expect(replaced.allSatisfy { $0[1] == "terminated" && $0[2] == "policy" })
  }

  /// A change that cannot be made of the new incumbent is compared with it as it is.
  @Test func whatCannotBeCarriedOverIsKept() throws {
    let simulated = try campaign([
      SimulatedCampaign.answer("better", "\"patches\":[\"better\"]"),
      SimulatedCampaign.answer(
        "file", "\"files\":[{\"path\":\"train.py\",\"content\":\"x = 2\\n\"}]"),
    ])
    defer { simulated.remove() }
    try simulated.run(simulated.executor())
    let kept = try texts(
      "MATCH (d:Decision {action: 'keep'})-[:DECIDES]->(p) RETURN p.title, p.status, d.reason",
      simulated.database)
    #expect(kept.map { $0[0] } == ["file"])
    #expect(kept.first?[1] == "screened")
    #expect(kept.first?[2].contains("train.py") == true, "\(kept)")
    let against = try texts(
      "MATCH (c:Comparison)-[:COMPARES]->({title: 'file'})"
        + " MATCH (c)-[:AGAINST]->(a) RETURN a.title",
      simulated.database)
    #expect(against == [["better"]])
  }
}
