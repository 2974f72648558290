// Plans of a real store at the start and after each rule that changed them, with the rows that come
// out, and the same rows without rules. Each rule has a query here.

import Base
import Planner
import Stemma
import TestSupport
import Testing

@Suite("Rules and rows")
struct PlanRulesTests {
  private static let queries = [
    "MATCH (n:A) RETURN count(*) AS c",
    "MATCH (n) RETURN count(n) AS c, count(*) AS d",
    "MATCH ()-[r:T]->() RETURN count(r) AS c",
    "MATCH (a)-[r:T]-(b) RETURN count(*) AS c",
    "MATCH (a:A)-[:T]->(b), (a)-[:S]->(c) RETURN a.x AS x, count(*) AS c ORDER BY x",
    "MATCH (a:A)-[:T]->(b), (a)-[:S]->(c) RETURN count(*) AS c",
    "MATCH (a:A)-[:T]->(b), (a)-[:T]->(c) RETURN count(*) AS c",
    "MATCH (a:A {x: 1})-[:S]-(b) RETURN count(b) AS c",
    "MATCH (a:A) RETURN a.x AS x, COUNT { (a)-[:T]->() } AS c ORDER BY x",
    "MATCH (a:A)-[:T]->(b) RETURN DISTINCT a.x AS x ORDER BY x",
    "MATCH (a:A) OPTIONAL MATCH (a)-[:T]->(b) RETURN DISTINCT a.x AS x ORDER BY x",
    "MATCH (a:A) WHERE EXISTS { (a)-[:T*]->(:B {y: 2}) } RETURN a.x AS x ORDER BY x",
    "MATCH (a:A) MATCH (a)-[:T]->(b:B) WITH a, b WHERE b.y = 2 RETURN a.x AS x ORDER BY x",
    "MATCH (a:A) WITH a AS c, a.x AS x MATCH (c)-[:T]->(b:B {y: 2}) RETURN x ORDER BY x",
    "MATCH (a:A)-[:T]->(b) MATCH (a)-[:T]->(c) RETURN count(*) AS c",
    "MATCH (a:A)-[:T]->(b) WITH a.x AS x, count(*) AS c WHERE x > 1 RETURN x, c ORDER BY x",
    "MATCH (a:A), (b:B) WHERE b.y = 2 AND (a)-[:T]->(b) RETURN a.x AS x ORDER BY x",
    "MATCH (a:A), (b:B) WHERE a.x = b.z RETURN a.x AS x, b.y AS y ORDER BY x",
    "MATCH (a:A) RETURN a.x AS x ORDER BY x % 7 DESC, x LIMIT 3",
    "MATCH (b:B) WHERE b.y = 3 RETURN b.y AS y, b.z AS z",
    "MATCH (b:B) WHERE b.y >= 2 RETURN b.y AS y, b.z AS z ORDER BY y DESC LIMIT 2",
    "MATCH (b:B {y: 2}) RETURN b.z AS z ORDER BY z LIMIT 1",
    "MATCH (a:A {x: 6}) ((s)-[:N]->(t) WHERE t.x < 30)+ (b) RETURN DISTINCT b.x AS x ORDER BY x",
    "MATCH (a:A {x: 3})-[:N*]->(b) RETURN count(DISTINCT b) AS c",
    "MATCH (a:A {x: 3})-[:N]->(b:A) WHERE b.x < 9 RETURN b.x AS x ORDER BY x",
    "MATCH (b:B {y: 1}) RETURN b.y AS y, EXISTS { (b)<-[:T]-()-[:N]->() } AS e, "
      + "COUNT { (b)<-[:T]-()-[:S]->() } AS c, "
      + "COLLECT { MATCH (b)<-[:T]-(a) RETURN a.x AS x ORDER BY x DESC LIMIT 2 } AS l",
    "MATCH (a:A) OPTIONAL MATCH (a)-[:M]->(b) RETURN sum(a.x) AS s",
    "MATCH (a:A {x: 2}) RETURN EXISTS { MATCH (c:A) MATCH (c)-[:N]->(a) WHERE c.x = 1 } AS e",
  ]

  private static func database() throws -> Database {
    let database = try TestStore.empty()
    for query in [
      "UNWIND range(1, 40) AS x CREATE (:A {x: x})",
      "UNWIND range(1, 4) AS y CREATE (:B {y: y})",
      "MATCH (a:A), (b:B) WHERE a.x % (b.y + 3) = 0 CREATE (a)-[:T]->(b)",
      "MATCH (a:A), (b:B) WHERE a.x % 3 = 1 CREATE (a)-[:S]->(b)",
      "MATCH (a:A {x: 7}) CREATE (a)-[:S]->(a)",
      "MATCH (a:A), (b:A) WHERE b.x = 2 * a.x OR b.x = 3 * a.x CREATE (a)-[:N]->(b)",
      "MATCH (b:B) SET b.z = 10 - b.y",
      "MATCH (a:A), (b:B) WHERE a.x < 9 AND a.x % 4 = b.y - 1 CREATE (a)-[:M]->(b)",
      "CREATE INDEX byYZ FOR (b:B) ON (b.y, b.z)",
    ] { _ = try database.query(query, options: TestStore.write) }
    return database
  }

  @Test("plans, and what comes of them")
  func golden() throws {
    let database = try Self.database()
    var text = ""
    var seen: Set<String> = []
    for query in Self.queries {
      let result = try database.query(query)
      let plain = try database.query(query, engine: EngineOptions(appliesRules: false))
      #expect(result.rows == plain.rows, "\(query)")
      text += "> \(query)\n"
      for (rule, plan) in try database.planSteps(query) {
        seen.insert(rule)
        text += "-- \(rule)\n\(plan)\n"
      }
      text += "-- rows\n"
      for row in result.rows { text += row.map { "\($0)" }.joined(separator: " | ") + "\n" }
      text += "\n"
    }
    let rules = PlanRules.all.map(\.name) + QueryRules.all.map(\.name)
    #expect(rules.filter { !seen.contains($0) } == [], "a rule without a query here")
    try Golden.expect(text, matches: "Golden/plan-rules.txt")
  }

  @Test("counts that are kept are of the present, so not asked of the past nor while writing")
  func storedCounts() throws {
    let database = try Self.database()
    let count = "MATCH (n:A) RETURN count(*) AS c"
    #expect(try database.explain(count).contains("StoredCount"))
    let before = try database.lastTransaction()
    _ = try database.query("MATCH (n:A {x: 1}) DETACH DELETE n", options: TestStore.write)
    #expect(try database.query(count).rows == [[.integer(39)]])
    #expect(try database.query("AS OF \(before.rawValue) \(count)").rows == [[.integer(40)]])
    #expect(try !database.explain("AS OF \(before.rawValue) \(count)").contains("StoredCount"))
    #expect(try database.query(count).rows == [[.integer(39)]])
    let writing = "CREATE (:A {x: 50}) WITH 1 AS one MATCH (n:A) RETURN count(*) AS c"
    #expect(try database.query(writing, options: TestStore.write).rows == [[.integer(40)]])
  }
}
