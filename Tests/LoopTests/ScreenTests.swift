// Screenings of several runs, and the declared rule by which clear losers end early.

import Base
import Stemma
import Testing

@testable import Loop

@Suite struct ScreenTests {
  private func campaign(_ confirm: String) throws -> SimulatedCampaign {
    try SimulatedCampaign { $0 + "\n[confirm]\n\(confirm)\n" }
  }

  private func rows(_ query: String, _ simulated: SimulatedCampaign) throws -> [[Value]] {
    try simulated.database.query(query).rows
  }

  private static let screened = """
    MATCH (c:Comparison {stage: 'screen'})-[:COMPARES]->(p:Proposal)
    MATCH (p)<-[:EXECUTES]-(r:Run {kind: 'train'})
    WITH c, p, r ORDER BY id(r)
    MATCH (e:Eval {metric: 'loss'})-[:EVALUATES]->(r)
    RETURN c.candidateMean AS mean, c.reason AS reason, collect(e.value) AS parts,
           COUNT { (c)-[:CANDIDATE]->(:Eval) } AS cited
    """

  @Test func theMeanOfSeveralRunsIsScreened() throws {
    let simulated = try campaign("screen_runs = 3")
    defer { simulated.remove() }
    #expect(try simulated.run(simulated.executor()).status == "finished")
    let found = try rows(Self.screened, simulated)
    #expect(found.count >= 5)
    for row in found {
      guard case .float(let mean) = row[0], case .list(let values) = row[2] else {
        Issue.record("\(row)")
        continue
      }
      let parts = values.compactMap { SearchRequest.number($0) }
      #expect(parts.count == 3 && row[3] == .integer(3))
      #expect(abs(mean - parts.reduce(0, +) / 3) < 1e-12)
    }
    let seeds = try rows(
      "MATCH (r:Run {kind: 'train'}) RETURN count(r), count(DISTINCT r.seed)", simulated)
    #expect(seeds[0][0] == seeds[0][1])
  }

  @Test func aClearLoserEndsAfterItsFirstRun() throws {
    let simulated = try campaign("screen_runs = 3\nstop = 0.9")
    defer { simulated.remove() }
    #expect(try simulated.run(simulated.executor()).status == "finished")
    let found = try rows(Self.screened, simulated)
    let sizes = found.map { row in
      if case .list(let values) = row[2] { values.count } else { 0 }
    }
    #expect(sizes.contains(1) && sizes.contains(3), "\(sizes)")
    for (row, size) in zip(found, sizes) {
      #expect("\(row[1])".contains("clearly worse") == (size == 1), "\(row)")
    }
    #expect(
      try rows("MATCH (c:Charge) WHERE c.spent IS NULL RETURN count(c)", simulated)[0][0]
        == .integer(0))
  }
}
