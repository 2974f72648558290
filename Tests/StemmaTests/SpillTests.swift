// Sorting, grouping and DISTINCT with less memory than they take: the same answer in the same order
// from scratch files, nothing left behind, and a clear word where there is no room.

import Base
import Foundation
import Stemma
import TestSupport
import Testing

@Suite("Work on disk")
struct SpillTests {
  private static func database(_ folder: String?) throws -> Database {
    let database = try Database.inMemory(
      surroundings: Surroundings(
        now: Surroundings.system.now, random: { 4 }, temporaryFolder: folder))
    _ = try database.query(
      "UNWIND range(0, 9) AS i CREATE (:A {i: i})-[:R {i: i}]->(:B {i: i})",
      options: QueryOptions(write: WriteProvenance(actor: "test", reason: "set up")))
    return database
  }

  /// A folder of its own that is gone afterwards.
  private static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("spill-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
  }

  private static func files(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder)
  }

  /// Every type of value, with nulls, as key and as what is carried along.
  private static let mixed = """
    MATCH p = (a:A)-[r:R]->(b:B)
    UNWIND range(0, 800) AS i
    WITH i, a, r, p, CASE (i * 7 + a.i) % 14
      WHEN 0 THEN null WHEN 1 THEN i % 97 WHEN 2 THEN toFloat(i % 89) / 3 
      WHEN 3 THEN 'text ' + (i % 83)
      WHEN 4 THEN i % 2 = 0 WHEN 5 THEN [i % 79, 'x', null] WHEN 6 THEN {k: i % 73, l: [i % 3]}
      WHEN 7 THEN date({year: 2000 + i % 71, month: 5}) WHEN 8 THEN datetime({epochSeconds: i % 67})
      WHEN 9 THEN duration({days: i % 61}) WHEN 10 THEN a WHEN 11 THEN r WHEN 12 THEN p
      ELSE localtime({hour: i % 24}) END AS k
    RETURN k, i % 5 AS five, i, a.i AS j, toString(i) AS text
    ORDER BY k DESC, five
    """

  /// All rows as they stream: collected by the query they would count against its memory.
  private static func rows(
    _ text: String, _ database: Database, _ limits: QueryLimits
  ) throws -> (rows: [[Value]], stoppedBy: String?) {
    var rows: [[Value]] = []
    let result = try database.query(text, options: QueryOptions(limits: limits)) { _, more, _ in
      rows += more
      return true
    }
    return (rows, result.stoppedBy)
  }

  @Test func whatDoesNotFitIsSortedAlike() throws {
    try Self.withFolder { folder in
      let database = try Self.database(folder)
      let whole = try Self.rows(Self.mixed, database, QueryLimits()).rows
      #expect(whole.count == 8_010)
      let small = try Self.rows(Self.mixed, database, QueryLimits(memoryBytes: 1 << 20))
      #expect(small.stoppedBy == nil)
      let isAlike = small.rows == whole
      #expect(isAlike)
      #expect(try Self.files(folder).isEmpty)
    }
  }

  @Test func numbersAreSortedAlikeUnderEverySize() throws {
    try Self.withFolder { folder in
      let database = try Self.database(folder)
      let text = """
        UNWIND range(0, 20000) AS i WITH i, (i * 7919) % 10007 AS k
        RETURN i, k, toFloat(k) / 2 AS f ORDER BY k, f DESC
        """
      let whole = try Self.rows(text, database, QueryLimits()).rows
      for mebibytes in [1, 2] {
        for tail in ["", " SKIP 13 LIMIT 15000"] {
          let result = try Self.rows(
            text + tail, database, QueryLimits(memoryBytes: mebibytes << 20))
          let expected = tail.isEmpty ? whole : Array(whole.dropFirst(13).prefix(15_000))
          #expect(result.stoppedBy == nil, "\(mebibytes) MiB\(tail)")
          let isAlike = result.rows == expected
          #expect(isAlike, "\(mebibytes) MiB\(tail)")
        }
      }
    }
  }

  /// Keys and arguments of every kind, more groups than fit, several times over.
  private static let grouping = [
    "RETURN DISTINCT (i * 7919) % 5003 AS k",
    "RETURN DISTINCT toString((i * 7919) % 5003) AS k",
    "RETURN DISTINCT (i * 7919) % 5003 AS k, CASE i % 3 WHEN 0 THEN null ELSE 'x' END AS x",
    "RETURN (i * 7919) % 5003 AS k, count(*), sum(i), avg(i / 2.0), min(toString(i))",
    "RETURN toString((i * 7919) % 5003) AS k, collect(i), count(DISTINCT i % 2)",
    "RETURN (i * 7919) % 5003 AS k, toFloat(i % 2) AS f, max(i), percentileCont(i, 0.5)",
    "WITH (i * 7919) % 5003 AS k, sum(i) AS s RETURN count(*), sum(s)",
  ]

  @Test(arguments: grouping)
  func groupsThatDoNotFitAreMadeAlike(_ tail: String) throws {
    try Self.withFolder { folder in
      let database = try Self.database(folder)
      let text = "UNWIND range(0, 12000) AS i " + tail
      let whole = try Self.rows(text, database, QueryLimits())
      let small = try Self.rows(text, database, QueryLimits(memoryBytes: 1 << 20))
      #expect(small.stoppedBy == nil)
      let isAlike = small.rows == whole.rows
      #expect(isAlike)
      #expect(try Self.files(folder).isEmpty)
    }
  }

  /// Entities, nulls and every type of value as what is told apart.
  @Test func valuesOfEveryTypeAreToldApartOnDisk() throws {
    try Self.withFolder { folder in
      let database = try Self.database(folder)
      let start = Self.mixed.components(separatedBy: "RETURN k,")[0]
      for tail in ["RETURN DISTINCT k, i % 40 AS t", "RETURN k, i % 40 AS t, count(a), collect(j)"]
      {
        let text = start.replacing("WITH i, a,", with: "WITH i, a.i AS j, a,") + tail
        let whole = try Self.rows(text, database, QueryLimits()).rows
        let small = try Self.rows(text, database, QueryLimits(memoryBytes: 1 << 20))
        #expect(small.stoppedBy == nil, "\(tail)")
        let isAlike = small.rows == whole && whole.count > 2_000
        #expect(isAlike, "\(tail)")
      }
    }
  }

  /// A single group must fit.
  @Test func aGroupThatDoesNotFitStopsAndSaysSo() throws {
    try Self.withFolder { folder in
      let result = try Self.rows(
        "UNWIND range(1, 200000) AS i RETURN i % 2, count(DISTINCT i)",
        try Self.database(folder), QueryLimits(memoryBytes: 1 << 20))
      #expect(result.stoppedBy?.hasPrefix("the limit of 1 MiB of memory") == true)
      #expect(try Self.files(folder).isEmpty)
    }
  }

  /// What is cut away again is no longer held.
  @Test func theFirstOfManyNeedLittle() throws {
    let result = try Self.rows(
      "UNWIND range(1, 400000) AS i RETURN i ORDER BY i DESC LIMIT 3", try Self.database(nil),
      QueryLimits(memoryBytes: 1 << 20))
    #expect(result.stoppedBy == nil)
    #expect(result.rows == [[.integer(400_000)], [.integer(399_999)], [.integer(399_998)]])
  }

  @Test func withoutRoomItStopsAndSaysSo() throws {
    let text = "UNWIND range(1, 200000) AS i RETURN i ORDER BY -i"
    let memory = QueryLimits(memoryBytes: 1 << 20)
    let nowhere = try Self.rows(text, try Self.database(nil), memory)
    #expect(nowhere.stoppedBy?.hasPrefix("the limit of 1 MiB of memory") == true)
    #expect(nowhere.rows.isEmpty)

    try Self.withFolder { folder in
      let little = try Self.rows(
        text, try Self.database(folder), QueryLimits(memoryBytes: 1 << 20, diskBytes: 1 << 20))
      #expect(little.stoppedBy?.hasPrefix("the limit of 1 MiB of scratch files") == true)
      #expect(try Self.files(folder).isEmpty)
    }

    let error = #expect(throws: StemmaError.self) {
      _ = try Self.rows(text, try Self.database("/nowhere/at/all"), memory)
    }
    #expect(error?.code == .fileUnreadable)
    #expect(error?.message.contains("/nowhere/at/all") == true, "\(error?.message ?? "")")
  }

  /// A full disk is an error of its own, and the query leaves it as it was.
  @Test(.enabled(if: SmallDisk.isAvailable)) func aFullDiskIsSaid() throws {
    let disk = try SmallDisk(kilobytes: 512)
    defer { disk.remove() }
    let error = #expect(throws: StemmaError.self) {
      _ = try Self.rows(
        "UNWIND range(1, 200000) AS i RETURN i ORDER BY -i", try Self.database(disk.folder.path),
        QueryLimits(memoryBytes: 1 << 20))
    }
    #expect(error?.code == .storeFull)
    #expect(try Self.files(disk.folder.path).isEmpty)
  }

  /// A subquery that sorts runs again for every row of the outer query.
  @Test func sortingAgainStartsAnew() throws {
    try Self.withFolder { folder in
      let text = """
        UNWIND [3, 1] AS n
        RETURN n, COLLECT {
          UNWIND range(1, 20000) AS i WITH i, n, (i * 31) % 20011 AS k ORDER BY k DESC
          WITH i, n, k WHERE k % 5000 = n RETURN i } AS some
        """
      let database = try Self.database(folder)
      let whole = try Self.rows(text, database, QueryLimits()).rows
      let small = try Self.rows(text, database, QueryLimits(memoryBytes: 2 << 20))
      #expect(small.stoppedBy == nil)
      #expect(small.rows == whole)
      #expect(whole.count == 2)
    }
  }
}
