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
    #expect(result.stoppedBy == "the limit of 3 path expansions, after 0 rows")
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
    #expect(result.stoppedBy == "cancellation, after 0 rows")
  }
}
