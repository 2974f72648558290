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

  @Test("a plan that rests on a relationship being the only one ends with that")
  func noLongerSingle() throws {
    let database = try TestStore.empty()
    _ = try database.query(
      "UNWIND range(1, 30) AS x CREATE (:A {x: x})-[:T]->(:B {x: x})", options: TestStore.write)
    let queries = [
      "MATCH (a:A) OPTIONAL MATCH (a)-[:T]->(b) RETURN count(a.x) AS c",
      "MATCH (a:A)-[:T]->(b) WHERE a.x > 0 RETURN sum(a.x / a.x) AS c",
    ]
    let prepared = try queries.map { try database.prepare($0) }
    for (query, prepared) in zip(queries, prepared) {
      #expect(try database.explain(query).contains("unneeded-join"))
      #expect(try prepared.run().rows == [[.integer(30)]])
    }
    _ = try database.query(
      "MATCH (a:A {x: 1}), (b:B {x: 2}) CREATE (a)-[:T]->(b)", options: TestStore.write)
    for (query, prepared) in zip(queries, prepared) {
      #expect(try prepared.run().rows == [[.integer(31)]])
      #expect(try !database.explain(query).contains("unneeded-join"))
      let past = try database.query("AS OF \(database.lastTransaction().rawValue - 1) " + query)
      #expect(past.rows == [[.integer(30)]])
    }
  }

  @Test("a list of another size is expected to make as many rows")
  func listSizes() throws {
    let database = try TestStore.empty()
    let query = "UNWIND $list AS x RETURN x"
    for count in [3, 70_000, 5] {
      let list = Value.list((0..<count).map { .integer(Int64($0)) })
      let plan = try database.explain(query, parameters: ["list": list])
      #expect(plan.contains("~\(count) rows"), "\(plan)")
    }
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
