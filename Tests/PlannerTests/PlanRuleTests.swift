// For each rule the cases in which it must leave a plan alone: one for each condition of its proof.

import Base
import Planner
import Testing

@Suite("Rules of the planner")
struct PlanRuleTests {
  /// The names of the rules that changed a query's plan.
  static func applied(
    _ query: String, _ catalog: any Catalog = SampleCatalog()
  ) throws -> [String] {
    let statement = try Binder.bind(Text(query))
    guard case .query(let bound) = statement.body else { return [] }
    return try Planner.plan(
      bound, slotCount: statement.slots.count, catalog: catalog
    ).appliedRules
  }

  /// The numbers are those of the present: each run executes one proposal, each eval evaluates one
  /// run.
  private struct SettledCatalog: Catalog {
    let sample = SampleCatalog()
    var isExact: Bool { true }
    var indexes: [CatalogIndex] { sample.indexes }
    func nodeCount(label: Text?) -> Int { sample.nodeCount(label: label) }
    func edgeCount(type: Text?) -> Int { sample.edgeCount(type: type) }
    func hasKeys(label: Text?) -> Bool { sample.hasKeys(label: label) }
    func isRequired(property: Text, label: Text) -> Bool { label == "Eval" }
    func isSingle(type: Text, incoming: Bool) -> Bool {
      !incoming && (type == "EXECUTES" || type == "EVALUATES")
    }
  }

  @Test(
    "joins that change no rows go",
    arguments: [
      "MATCH (r:Run) OPTIONAL MATCH (r)-[:EXECUTES]->(p) RETURN r.cost",
      "MATCH (r:Run) OPTIONAL MATCH (r)-[x:EXECUTES]->(p:Proposal) RETURN count(*)",
      "MATCH (e:Eval) OPTIONAL MATCH (e)-[:EVALUATES]->(r)-[:EXECUTES]->(p) RETURN sum(e.value)",
      "MATCH (r:Run {status: $s})-[:EXECUTES]->(p) RETURN r.cost",
      "MATCH (r:Run {status: $s})-[:EXECUTES]->() RETURN r.kind AS k, sum(r.cost) AS c ORDER BY k",
    ])
  func unneededJoins(_ query: String) throws {
    #expect(try Self.applied(query, SettledCatalog()).contains("unneeded-join"))
    // Without certainty about the present there is no proof.
    #expect(try !Self.applied(query).contains("unneeded-join"))
  }

  @Test(
    "joins that may change rows stay",
    arguments: [
      "MATCH (p:Proposal) OPTIONAL MATCH (p)<-[:EXECUTES]-(r) RETURN p.name",
      "MATCH (r:Run) OPTIONAL MATCH (r)-[:EXECUTES]-(p) RETURN r.cost",
      "MATCH (r:Run) OPTIONAL MATCH (r)-[:EXECUTES|EVALUATES]->(p) RETURN r.cost",
      "MATCH (r:Run) OPTIONAL MATCH (r)-[:EXECUTES*]->(p) RETURN r.cost",
      "MATCH (r:Run) OPTIONAL MATCH (r)-[:EXECUTES]->(p)-[:IN]->(c) RETURN r.cost",
      "MATCH (r:Run) OPTIONAL MATCH (r)-[:EXECUTES]->(p) RETURN r.cost, p",
      "MATCH (r:Run) OPTIONAL MATCH (r)-[x:EXECUTES]->(p) RETURN r.cost, x IS NULL",
      "MATCH (r:Run) OPTIONAL MATCH (r)-[:EXECUTES]->(p) WITH r, p ORDER BY p.at RETURN r.cost",
      "MATCH (r:Run) OPTIONAL MATCH (r)-[:EXECUTES]->(p) WHERE 1 / p.at > 0 RETURN r.cost",
      "MATCH (r:Run) OPTIONAL MATCH (r)-[:EXECUTES]->(p) SET r.seen = true",
      "MATCH (r:Run {status: $s})-[:EXECUTES]->(p) WHERE p.at > 3 RETURN r.cost",
      "MATCH (c:Campaign) ((x)<-[:IN]-(y)-[:EXECUTES]->(z)){1,3} (b) RETURN c.name",
      "MATCH (r:Run {status: $s})-[:EXECUTES]->(p:Proposal) RETURN r.cost",
      "MATCH (r:Run {status: $s})-[:EXECUTES]->(p), (r)-[:EXECUTES]->(q) RETURN r.cost",
      "MATCH x = (r:Run {status: $s})-[:EXECUTES]->(p) RETURN r.cost, length(x)",
    ])
  func neededJoins(_ query: String) throws {
    #expect(try !Self.applied(query, SettledCatalog()).contains("unneeded-join"))
  }

  /// The run of relationships that the queries below have from `p` to `a`.
  private static let run = "MATCH (p:Proposal {key: $key})-[:DERIVED_FROM*]->(a) "

  @Test(
    "a search finds what trails would",
    arguments: [
      run + "RETURN DISTINCT a",
      run + "WHERE a.at > 3 WITH DISTINCT a RETURN a.name",
      run + "RETURN count(DISTINCT a), min(a.at), collect(DISTINCT a.name)",
      run + "RETURN p.name, max(a.at)",
      run + "MATCH (a)-[:DERIVED_FROM]->(b) RETURN DISTINCT b",
      "MATCH (p {key: 'P1'})-[:DERIVED_FROM*]->(a)<-[:CRITIQUES]-(c) RETURN DISTINCT c",
      "MATCH (p {key: 'P1'})-[:DERIVED_FROM*1..3]->(a) RETURN DISTINCT a",
      "MATCH (p {key: 'P1'})-[:DERIVED_FROM*0..]-(a) RETURN DISTINCT a",
      "MATCH (p {key: 'P1'})-[:DERIVED_FROM* {role: 0}]->(a) RETURN DISTINCT a",
      "MATCH (p {key: 'P1'}) ((x)-[:DERIVED_FROM]->(y) WHERE y.at > x.at)+ (a) RETURN DISTINCT a",
      "MATCH (p:Proposal) WHERE (p)-[:DERIVED_FROM*]->(:Campaign) RETURN p",
      "MATCH (p:Proposal) OPTIONAL MATCH (p)-[:DERIVED_FROM*]->(a) RETURN DISTINCT p, a",
    ])
  func searches(_ query: String) throws {
    #expect(try Self.applied(query).contains("reachability"))
  }

  @Test(
    "a search would lose or gain rows",
    arguments: [
      // A path, a list of edges or a list of a group's nodes escapes.
      "MATCH x = (p {key: 'P1'})-[:DERIVED_FROM*]->(a) RETURN DISTINCT a, length(x)",
      "MATCH x = (p {key: 'P1'})-[:DERIVED_FROM*]->(a) WITH x, a RETURN count(DISTINCT nodes(x))",
      "MATCH (p {key: 'P1'})-[rs:DERIVED_FROM*]->(a) RETURN DISTINCT a, size(rs)",
      "MATCH (p {key: 'P1'})-[rs:DERIVED_FROM*]->(a) WHERE size(rs) > 1 RETURN DISTINCT a",
      "MATCH (p {key: 'P1'})-[rs:DERIVED_FROM*]->(a) WITH a ORDER BY size(rs) RETURN DISTINCT a",
      "MATCH (p {key: 'P1'})-[rs:DERIVED_FROM*]->(a) WITH rs MATCH (b)-[rs*]->(c) "
        + "RETURN DISTINCT c",
      "MATCH (p {key: 'P1'}) ((x)-[r:DERIVED_FROM]->(y))+ (a) RETURN DISTINCT a, y",
      "MATCH (p {key: 'P1'}) ((x)-[r:DERIVED_FROM]->(y))+ (a) RETURN DISTINCT a, size(r)",
      "MATCH (p {key: 'P1'}) ((x)-[r:DERIVED_FROM]->(y))+ (a) WHERE size(y) > 2 RETURN DISTINCT a",
      // Trails are counted.
      run + "RETURN a",
      run + "RETURN count(*)",
      run + "RETURN count(a)",
      run + "RETURN sum(a.at)",
      run + "RETURN collect(a)",
      run + "RETURN avg(a.at), count(DISTINCT a)",
      run + "RETURN DISTINCT a.name, count(*)",
      run + "RETURN a UNION ALL MATCH (a) RETURN a",
      "MATCH (p:Proposal) RETURN p.name, COUNT { (p)-[:DERIVED_FROM*]->() }",
      "MATCH (p:Proposal) RETURN p.name, COLLECT { MATCH (p)-[:DERIVED_FROM*]->(a) RETURN a.at }",
      // Rows are cut, drawn or written before duplicates go.
      run + "WITH a LIMIT 9 RETURN DISTINCT a",
      run + "WITH a SKIP 1 RETURN DISTINCT a",
      run + "WITH a ORDER BY a.at LIMIT 9 RETURN DISTINCT a",
      run + "WHERE rand() < 0.5 RETURN DISTINCT a",
      run + "WITH a, rand() AS x RETURN DISTINCT a, x",
      run + "SET a.seen = coalesce(a.seen, 0) + 1",
      run + "CREATE (:Visit {of: a.name})",
      // Relationships of the same clause must differ.
      run + "-[:DERIVED_FROM]->(b) RETURN DISTINCT b",
      run + "-[]->(b) RETURN DISTINCT b",
      run + ", (a)<-[:DERIVED_FROM]-(b) RETURN DISTINCT b",
      "MATCH (b {key: 'P2'})<-[:DERIVED_FROM]-(p)-[:DERIVED_FROM*]->(a) RETURN DISTINCT a",
      "MATCH (p {key: 'P1'})-[:DERIVED_FROM*]->(a)-[:DERIVED_FROM*]->(b) RETURN DISTINCT b",
      // A walk of that length is no trail, or a mode asks for more than a trail.
      "MATCH (p {key: 'P1'})-[:DERIVED_FROM*2..]->(a) RETURN DISTINCT a",
      "MATCH (p {key: 'P1'})-[:DERIVED_FROM*3]->(a) RETURN DISTINCT a",
      "MATCH (p {key: 'P1'})-[:DERIVED_FROM*]-(a) RETURN DISTINCT a",
      "MATCH (p {key: 'P1'})-[:DERIVED_FROM*2..4]-(a) RETURN DISTINCT a",
      "MATCH SIMPLE (p {key: 'P1'})-[:DERIVED_FROM]->+(a) RETURN DISTINCT a",
      "MATCH ACYCLIC (p {key: 'P1'})-[:DERIVED_FROM]->+(a) RETURN DISTINCT a",
    ])
  func enumerations(_ query: String) throws {
    #expect(try !Self.applied(query).contains("reachability"))
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
