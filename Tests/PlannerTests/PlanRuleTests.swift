// For each rule the cases in which it must leave a plan alone: one for each condition of its proof.

import Base
import Planner
import Testing

@Suite("Rules of the planner")
struct PlanRuleTests {
  /// The names of the rules that changed a query's plan.
  static func applied(_ query: String) throws -> [String] {
    let statement = try Binder.bind(Text(query))
    guard case .query(let bound) = statement.body else { return [] }
    return try Planner.plan(
      bound, slotCount: statement.slots.count, catalog: SampleCatalog()
    ).appliedRules
  }

  @Test(
    "fire",
    arguments: [
      ("push-predicates", "MATCH (p:Proposal) WITH p WHERE p.key = $key RETURN p"),
      ("push-predicates", "MATCH (p:Proposal) WITH p, p.at AS at WHERE at < 9 RETURN p.name, at"),
      (
        "push-predicates",
        "MATCH (p:Proposal) WITH p.kind AS k, count(*) AS c WHERE k = 'x' RETURN c"
      ),
      ("push-predicates", "MATCH (p:Proposal) WITH DISTINCT p WITH p WHERE p.at < 3 RETURN p"),
      ("merge-matches", "MATCH (r:Run) MATCH (r)-[:EXECUTES]->(p {key: $key}) RETURN r"),
      ("merge-matches", "MATCH (r:Run) WITH r MATCH (r)-[:EXECUTES]->(p {key: $key}) RETURN r"),
      ("merge-matches", "MATCH (r:Run) WITH r AS s MATCH (s)-[:EXECUTES]->(p) RETURN s, p"),
      (
        "merge-matches",
        "MATCH (r:Run) WITH r, r.at AS t MATCH (r)-->(p) WHERE p.at > t RETURN p.at - t"
      ),
      ("unnest-exists", "MATCH (p:Proposal) WHERE EXISTS { (p)-[:IN]->({key: $key}) } RETURN p"),
      ("semi-join", "MATCH (c:Campaign)<-[:IN]-(p) RETURN DISTINCT c.name"),
      ("hash-join", "MATCH (r:Run), (p:Proposal) WHERE r.seed = p.seed RETURN r, p"),
      ("hash-join", "MATCH (r:Run)-[:IN]->(c), (p:Proposal) WHERE p.goal = c.goal RETURN p"),
      ("hash-join", "MATCH (r:Run) MATCH (p:Proposal {kind: r.kind}) RETURN r, p"),
      (
        "hash-join",
        "MATCH (p:Proposal) WITH p.kind AS k, count(*) AS n MATCH (c:Campaign {kind: k}) RETURN n"
      ),
      ("hash-join", "UNWIND $kinds AS kind MATCH (p:Proposal {kind: kind}) RETURN p"),
      ("hash-join", "MATCH (r:Run), (p:Proposal) WHERE r.seed = p.seed CREATE (r)-[:X]->(p)"),
      ("semi-join", "MATCH (p:Proposal) OPTIONAL MATCH (p)-[:IN]->(c) RETURN DISTINCT p.name"),
      ("factorised-count", "MATCH (p:Proposal {key: $key})<-[:CRITIQUES]-(c) RETURN count(*)"),
      ("factorised-count", "MATCH (p:Proposal {key: $key})<-[:CRITIQUES]-(c) RETURN count(c)"),
      (
        "factorised-count",
        "MATCH (p {key: $key})<-[:CRITIQUES]-(), (p)<-[:EXECUTES]-() RETURN p.kind, count(*)"
      ),
    ])
  func fires(_ rule: String, _ query: String) throws {
    let applied = try Self.applied(query)
    #expect(applied.contains(rule), "\(applied)")
  }

  @Test(
    "must not fire",
    arguments: [
      ("push-predicates", "MATCH (p:Proposal) WITH p LIMIT 5 WHERE p.at < 1 RETURN p"),
      ("push-predicates", "MATCH (p:Proposal) WITH p ORDER BY p.at SKIP 1 WHERE p.at < 1 RETURN p"),
      (
        "push-predicates",
        "MATCH (p:Proposal) WITH p.kind AS k, count(*) AS c WHERE c > 1 RETURN k"
      ),
      ("push-predicates", "MATCH (p:Proposal) WITH count(*) AS c WHERE $x > 1 RETURN c"),
      ("push-predicates", "MATCH (p:Proposal) WITH p WHERE rand() < 0.5 RETURN p"),
      ("push-predicates", "MATCH (p:Proposal) WITH p, rand() AS r WHERE r < 0.5 RETURN p"),
      ("push-predicates", "MATCH (a) OPTIONAL MATCH (a)-->(p) WITH p WHERE p.at = 1 RETURN p"),
      ("push-predicates", "UNWIND [1, 2] AS x WITH x WHERE x > 1 RETURN x"),
      ("merge-matches", "MATCH (r:Run) OPTIONAL MATCH (r)-[:EXECUTES]->(p) RETURN p"),
      ("merge-matches", "MATCH (r:Run) WITH r LIMIT 3 MATCH (r)-[:EXECUTES]->(p) RETURN p"),
      ("merge-matches", "MATCH (r:Run) WITH DISTINCT r MATCH (r)-[:EXECUTES]->(p) RETURN p"),
      ("merge-matches", "MATCH (r:Run) WITH r ORDER BY r.at MATCH (r)-[:EXECUTES]->(p) RETURN p"),
      ("merge-matches", "MATCH (r:Run) WITH r, rand() AS x MATCH (r)-->(p) RETURN p, x"),
      ("merge-matches", "MATCH (r:Run) WHERE rand() < 0.5 MATCH (r)-[:EXECUTES]->(p) RETURN p"),
      ("merge-matches", "MATCH (r:Run), p = ANY (r)-->+(s) MATCH (s)-[:EXECUTES]->(q) RETURN q"),
      ("merge-matches", "MATCH (a)-[r]->(b) MATCH (c)-[r]->(d) RETURN c"),
      ("merge-matches", "MATCH (a)-[r*]->(b) WITH head([a]) AS n MATCH (n)-->(d) RETURN d"),
      ("merge-matches", "MATCH (a) WITH a UNWIND [1] AS x MATCH (a)-->(b) RETURN b"),
      ("unnest-exists", "MATCH (p:Proposal) WHERE NOT (p)-[:IN]->({key: $key}) RETURN p"),
      ("unnest-exists", "MATCH (p:Proposal) WHERE (p)-[:IN]->({key: $key}) OR p.at = 1 RETURN p"),
      (
        "unnest-exists",
        "MATCH (p:Proposal), (c:Campaign) WHERE EXISTS { (p)-->({key: $key})<--(c) } RETURN p"
      ),
      (
        "unnest-exists",
        "MATCH (p:Proposal) WHERE EXISTS { (p)-[:IN]->(c {key: $key}) WHERE 1 / c.at > 0 } RETURN p"
      ),
      (
        "unnest-exists",
        "MATCH (p:Proposal) WHERE EXISTS { MATCH (p)-->({key: 'P1'}) RETURN 1 SKIP 1 } RETURN p"
      ),
      (
        "unnest-exists",
        "UNWIND [1, 1] AS x MATCH (p:Proposal) WHERE (p)-[:IN]->({key: $key}) RETURN p"
      ),
      ("semi-join", "MATCH (p:Proposal)-[:IN]->(c) RETURN DISTINCT p, c"),
      ("semi-join", "MATCH (p:Proposal)-[:IN]->(c) RETURN p"),
      ("semi-join", "MATCH (p:Proposal)-[:IN]->(c) RETURN p, count(*)"),
      ("semi-join", "MATCH (p:Proposal)-[:IN]->(c) WHERE c.at > 3 RETURN DISTINCT p"),
      ("semi-join", "MATCH (p {key: 'P1'})-[:IN]->(c), (p)-[:IN]->(d) RETURN DISTINCT p"),
      ("hash-join", "MATCH (r:Run), (p:Proposal) WHERE r.seed < p.seed RETURN r, p"),
      ("hash-join", "MATCH (p:Proposal {key: $key}), (r:Run) WHERE r.seed = p.seed RETURN r"),
      ("hash-join", "MATCH (r:Run), (p:Proposal) WHERE r.seed = 1 / p.seed RETURN r"),
      ("hash-join", "MATCH (r:Run), (p:Proposal) WHERE r.seed = rand() RETURN r"),
      ("hash-join", "MATCH (r:Run), (p:Proposal) WHERE r.seed = COUNT { (p)-->() } RETURN r"),
      ("hash-join", "MATCH (p:Proposal) OPTIONAL MATCH (r:Run {seed: p.seed}) RETURN p, r"),
      ("hash-join", "MATCH (r:Run), (p:Proposal) WHERE r.seed = $seed RETURN r, p"),
      ("semi-join", "MATCH x = (p:Proposal {key: 'P1'})-[:IN]->(c) RETURN DISTINCT p, length(x)"),
      ("semi-join", "MATCH (p:Proposal)-[:IN]->(c) WITH p LIMIT 4 RETURN DISTINCT p"),
      ("semi-join", "MATCH (p:Proposal) OPTIONAL MATCH (p)-[:IN]->(c) RETURN DISTINCT p, c"),
      ("semi-join", "MATCH (p:Proposal) OPTIONAL MATCH (p)-[:IN]->(c) RETURN p"),
      ("factorised-count", "MATCH (p {key: $key})<-[:CRITIQUES]-(c) RETURN count(DISTINCT c)"),
      ("factorised-count", "MATCH (p {key: $key})<-[:CRITIQUES]-(c) RETURN collect(c)"),
      ("factorised-count", "MATCH (p {key: $key})<-[:CRITIQUES]-(c) RETURN count(c.score)"),
      ("factorised-count", "MATCH (p {key: $key})<-[:CRITIQUES]-(c) RETURN c.at, count(*)"),
      ("factorised-count", "MATCH (p {key: 'P1'})<-[:IN]-(c) WHERE c.at > 1 RETURN count(*)"),
      ("factorised-count", "MATCH (p {key: 'P1'})<-[:IN]-(c), (p)<-[:IN]-(d) RETURN count(*)"),
      ("factorised-count", "MATCH (p {key: 'P1'})<-[:IN]-(c) WITH c LIMIT 2 RETURN count(*)"),
      ("factorised-count", "MATCH (p {key: 'P1'}) OPTIONAL MATCH (p)<-[:IN]-(c) RETURN count(c)"),
      ("factorised-count", "MATCH (p {key: 'P1'})<-[:IN]-(c) WHERE rand() < 1 RETURN count(*)"),
      ("stored-count", "MATCH (p:Proposal) RETURN count(*)"),
    ])
  func staysAway(_ rule: String, _ query: String) throws {
    let applied = try Self.applied(query)
    #expect(!applied.contains(rule), "\(applied)")
  }
}
