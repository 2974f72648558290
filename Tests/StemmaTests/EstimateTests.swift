// Estimates against what comes of them, on a graph in the shape of a campaign: a type that leads to
// one node from everywhere, labels of a few nodes that have most edges, values of which nearly all
// nodes have the same one.

import Base
import Stemma
import Testing

@Suite("Estimates")
struct EstimateTests {
  private static func campaign() throws -> Database {
    let database = try TestStore.empty()
    _ = try database.query(
      """
      CREATE (c:Campaign {name: 'one'}) WITH c UNWIND range(1, 6) AS i
      CREATE (r:Round {number: i})-[:IN]->(c) WITH r UNWIND range(1, 20) AS j
      CREATE (p:Proposal {number: j, status: CASE j WHEN 3 THEN 'failed' ELSE 'done' END}),
             (p)-[:IN]->(r), (:Charge {amount: j})-[:IN]->(r), (:Charge {amount: j})-[:IN]->(r)
      """, options: TestStore.write)
    _ = try database.query(
      """
      MATCH (p:Proposal) WITH collect(p) AS all UNWIND range(1, size(all) - 1) AS i
      WITH all[i] AS p, all[(i - 1) / 2] AS parent CREATE (p)-[:FROM]->(parent)
      """, options: TestStore.write)
    return database
  }

  @Test(
    "are within ten times",
    arguments: [
      "MATCH (p:Proposal)-[:IN*1..3]->(c:Campaign) RETURN count(DISTINCT p)",
      "MATCH (p:Proposal)-[:IN*1..3]->(c:Campaign) WHERE c.name <> 'x' RETURN p.number, c.name",
      "MATCH (c:Campaign)<-[:IN*1..3]-(x:Charge) RETURN c.name, sum(x.amount)",
      "MATCH (c:Campaign)<-[:IN]-(r:Round)<-[:IN]-(p:Proposal) RETURN r.number, p.number",
      "MATCH (p:Proposal {status: 'done'}) RETURN p.number",
      "MATCH (p:Proposal {status: 'failed'})-[:IN]->(r:Round) RETURN r.number, p.number",
      "MATCH (p:Proposal) WHERE p.status IN ['failed', 'killed', 'stopped'] RETURN p.number",
      "MATCH (p:Proposal) WHERE NOT p.status = 'done' RETURN p.number",
      "MATCH (p:Proposal)-[:FROM*1..]->(a) RETURN p.number, a.number",
      "MATCH (c:Campaign) ((a)<-[:IN]-(b) WHERE b.name IS NULL)+ (x) RETURN c.name, x.amount",
    ])
  func warnings(text: String) throws {
    let database = try Self.campaign()
    let result = try database.query("PROFILE " + text)
    #expect(result.plan?.warnings.filter { $0.contains("was expected") } == [])
  }

  @Test("of a plan that runs for many rows, a warning tells of all of them")
  func runs() throws {
    let database = try Self.campaign()
    let result = try database.query(
      """
      PROFILE MATCH (p:Proposal)
      OPTIONAL MATCH (p)<-[:FROM]-(q) WHERE q.number / 100 = p.number
      RETURN p.number, q.number
      """)
    let warning = result.plan?.warnings.first { $0.contains("was expected") } ?? ""
    let expected = warning.firstMatch(of: /expected to give about (\d+) rows/).flatMap { Int($0.1) }
    #expect(expected.map { $0 > 10 } == true, "\(result.plan?.warnings ?? [])")
  }
}
