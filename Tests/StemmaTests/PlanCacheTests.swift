// A plan is kept with the statistics that it was made for, and made anew when they have moved.

import Base
import Stemma
import Testing

@Suite("The cache of plans")
struct PlanCacheTests {
  @Test("a label that has grown, in a graph that has not, makes the plan begin elsewhere")
  func grown() throws {
    let database = try TestStore.empty()
    for query in [
      "UNWIND range(1, 400) AS x CREATE (:A {x: x})",
      "UNWIND range(1, 5000) AS x CREATE (:C {x: x})",
      "CREATE (:B {x: 0})",
      "MATCH (a:A), (b:B) CREATE (a)-[:T]->(b)",
    ] { _ = try database.query(query, options: TestStore.write) }
    let query = "MATCH (a:A)-[:T]->(b:B) WHERE a.x = b.x RETURN a"
    #expect(try database.explain(query).contains("NodeScan b:B"))
    _ = try database.query(
      "UNWIND range(1, 900) AS x CREATE (:B {x: x})", options: TestStore.write)
    #expect(try !database.explain(query).contains("NodeScan b:B"))
    #expect(try database.query(query).rows.isEmpty)
  }

  @Test("an index that is made is used by the next run")
  func indexed() throws {
    let database = try TestStore.empty()
    _ = try database.query(
      "UNWIND range(1, 3000) AS x CREATE (:A {x: x})", options: TestStore.write)
    let query = "MATCH (a:A) WHERE a.x = 7 RETURN a.x"
    #expect(try database.query(query).rows == [[.integer(7)]])
    #expect(try !database.explain(query).contains("IndexSeek"))
    _ = try database.query("CREATE INDEX byX FOR (n:A) ON (n.x)", options: TestStore.write)
    #expect(try database.explain(query).contains("IndexSeek"))
    #expect(try database.query(query).rows == [[.integer(7)]])
    _ = try database.query("DROP INDEX byX", options: TestStore.write)
    #expect(try !database.explain(query).contains("IndexSeek"))
    #expect(try database.query(query).rows == [[.integer(7)]])
  }
}
