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

  @Test("statistics show what is there, and plans go by them")
  func statistics() throws {
    let database = try TestStore.empty()
    _ = try database.query("CREATE INDEX m FOR (n:M) ON (n.value)", options: TestStore.write)
    _ = try database.query(
      "UNWIND range(1, 1000) AS i CREATE (:M {value: i})-[:OF]->(:N)",
      options: TestStore.write)
    let rows = try database.query("CALL db.statistics()").rows
    let exact = Value.text("exact")
    #expect(
      rows.contains([.text("node"), .text("M"), .null, .integer(1000), .null, .list([]), exact]))
    #expect(
      rows.contains([
        .text("edges out"), .text("OF"), .null, .integer(1000), .integer(1000),
        .list([.integer(1000)]), exact,
      ]))
    let values = try #require(rows.first { $0[0] == .text("node property") })
    #expect(Array(values[1...3]) == [.text("M"), .text("value"), .integer(1000)])
    #expect(
      values[5]
        == .list([1, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000].map { .integer($0) }))
    // A tenth of the values, not the guess that nobody measured.
    let few = try database.explain("MATCH (n:M) WHERE n.value > 900 RETURN n.value")
    #expect(few.contains("~10") && few.contains(" rows"), "\(few)")
    let many = try database.explain("MATCH (n:M) WHERE n.value > 100 AND n.value < 900 RETURN n")
    let estimate = many.firstMatch(of: /IndexSeek.* ~(\d+) rows/).flatMap { Int($0.1) }
    #expect(estimate.map { (740...860).contains($0) } == true, "\(many)")
  }

  @Test("a group shares a commit, and who is refused leaves the others standing")
  func groupsOfTransactions() throws {
    let database = try TestStore.empty()
    let requests = (1...3).map { number in
      TransactionRequest(
        requestID: RequestID(high: 1, low: UInt64(number)), actor: "test", reason: "a group",
        operations: [
          .createNode(
            labels: ["A"], key: nil,
            properties: [Property("x", number == 2 ? .map(ValueMap([])) : .integer(Int64(number)))])
        ])
    }
    let results = try database.append(group: requests)
    #expect(results.map { (try? $0.get()) != nil } == [true, false, true])
    #expect(
      try database.query("MATCH (n:A) RETURN n.x ORDER BY n.x").rows
        == [[.integer(1)], [.integer(3)]])
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
