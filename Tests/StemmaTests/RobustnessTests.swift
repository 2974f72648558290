// What users may write, however odd: large, deep and extreme queries end with an answer or an
// error, never with a crash, and in reasonable time.

import Base
import Stemma
import Testing

@Suite("Robustness")
struct RobustnessTests {
  /// The rows, or `nil` where there was an error, which is fine here.
  private static func attempt(_ query: String, on database: Database) throws -> [[Value]]? {
    do {
      return try database.query(query, options: TestStore.write).rows
    } catch is StemmaError {
      return nil
    }
  }

  @Test("long patterns", arguments: [100, 1_000])
  func longPatterns(_ length: Int) throws {
    let database = try TestStore.diamond()
    let chain = "MATCH (a)" + String(repeating: "-->()", count: length) + " RETURN count(*)"
    #expect(try Self.attempt(chain, on: database) ?? [[.integer(0)]] == [[.integer(0)]])
    let create = "CREATE (a)" + String(repeating: "-[:T]->()", count: length)
    _ = try Self.attempt(create, on: database)
    let parts = (0..<length / 10).map { "(n\($0):Nothing)" }.joined(separator: ", ")
    #expect(try Self.attempt("MATCH \(parts) RETURN count(*)", on: database) != [[.integer(1)]])
  }

  @Test("long chains of clauses", arguments: [100, 1_500])
  func longChains(_ length: Int) throws {
    let database = try TestStore.empty()
    let withs = String(repeating: "WITH x + 1 AS x ", count: length)
    let result = try Self.attempt("WITH 0 AS x \(withs) RETURN x", on: database)
    #expect(result == nil || result == [[.integer(Int64(length))]])
    let unions = Array(repeating: "RETURN 1 AS x", count: length).joined(separator: " UNION ALL ")
    let rows = try Self.attempt(unions, on: database)
    #expect(rows == nil || rows?.count == length)
  }

  @Test("chains of operators have no limit but the text's")
  func longExpressions() throws {
    let database = try TestStore.empty()
    for (operation, answer) in [("+", Value.integer(10_000)), ("*", .integer(1))] {
      let chain = Array(repeating: "1", count: 10_000).joined(separator: " \(operation) ")
      #expect(try database.query("RETURN \(chain) AS x").rows == [[answer]])
    }
    let mixed = "RETURN 0" + String(repeating: " + 2 * 3 - 6", count: 5_000) + " AS x"
    #expect(try database.query(mixed).rows == [[.integer(0)]])
    let text = "RETURN size(" + Array(repeating: "'a'", count: 5_000).joined(separator: " + ") + ")"
    #expect(try database.query(text).rows == [[.integer(5_000)]])
    for word in ["AND", "OR"] {
      let chain = Array(repeating: "x = 1", count: 10_000).joined(separator: " \(word) ")
      #expect(try database.query("WITH 1 AS x WHERE \(chain) RETURN x").rows.count == 1)
    }
    let grouped = "UNWIND [1, 2] AS x RETURN x, x" + String(repeating: " + x", count: 300)
    #expect(try database.query(grouped + " + count(*) AS y ORDER BY y").rows.count == 2)
    let branches = Array(repeating: "RETURN 1 AS x", count: 20_000)
    for (word, rows) in [("UNION ALL", 20_000), ("UNION", 1)] {
      let text = branches.joined(separator: " \(word) ")
      #expect(try database.query(text).rows.count == rows)
    }
  }

  @Test(
    "extreme numbers of rows",
    arguments: [
      ("UNWIND [1, 2] AS x RETURN x SKIP 9223372036854775807", 0),
      ("UNWIND [1, 2] AS x RETURN x SKIP 1 LIMIT 9223372036854775807", 1),
      ("UNWIND [1, 2] AS x RETURN x ORDER BY x SKIP 9223372036854775807 LIMIT 2", 0),
      ("UNWIND [1, 2] AS x RETURN x ORDER BY x SKIP 1 LIMIT 9223372036854775807", 1),
      ("UNWIND [1, 2] AS x RETURN x LIMIT 0", 0),
      ("UNWIND [1, 2] AS x RETURN x ORDER BY x LIMIT 0", 0),
    ])
  func extremeCounts(_ query: String, _ rows: Int) throws {
    let database = try TestStore.empty()
    #expect(try database.query(query).rows.count == rows)
  }

  @Test("extreme path lengths")
  func extremeLengths() throws {
    let database = try TestStore.diamond()
    let ranges = [
      "*0", "*0..0", "*..0", "*3..1", "*9223372036854775807..", "*1..9223372036854775807",
    ]
    for range in ranges {
      let query = "MATCH (a {name: 'd'})-[\(range)]->(b) RETURN count(*)"
      _ = try Self.attempt(query, on: database)
    }
    #expect(
      try database.query("MATCH (a {name: 'd'})-[*0]->(b) RETURN b.name").rows == [[.text("d")]])
  }

  @Test("memory is bounded")
  func memory() throws {
    let database = try TestStore.empty()
    let options = QueryOptions(limits: QueryLimits(memoryBytes: 1 << 20))
    for query in [
      "UNWIND range(1, 10000000) AS x RETURN x ORDER BY -x",
      "UNWIND range(1, 10000000) AS x RETURN DISTINCT 'a' + x",
      "UNWIND range(1, 10000000) AS x RETURN collect(x)",
      "UNWIND range(1, 10000000) AS x RETURN x % 1000000 AS k, count(*)",
    ] {
      let result = try database.query(query, options: options)
      #expect(!result.complete)
      #expect(result.stoppedBy?.contains("the limit of 1 MiB of memory") == true)
    }
  }

  @Test("time is bounded, in every kind of loop")
  func time() throws {
    let database = try Database.inMemory(surroundings: .system)
    _ = try database.query(
      "UNWIND range(1, 12) AS i CREATE (:N {i: i})", options: TestStore.write)
    _ = try database.query(
      "MATCH (a:N), (b:N) WHERE a.i < b.i CREATE (a)-[:T]->(b), (b)-[:T]->(a)",
      options: TestStore.write)
    for query in [
      "MATCH (a:N)-[:T*]->(b) RETURN count(*)",
      "MATCH (a:N), (b:N), (c:N), (d:N), (e:N), (f:N), (g:N) RETURN count(a.i + g.i)",
      "UNWIND range(1, 10000000) AS x RETURN sum(reduce(s = 0, y IN range(1, 100) | s + y * x))",
      "MATCH (a:N {i: 1}), (b:N {i: 2}) MATCH p = (a)-[:T*]->(b) RETURN max(length(p))",
      "RETURN size([x IN range(1, 9000000) WHERE any(y IN range(1, 50) WHERE y = -x)])",
    ] {
      let clock = ContinuousClock()
      var stopped: String?
      let taken = try clock.measure {
        do {
          let options = QueryOptions(limits: QueryLimits(timeMilliseconds: 100))
          stopped = try database.query(query, options: options).stoppedBy
        } catch let error as StemmaError {
          stopped = error.message
        }
      }
      #expect(stopped != nil, "\(query)")
      #expect(taken < .seconds(3), "\(query) took \(taken)")
    }
  }

  @Test("limits of time go by a clock that nobody sets", arguments: [true, false])
  func clockIsSet(isSteadyStill: Bool) throws {
    let state = TestState(seed: 1)
    // Each look an hour later than the one before.
    let jumping: @Sendable () -> Int64 = { state.tick().rawValue % 100_000 * 3_600_000_000 }
    let database = try Database.inMemory(
      surroundings: Surroundings(
        now: { Timestamp(microsecondsSinceEpoch: isSteadyStill ? jumping() : 0) },
        random: { state.random() },
        steadyMicroseconds: { isSteadyStill ? 0 : jumping() }))
    let result = try database.query(
      "UNWIND range(1, 100000) AS x RETURN sum(x) AS sum",
      options: QueryOptions(limits: QueryLimits(timeMilliseconds: 100)))
    #expect((result.stoppedBy == nil) == isSteadyStill)
  }
}
