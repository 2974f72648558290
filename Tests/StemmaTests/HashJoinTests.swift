// Joins by equal values: the same rows as trying every combination, for keys of every type, in
// batches of any size, and with less memory than a side takes.

import Base
import Foundation
import Stemma
import TestSupport
import Testing

@Suite("Joins by hashing")
struct HashJoinTests {
  /// Values that are equal across types, that equal nothing, and many of one key.
  private static let keys = """
    UNWIND range(0, 59) AS i
    WITH i, [i % 7, toFloat(i % 7), null, 0.0 / 0.0, -0.0, 'a' + (i % 5), i % 2 = 0, [i % 3],
      duration({days: i % 3}), date({year: 2000 + i % 3}), i / 4.0, 1][i % 12] AS k
    """

  private static func database(_ folder: String? = nil) throws -> Database {
    var surroundings = TestStore.surroundings()
    surroundings.temporaryFolder = folder
    let database = try Database.inMemory(surroundings: surroundings)
    for label in ["A", "B"] {
      _ = try database.query(
        keys + " CREATE (n:\(label) {i: i, k: k})-[:R {i: i}]->(:C {i: i, j: i % 10})",
        options: TestStore.write)
    }
    return database
  }

  private static let queries = [
    "MATCH (a:A), (b:B) WHERE a.k = b.k RETURN a.i, b.i",
    "MATCH (a:A), (b:B) WHERE b.k = a.k AND a.i = b.i RETURN a.i, b.i",
    "MATCH (a:A), (b:B) WHERE a.i = b.i AND b.i > 30 AND a.k <> b.k RETURN a.i, b.i",
    "MATCH (a:A)-[:R]->(c), (b:B) WHERE c.j = b.k RETURN a.i, c.i, b.i",
    "MATCH (b:B), (a:A)-[r:R]->(c) WHERE c.j = b.k AND r.i < 20 RETURN a.i, r.i, b.i",
    "MATCH (a:A), (b:B), (c:C) WHERE a.k = b.k AND b.i = c.i AND c.j = 3 RETURN a.i, b.i, c.i",
    "MATCH (a:A) WITH a.k AS k, count(*) AS n MATCH (b:B) WHERE b.k = k RETURN k, n, b.i",
    "UNWIND [1, 1.0, 'a2', null, 3] AS x MATCH (b:B) WHERE b.k = x RETURN x, b.i",
    "MATCH (a:A), (b:B {i: 4}) WHERE a.k = b.i RETURN count(*)",
    "MATCH (a:A), (b:B) WHERE a = b RETURN a.i",
    "MATCH (a:A), (b) WHERE a = b RETURN a.i, b.k",
    "MATCH (a:A), (b:B) WHERE a.missing = b.k RETURN a.i",
    "MATCH (a:A), (b:B) WHERE a.k = b.k RETURN DISTINCT b.k ORDER BY b.k",
    "MATCH (a:A), (b:B) WHERE a.k = b.k RETURN a.k, collect(DISTINCT b.i) ORDER BY a.k",
    "UNWIND " + keysAsList + " AS x UNWIND " + keysAsList
      + " AS y WITH x, y MATCH (b:B) WHERE b.i = y RETURN x, y, b.i",
    "MATCH (a:A), (b:B) WHERE a.k = b.k RETURN a.i UNION ALL "
      + "MATCH (a:C), (b:B) WHERE a.j = b.i RETURN a.i",
    "MATCH (a:A), (b:B) WHERE a.i = b.i OPTIONAL MATCH (a)-[:R]->(c) WHERE c.j = b.k RETURN a.i, c",
    "MATCH (a:A), (b:B) WHERE a.i = b.k SET a.met = b.i WITH a MATCH (b:B) WHERE b.i = a.met "
      + "RETURN a.i, b.i",
  ]
  private static let keysAsList = "[1, 2.0, null, 'x', 5]"

  /// As text, since NaN equals nothing.
  private static func counts(_ rows: [[Value]]) -> [String: Int] {
    rows.reduce(into: [:]) { $0["\($1)", default: 0] += 1 }
  }

  @Test("are what every combination gives", arguments: queries)
  func sameRows(_ query: String) throws {
    let isWriting = query.contains(" SET ")
    let options = isWriting ? TestStore.write : QueryOptions()
    var database = try Self.database()
    let plain = try database.query(
      query, options: options, engine: EngineOptions(appliesRules: false))
    for engine in [EngineOptions(), EngineOptions(batchRows: 1), EngineOptions(batchRows: 3)] {
      if isWriting { database = try Self.database() }
      let result = try database.query(query, options: options, engine: engine)
      let isSame = Self.counts(result.rows) == Self.counts(plain.rows)
      #expect(isSame, "\(result.rows.count) rows, not \(plain.rows.count)")
    }
  }

  @Test("are chosen where only values connect two parts")
  func plans() throws {
    let database = try Self.database()
    for query in Self.queries where !query.contains(" SET ") && !query.contains("a = b") {
      #expect(try database.explain(query).contains("HashJoin"), "\(query)")
    }
  }

  /// Sides that are larger than memory, and a key that all rows of a side have.
  @Test(
    "go to disk before they fail",
    arguments: [
      ("x % 9001", "WHERE b.n = x RETURN count(*), sum(b.n)"),
      ("x % 9001", "WHERE b.t = y RETURN count(*), sum(x)"),
      ("1.0", "WHERE b.n = 5 AND b.same = y RETURN count(*), sum(x)"),
    ])
  func spill(_ key: String, _ tail: String) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("join-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let database = try Self.database(folder)
    _ = try database.query(
      "UNWIND range(0, 19999) AS n CREATE (:N {n: n, t: toFloat(n) / 2, same: 1})",
      options: TestStore.write)
    let query = "UNWIND range(0, 30000) AS x WITH x, \(key) AS y WHERE y >= 0 MATCH (b:N) \(tail)"
    let small = try database.query(
      query, options: QueryOptions(limits: QueryLimits(memoryBytes: 1 << 20)))
    let whole = try database.query(query)
    #expect(small.stoppedBy == nil)
    #expect(small.rows == whole.rows)
    #expect(whole.rows[0][0] != .integer(0))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }
}
