// The façade end to end, on stores in memory.

import Base
import Graph
import Stemma
import Synchronization
import Testing

/// Stores for tests, with a clock and randomness that replay.
enum TestStore {
  static func surroundings(seed: UInt64 = 1) -> Surroundings {
    let state = TestState(seed: seed)
    return Surroundings(now: { state.tick() }, random: { state.random() })
  }

  static func empty() throws -> Database {
    try Database.inMemory(surroundings: surroundings())
  }

  static let write = QueryOptions(write: WriteProvenance(actor: "test", reason: "set up"))

  /// A small family tree: four proposals in a diamond below a root.
  static func diamond() throws -> Database {
    let database = try empty()
    _ = try database.query(
      """
      CREATE (a:Proposal {name: 'a', value: 1}), (b:Proposal {name: 'b', value: 2}),
             (c:Proposal {name: 'c', value: 3}), (d:Proposal {name: 'd', value: 4}),
             (b)-[:FROM {role: 'base'}]->(a), (c)-[:FROM]->(a),
             (d)-[:FROM {role: 'base'}]->(b), (d)-[:FROM]->(c)
      """, options: write)
    return database
  }
}

/// A clock that moves a microsecond per look, and a seeded generator.
final class TestState: Sendable {
  private let state: Mutex<(now: Int64, random: SplitMix64)>

  init(seed: UInt64) {
    state = Mutex((1_700_000_000_000_000, SplitMix64(seed: seed)))
  }

  func tick() -> Timestamp {
    state.withLock { state in
      state.now += 1
      return Timestamp(microsecondsSinceEpoch: state.now)
    }
  }

  func random() -> UInt64 { state.withLock { $0.random.next() } }
}

@Suite("Database")
struct DatabaseTests {
  @Test("append, then read by a query")
  func appendThenRead() throws {
    let database = try TestStore.empty()
    let receipt = try database.append(
      TransactionRequest(
        requestID: RequestID(high: 1, low: 2), actor: "test", reason: "first",
        operations: [
          .createNode(labels: ["Proposal"], key: nil, properties: [Property("name", .text("x"))]),
          .createNode(labels: ["Run"], key: nil, properties: [Property("seed", .integer(7))]),
          .createEdge(type: "EXECUTES", from: .new(1), to: .new(0), properties: []),
        ]))
    #expect(receipt.nodes.count == 2)
    let result = try database.query(
      "MATCH (r:Run)-[:EXECUTES]->(p:Proposal) RETURN r.seed AS seed, p.name AS name")
    #expect(result.columns == ["seed", "name"])
    #expect(result.rows == [[.integer(7), .text("x")]])
    #expect(result.complete)
  }

  @Test("variable length, aggregation and order")
  func lineage() throws {
    let database = try TestStore.diamond()
    let paths = try database.query(
      "MATCH (d {name: 'd'})-[:FROM*]->(x) RETURN x.name AS name, count(*) AS paths ORDER BY name")
    #expect(
      paths.rows == [
        [.text("a"), .integer(2)], [.text("b"), .integer(1)], [.text("c"), .integer(1)],
      ])
  }

  @Test("a query that fails leaves no trace")
  func failureLeavesNothing() throws {
    let database = try TestStore.diamond()
    #expect(throws: StemmaError.self) {
      try database.query(
        "MATCH (n) CREATE (m:Copy {v: n.value}) WITH n DELETE n", options: TestStore.write)
    }
    let result = try database.query("MATCH (n:Copy) RETURN count(*) AS copies")
    #expect(result.rows == [[.integer(0)]])
  }

  @Test("a writing query needs provenance")
  func writingNeedsProvenance() throws {
    let database = try TestStore.empty()
    #expect(throws: StemmaError.self) { try database.query("CREATE (n)") }
  }

  @Test("a limit on rows is reported")
  func rowLimit() throws {
    let database = try TestStore.diamond()
    let options = QueryOptions(limits: QueryLimits(rows: 2))
    let result = try database.query("MATCH (n) RETURN n.name", options: options)
    #expect(result.rows.count == 2)
    #expect(!result.complete)
    #expect(result.stoppedBy == "the limit of 2 rows")
  }

  @Test("a limit on path expansions stops an enumeration")
  func pathLimit() throws {
    let database = try TestStore.diamond()
    let options = QueryOptions(limits: QueryLimits(pathExpansions: 3))
    let result = try database.query("MATCH (a)-[:FROM*]-(b) RETURN count(*)", options: options)
    #expect(!result.complete)
    #expect(result.stoppedBy?.hasPrefix("the limit of 3 path expansions, after 0 rows, ") == true)
    #expect(result.progress?.pathExpansions ?? 0 > 3)
  }

  @Test("AS OF reads the past")
  func asOf() throws {
    let database = try TestStore.diamond()
    let before = try database.lastTransaction()
    _ = try database.query("MATCH (n {name: 'a'}) SET n.value = 100", options: TestStore.write)
    let query = "MATCH (n {name: 'a'}) RETURN n.value"
    #expect(try database.query(query).rows == [[.integer(100)]])
    let past = try database.query("AS OF \(before.rawValue) " + query)
    #expect(past.rows == [[.integer(1)]])
    #expect(past.snapshot == before)
  }

  @Test("a cancelled query stops")
  func cancellation() throws {
    let database = try TestStore.diamond()
    let token = CancellationToken()
    token.cancel()
    let result = try database.query(
      "MATCH (n) RETURN n", options: QueryOptions(cancellation: token))
    #expect(!result.complete)
    #expect(result.stoppedBy?.hasPrefix("cancellation, after 0 rows and ") == true)
  }

  @Test("what changed between two transactions")
  func changes() throws {
    let database = try TestStore.diamond()
    let before = try database.lastTransaction().rawValue
    _ = try database.query(
      "MATCH (n {name: 'a'}) SET n.value = 9, n:Root", options: TestStore.write)
    let result = try database.query(
      "CALL stemma.changes($from, $from + 1) YIELD operation, name, value, actor "
        + "RETURN operation, name, value, actor",
      parameters: ["from": .integer(Int64(before))])
    #expect(
      result.rows == [
        [.text("set property"), .text("value"), .integer(9), .text("test")],
        [.text("add label"), .text("Root"), .null, .text("test")],
      ])
  }

  @Test("names in use")
  func names() throws {
    let database = try TestStore.diamond()
    #expect(try database.query("CALL db.labels()").rows == [[.text("Proposal")]])
    #expect(try database.query("CALL db.relationshipTypes()").rows == [[.text("FROM")]])
    let keys = try database.query("CALL db.propertyKeys() YIELD propertyKey RETURN propertyKey")
    #expect(keys.rows == [[.text("name")], [.text("role")], [.text("value")]])
    #expect(try database.query("SHOW PROCEDURES").rows.count >= 7)
    #expect(try database.query("SHOW FUNCTIONS").rows.count > 50)
  }

  @Test("indexes are made, used and dropped")
  func indexes() throws {
    let database = try TestStore.diamond()
    _ = try database.query(
      "CREATE INDEX by_value FOR (p:Proposal) ON (p.value)", options: TestStore.write)
    #expect(try database.query("SHOW INDEXES").rows.count == 1)
    let query = "MATCH (p:Proposal) WHERE p.value > 2 RETURN p.name ORDER BY p.name"
    #expect(try database.explain(query).contains("IndexSeek p:Proposal by by_value: value > 2"))
    #expect(try database.query(query).rows == [[.text("c")], [.text("d")]])
    _ = try database.query("DROP INDEX by_value", options: TestStore.write)
    #expect(try !database.explain(query).contains("IndexSeek"))
    #expect(try database.query(query).rows == [[.text("c")], [.text("d")]])
  }

  @Test("EXPLAIN and PROFILE show the plan")
  func seeing() throws {
    let database = try TestStore.diamond()
    let query = "MATCH (p {name: 'd'})-[:FROM*]->(a) RETURN DISTINCT a"
    let plan = try database.query("EXPLAIN " + query)
    #expect(plan.columns == ["plan"])
    #expect(plan.rows.count > 3)
    let profile = try database.query("PROFILE " + query)
    let text = profile.rows.map { "\($0[0])" }.joined()
    #expect(text.contains("Reach"))
    #expect(text.contains("3 actual"))
  }

  @Test("a repeated group with a condition is searched, and gives what enumeration gives")
  func groups() throws {
    let database = try TestStore.diamond()
    let group = "MATCH (d {name: 'd'}) ((x)-[e:FROM]->(y) WHERE y.value <> 2)+ (a) "
    let searched = group + "RETURN DISTINCT a.name ORDER BY a.name"
    #expect(try database.explain(searched).contains("Reach"))
    #expect(try database.query(searched).rows == [[.text("a")], [.text("c")]])
    let listed = try database.query(
      group + "RETURN [n IN y | n.name] AS names, size(e) AS steps ORDER BY steps")
    #expect(
      listed.rows == [
        [.list([.text("c")]), .integer(1)], [.list([.text("c"), .text("a")]), .integer(2)],
      ])
  }

  @Test("a query that writes is one transaction with who and why")
  func provenance() throws {
    let database = try TestStore.empty()
    let result = try database.query(
      "UNWIND range(1, 3) AS i CREATE (:N {i: i})-[:T]->(:M) RETURN count(*) AS made",
      options: TestStore.write)
    #expect(result.transaction == TransactionNumber(1))
    #expect(result.rows == [[.integer(3)]])
    #expect(result.sideEffects["+nodes"] == 6)
    #expect(result.sideEffects["+relationships"] == 3)
    #expect(try database.verify().faults.isEmpty)
  }
}
