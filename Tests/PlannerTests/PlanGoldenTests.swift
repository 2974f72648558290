// Plans as text: for each query the plan at the start and after each rule that changed it. The
// catalog is a table of numbers, so that plans are tested with no database.

import Base
import Cypher
import Planner
import TestSupport
import Testing

/// Statistics of a lineage with 100,000 experiments.
struct SampleCatalog: Catalog {
  let nodes: [Text: Int] = [
    "Proposal": 100_000, "Run": 120_000, "Eval": 240_000, "Critique": 200_000, "Campaign": 12,
  ]
  let edges: [Text: Int] = [
    "DERIVED_FROM": 130_000, "EXECUTES": 120_000, "EVALUATES": 240_000, "CRITIQUES": 200_000,
    "IN": 100_000,
  ]

  func nodeCount(label: Text?) -> Int {
    label.map { nodes[$0] ?? 0 } ?? nodes.values.reduce(0, +)
  }

  func edgeCount(type: Text?) -> Int {
    type.map { edges[$0] ?? 0 } ?? edges.values.reduce(0, +)
  }

  var indexes: [CatalogIndex] {
    [
      CatalogIndex(
        definition: IndexDefinition(
          name: "eval_metric", label: "Eval", properties: ["metric", "benchmark", "value"]),
        entryCount: 240_000, distinctFirstValues: 6),
      CatalogIndex(
        definition: IndexDefinition(name: "run_status", label: "Run", properties: ["status"]),
        entryCount: 120_000, distinctFirstValues: 5),
      CatalogIndex(
        definition: IndexDefinition(name: "proposal_at", label: "Proposal", properties: ["at"]),
        entryCount: 100_000, distinctFirstValues: 90_000),
    ]
  }

  func hasKeys(label: Text?) -> Bool { label.map { nodes[$0] != nil } ?? true }

  func isRequired(property: Text, label: Text) -> Bool { label == "Eval" }
}

@Suite("Plans")
struct PlanGoldenTests {
  private static let queries = [
    // Anchored questions begin at their key.
    "MATCH (p:Proposal {key: 'P42'}) RETURN p",
    "MATCH (p:Proposal) WHERE p.key = $key RETURN p.hypothesis",
    "MATCH (p {key: $key})<-[:CRITIQUES]-(c:Critique) RETURN c.verdict",
    "MATCH (c:Critique)-[:CRITIQUES]->(p:Proposal {key: $key}) RETURN c",
    "MATCH (n) WHERE id(n) = 7 RETURN n",
    "MATCH (p:Proposal) WHERE p.key IN $keys RETURN p",
    "MATCH (r:Run) WHERE r.status IN ['failed', 'killed'] RETURN r",
    // Indexes.
    "MATCH (r:Run {status: 'failed'})-[:EXECUTES]->(p) RETURN p",
    "MATCH (p:Proposal) WHERE p.at > 5 AND p.at <= 9 RETURN p",
    "MATCH (e:Eval {metric: 'loss', benchmark: 'b'}) RETURN e.value",
    "MATCH (e:Eval) WHERE e.benchmark = 'b' RETURN e",
    "MATCH (e:Eval {metric: 'm', benchmark: 'b'})-[:EVALUATES]->(r) WHERE r.cost < 9 "
      + "RETURN e.id ORDER BY e.value DESC, e.id LIMIT 10",
    "MATCH (e:Eval {metric: 'm', benchmark: 'b'}) RETURN e.value AS v ORDER BY v LIMIT 1",
    "MATCH (e:Eval {metric: 'm'}) RETURN e.value AS v ORDER BY v LIMIT 1",
    // Order of expansion.
    "MATCH (e:Eval)-[:EVALUATES]->(r:Run)-[:EXECUTES]->(p:Proposal)-[:IN]->(c:Campaign) RETURN c",
    "MATCH (a)-[:IN]->(c:Campaign), (a)-[:DERIVED_FROM]->(b)-[:IN]->(c) RETURN a, b",
    "MATCH ()-[r:IN]->() RETURN count(r)",
    // Reachability: where it is proven.
    "MATCH (:Proposal {key: $key})-[:DERIVED_FROM*]->(a) RETURN DISTINCT a",
    "MATCH (:Proposal {key: $key})-[:DERIVED_FROM*]->(a) RETURN count(DISTINCT a)",
    "MATCH (:Proposal {key: $key})-[:DERIVED_FROM*0..]-(a) RETURN DISTINCT a.name",
    "MATCH (p:Proposal) WHERE (p)-[:DERIVED_FROM*]->(:Proposal {key: $key}) RETURN p",
    "MATCH (p {key: $key})-[:DERIVED_FROM*]->(a) WITH DISTINCT a "
      + "MATCH (a)<-[:CRITIQUES]-(c) RETURN c",
    // Reachability: where it must not fire.
    "MATCH (:Proposal {key: $key})-[:DERIVED_FROM*]->(a) RETURN a",
    "MATCH (:Proposal {key: $key})-[:DERIVED_FROM*]->(a) RETURN count(a)",
    "MATCH (:Proposal {key: $key})-[rs:DERIVED_FROM*]->(a) RETURN DISTINCT a, size(rs)",
    "MATCH x = (:Proposal {key: $key})-[:DERIVED_FROM*]->(a) RETURN DISTINCT a, length(x)",
    "MATCH (:Proposal {key: $key})-[:DERIVED_FROM*]-(a) RETURN DISTINCT a",
    "MATCH (:Proposal {key: $key})-[:DERIVED_FROM*2..]->(a) RETURN DISTINCT a",
    "MATCH (:Proposal {key: $key})-[:DERIVED_FROM*]->(a)-[:DERIVED_FROM]->(b) RETURN DISTINCT b",
    "MATCH (:Proposal {key: $key})-[:DERIVED_FROM*]->(a) WITH a LIMIT 9 RETURN DISTINCT a",
    "MATCH (:Proposal {key: $key})-[:DERIVED_FROM*]->(a) WHERE rand() < 0.5 RETURN DISTINCT a",
    // Scans that compare columns: some or all comparisons, and in place of a wide seek.
    "MATCH (p:Proposal) WHERE p.lr < $x AND 3 <= p.depth RETURN count(p)",
    "MATCH (p:Proposal) WHERE p.lr < 0.1 AND p.name STARTS WITH 'a' RETURN p",
    "MATCH (e:Eval {metric: $m})-[:EVALUATES]->(r:Run) RETURN r.cost, count(*)",
    // Scans that compare columns: where they must not.
    "MATCH (p:Proposal) WHERE p.lr < p.dropout AND p.lr <> 3 AND (p.a < 1 OR p.b > 2) RETURN p",
    "MATCH (p:Proposal) WHERE p.lr < rand() AND p.depth < 1 / $x RETURN p",
    "UNWIND [1, 2] AS x MATCH (p:Proposal) WHERE p.lr < x RETURN p",
    "MATCH (p:Proposal) WHERE p.lr < 1 SET p.seen = true",
    "MATCH (p:Proposal) WITH p LIMIT 5 WHERE p.lr < 1 RETURN p",
    // More relationships than orders are tried for: from the key, along the smallest fan-out.
    "MATCH (a)-[:IN]->(b)<-[:IN]-(c)-[:DERIVED_FROM]->(d)<-[:EXECUTES]-(e)<-[:EVALUATES]-(f), "
      + "(d)<-[:CRITIQUES]-(g), (d)-[:DERIVED_FROM]->(h)<-[:EXECUTES]-(i)<-[:EVALUATES]-(j), "
      + "(h)<-[:CRITIQUES]-(k), (h)-[:IN]->(l)<-[:IN]-(m {key: $key}) RETURN a, k",
    // How many rows a list makes, and what a seek has answered is not counted twice.
    "UNWIND range(1, 500) AS x UNWIND [1, 2, 3] AS y RETURN x, y",
    "MATCH (p:Proposal) WHERE p.at > 5 AND p.at <= 9 AND p.lr < 1 RETURN p",
    "MATCH (r:Run) WHERE r.status IN ['failed'] AND r.cost < 3 RETURN r",
    // The rest.
    "MATCH (p:Proposal) RETURN p.name ORDER BY p.value DESC SKIP 2 LIMIT 5",
    "MATCH (p:Proposal) OPTIONAL MATCH (p)<-[:CRITIQUES]-(c) RETURN p, collect(c.score)",
    "MATCH (a {key: 'P1'}), (b {key: 'P2'}), x = shortestPath((a)-[:DERIVED_FROM*]->(b)) RETURN x",
    "MATCH (a:Campaign) RETURN a.name AS n UNION MATCH (b:Run) RETURN b.name AS n",
    "MATCH (a {key: 'P1'}) ((x)-[:DERIVED_FROM]->(y) WHERE y.at > 3){1,3} (b) RETURN b, x",
    // A group of one relationship is followed from whichever end is known, where no list is read.
    "MATCH (a) ((x)<-[:DERIVED_FROM]-(y) WHERE y.at > 3)+ (b {key: 'P1'}) RETURN DISTINCT a",
    "MATCH (a) ((x)<-[:DERIVED_FROM]-(y) WHERE y.at > 3)+ (b {key: 'P1'}) RETURN a, size(y)",
    "MATCH (p:Proposal) WHERE (p.at + 1) * 2 > 3 - (p.lr - 1) RETURN -(p.at + 1) IS NULL",
    "MATCH p = ANY SHORTEST (a:Campaign)-[:IN]-{1,4}(b:Campaign) RETURN p",
    "MERGE (p:Proposal {name: 'x'}) ON CREATE SET p.at = 1 RETURN p",
    "MATCH (p:Proposal)-[:DERIVED_FROM]->(q) WHERE toUpper(p.title) = 'X' AND p.at < 2 RETURN q",
    "MATCH p = ACYCLIC (a:Campaign)-[:IN]-(b)-[:IN]->*(c) RETURN p",
    "MATCH p = ANY 2 (a)-[:IN]->{1,2}(b:Campaign)-[:IN]->{1,2}(c) RETURN p",
  ]

  @Test("plans, and what each rule made of them")
  func golden() throws {
    var text = ""
    for query in Self.queries {
      let statement = try Binder.bind(Text(query))
      guard case .query(let bound) = statement.body else { continue }
      text += "> \(query)\n"
      _ = try Planner.plan(
        bound, slotCount: statement.slots.count, catalog: SampleCatalog()
      ) { rule, plan in
        text += "-- \(rule)\n\(plan.rendered(statement.slots))\n"
      }
      text += "\n"
    }
    try Golden.expect(text, matches: "Golden/plans.txt")
  }

  @Test("a query of too many clauses is refused, not a crash")
  func clauseLimit() throws {
    let query = String(repeating: "WITH 1 AS x ", count: Planner.clauseLimit + 1) + "RETURN x"
    let statement = try Binder.bind(Text(query))
    guard case .query(let bound) = statement.body else { return }
    #expect(throws: StemmaError.self) {
      try Planner.plan(bound, slotCount: statement.slots.count, catalog: EmptyCatalog())
    }
  }
}
