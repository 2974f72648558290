// Memory is limited in every query, asked for or not; what an operator gives up is given back, so
// that a query which does little many times never meets the limit.

import Base
import Stemma
import Testing

@Suite("The limit on memory")
struct MemoryLimitTests {
  private static let small = QueryOptions(limits: QueryLimits(memoryBytes: 1 << 20))

  @Test("every query has one, a share of the machine's memory")
  func everyQuery() {
    #expect(QueryOptions().limits.memoryBytes == QueryLimits.defaultMemoryBytes)
    #expect(QueryLimits.defaultMemoryBytes >= 256 << 20)
    #expect(QueryLimits.defaultMemoryBytes.isMultiple(of: 1 << 20))
    #expect(QueryLimits(memoryBytes: nil).memoryBytes == nil)
  }

  @Test(
    "what is held is counted",
    arguments: [
      "UNWIND range(1, 200000) AS x RETURN DISTINCT x",
      "UNWIND range(1, 200000) AS x RETURN x, count(*)",
      "UNWIND range(1, 200000) AS x RETURN count(DISTINCT x)",
      "UNWIND range(1, 200000) AS x WITH x ORDER BY -x RETURN sum(x)",
      "UNWIND range(1, 200000) AS x RETURN x",
      "MATCH p = ANY WALK (a)-[:T]->{1,100000}(b) RETURN count(p)",
      "MATCH p = SHORTEST 2 WALK (a)-[:T]->{1,400}(b) RETURN count(p)",
      "MATCH p = WALK ((a)-[:T]->(b)){1,100000} RETURN max(length(p))",
    ])
  func held(_ query: String) throws {
    let database = try TestStore.empty()
    _ = try database.query(
      "CREATE (a)-[:T]->(b), (b)-[:T]->(a), (a)-[:T]->(b), (b)-[:T]->(a)",
      options: TestStore.write)
    let result = try database.query(query, options: Self.small)
    #expect(!result.complete)
    #expect(result.stoppedBy?.hasPrefix("the limit of 1 MiB of memory") == true)
  }

  @Test("a batch of rows with large values is one thing to hold")
  func largeValues() throws {
    let database = try TestStore.empty()
    let options = QueryOptions(limits: QueryLimits(memoryBytes: 16 << 20))
    let wide = "UNWIND range(1, 2000) AS x RETURN sum(size(range(1, 20000)))"
    #expect(try !database.query(wide, options: options).complete)
    // What a loop has thrown away does not count.
    let grown = "RETURN size(reduce(s = [], x IN range(1, 6000) | s + x)) AS n"
    let result = try database.query(grown, options: options)
    #expect(result.complete)
    #expect(result.rows == [[.integer(6_000)]])
  }

  @Test(
    "what is given up is not counted any more",
    arguments: [
      "COUNT { UNWIND range(1, 20) AS y RETURN DISTINCT y }",
      "COUNT { UNWIND range(1, 20) AS y RETURN y, count(*) AS c }",
      "COUNT { UNWIND range(1, 20) AS y WITH y ORDER BY -y RETURN y }",
      "size([(a)-[:T*1..3]->(b) | b])",
      "size(COLLECT { MATCH p = ANY SHORTEST (a)-[:T*]->(b) RETURN length(p) })",
      "size(COLLECT { MATCH p = SHORTEST 2 (a)-[:T]->{1,3}(b) RETURN length(p) })",
      "size(COLLECT { MATCH (a) ((u)-[:T]->(c)){1,3} (b) RETURN b })",
    ])
  func givenBack(_ inner: String) throws {
    let database = try TestStore.empty()
    _ = try database.query(
      "CREATE (a:A)-[:T]->(b), (b)-[:T]->(a), (a)-[:T]->(b), (b)-[:T]->(a)",
      options: TestStore.write)
    let query = "MATCH (a:A) UNWIND range(1, 1000) AS x RETURN sum(\(inner)) > 0 AS isSome"
    let tiny = QueryOptions(limits: QueryLimits(memoryBytes: 1 << 18))
    let result = try database.query(query, options: tiny)
    #expect(result.complete, "\(result.stoppedBy ?? "")")
    #expect(result.rows == [[.boolean(true)]])
  }
}
