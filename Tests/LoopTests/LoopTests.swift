// Whole campaigns on a store in memory.

import Base
import Foundation
import Stemma
import Testing

@testable import Loop

@Suite struct LoopTests {
  private func count(_ query: String, _ database: Database) throws -> Int {
    guard case .integer(let number)? = try database.query(query).rows.first?.first else {
      return -1
    }
    return Int(number)
  }

  @Test func aCampaignRunsToItsEnd() throws {
    let simulated = try SimulatedCampaign()
    defer { simulated.remove() }
    let executor = simulated.executor()
    var lines: [String] = []
    let summary = try simulated.run(executor, events: { lines.append("\($0)") })
    let log = lines.joined(separator: "\n")
    #expect(summary.status == "finished", "\(log)")
    #expect(summary.progress.proposals >= 11, "\(log)")
    #expect(summary.progress.runsOpen == 0)
    #expect(summary.best.count >= 2, "\(log)")
    #expect(summary.holdoutPassed == true)
    #expect(summary.report != nil)
    let database = simulated.database
    // Every run has an end, and every finished one its evals.
    #expect(
      try count("MATCH (r:Run) WHERE r.status IN ['planned','running'] RETURN count(r)", database)
        == 0)
    #expect(
      try count("MATCH (r:Run {status:'finished'}) RETURN count(r)", database) * 2
        == count("MATCH (e:Eval) RETURN count(e)", database))
    #expect(try count("MATCH (c:Charge) WHERE c.spent IS NULL RETURN count(c)", database) == 0)
    #expect(
      try count(
        "MATCH (e:Eval {split:'holdout'}) WHERE e.value IS NOT NULL RETURN count(e)", database) == 0
    )
    #expect(
      try count(
        "MATCH (e:Eval {split:'holdout'}) WHERE e.commitment IS NULL RETURN count(e)", database)
        == 0)
    #expect(Set(executor.asked.runs).count == executor.asked.runs.count)
    // Where it happened, by which rules, how much items matter, and what is concluded.
    #expect(
      try count("MATCH (a:Attempt)-[:USES]->(e:Environment) RETURN count(DISTINCT e)", database)
        == 1)
    #expect(
      try count("MATCH (c:Comparison)-[:USES]->(p:Policy) RETURN count(DISTINCT p)", database) == 1)
    #expect(try count("MATCH (n:Noise) WHERE n.itemSigma IS NULL RETURN count(n)", database) == 0)
    #expect(
      try count(
        "MATCH (:Comparison {stage: 'holdout'})-[:SUPPORTS]->(f:Finding)-[:BY]->() RETURN count(f)",
        database) >= 1)
    if let path = ProcessInfo.processInfo.environment["STEMMA_SHOW"] {
      try? log.write(toFile: path, atomically: true, encoding: .utf8)
    }
  }
}
