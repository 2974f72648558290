// Variables around a subquery are visible in all of it, behind a WITH too.

import Base
import Stemma
import Testing

@Suite("Variables around a subquery")
struct SubqueryScopeTests {
  /// A ring of three and a chain of two.
  private func graph() throws -> Database {
    let database = try TestStore.empty()
    _ = try database.query(
      """
      CREATE (a:N {x: 1})-[:T]->(b:N {x: 2})-[:T]->(c:N {x: 3})-[:T]->(a),
             (d:N {x: 4})-[:T]->(e:N {x: 5})
      """, options: TestStore.write)
    return database
  }

  @Test(
    "a WITH that does not name them leaves them as they are",
    arguments: [
      "EXISTS { MATCH (a)-[:T]->(b) WITH b MATCH (b)-[:T]->()-[:T]->(a) RETURN 1 }",
      "EXISTS { MATCH (a)-[:T]->(b) WITH b LIMIT 1 MATCH (b)-[:T]->()-[:T]->(a) RETURN 1 }",
      "EXISTS { MATCH (a)-[:T]->(b) WITH b.x AS y WHERE a.x <> y MATCH (a)<-[:T]-(c) RETURN c }",
      "COUNT { MATCH (a)-[:T]->(b) WITH b ORDER BY b.x MATCH (b)-[:T]->()-[:T]->(a) } = 1",
      "COLLECT { MATCH (a)-[:T]->(b) WITH b MATCH (b)-[:T]->()-[:T]->(c) RETURN c.x } = [a.x]",
      """
      EXISTS { MATCH (a)-[:T]->(b) WITH b
        WHERE EXISTS { MATCH (b)-[:T]->(c) WITH c MATCH (c)-[:T]->(a) RETURN 1 } RETURN 1 }
      """,
    ])
  func visible(_ condition: String) throws {
    let rows = try graph().query("MATCH (a:N) WHERE \(condition) RETURN a.x ORDER BY a.x").rows
    #expect(rows == [[.integer(1)], [.integer(2)], [.integer(3)]])
  }

  @Test("groups and distinct rows have those that are named")
  func named() throws {
    let query = """
      MATCH (a:N) WHERE EXISTS { MATCH (a)-[:T]->(b) WITH a, b, count(*) AS n
        MATCH (b)-[:T]->()-[:T]->(a) RETURN n } RETURN count(a)
      """
    #expect(try graph().query(query).rows == [[.integer(3)]])
  }

  @Test(
    "another meaning, and what grouping has lost, are errors",
    arguments: [
      ("EXISTS { MATCH (a)-[:T]->(b) WITH b AS a RETURN a }", "VariableAlreadyBound"),
      ("EXISTS { MATCH (a)-[:T]->(b) WITH b, 1 AS a RETURN a }", "VariableAlreadyBound"),
      (
        "EXISTS { MATCH (a)-[:T]->(b) WITH b, count(*) AS n MATCH (b)-[:T]->(a) RETURN n }",
        "UndefinedVariable"
      ),
      (
        "EXISTS { MATCH (a)-[:T]->(b) WITH DISTINCT b WITH b RETURN a.x }", "UndefinedVariable"
      ),
    ])
  func errors(_ condition: String, _ detail: String) throws {
    let error = #expect(throws: StemmaError.self) {
      _ = try graph().query("MATCH (a:N) WHERE \(condition) RETURN a.x")
    }
    #expect(error?.classification?.detail == detail)
  }
}
