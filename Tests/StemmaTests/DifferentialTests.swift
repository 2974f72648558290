// Seeded random patterns over seeded random graphs: the engine against the naive matcher, and the
// engine against itself with other plans, other batches and the other store.

import Base
import Stemma
import Testing

@Suite("Differential")
struct DifferentialTests {
  private static let names = ["a", "b", "c", "d"]
  /// Graphs per test run; each is asked several questions.
  private static let graphs = 60

  private static let engines = [
    EngineOptions(), EngineOptions(batchRows: 1), EngineOptions(appliesRules: false),
    EngineOptions(batchRows: 3, appliesRules: false),
  ]

  /// The row of a match as the engine returns it: positions of nodes and edges, null where unbound.
  private static func values(
    _ row: ReferenceRow, _ nodes: [String], _ steps: [ReferencePattern.Step]
  ) -> [Value] {
    nodes.map { row.nodes[$0].map { .integer(Int64($0)) } ?? .null }
      + steps.map { step in
        guard let edges = row.edges[step.name] else { return .null }
        if step.length == nil { return .integer(Int64(edges[0])) }
        return .list(edges.map { .integer(Int64($0)) })
      }
  }

  private static func items(_ nodes: [String], _ steps: [ReferencePattern.Step]) -> String {
    (nodes.map { "\($0).i" }
      + steps.map { $0.length == nil ? "\($0.name).i" : "[e IN \($0.name) | e.i]" })
      .joined(separator: ", ")
  }

  private static func counts(_ rows: [[Value]]) -> [[Value]: Int] {
    rows.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  @Test("patterns match what trying everything matches")
  func patterns() throws {
    var random = SplitMix64(seed: 20_261_122)
    for _ in 0..<Self.graphs {
      let graph = ReferenceGraph(random: &random)
      let database = try TestStore.empty()
      _ = try database.query(graph.creation, options: TestStore.write)
      for _ in 0..<6 { try Self.compare(graph, database, &random) }
    }
  }

  private static func compare(
    _ graph: ReferenceGraph, _ database: Database, _ random: inout SplitMix64
  ) throws {
    let matcher = ReferenceMatcher(graph: graph)
    let first = (0..<Int.random(in: 1...2, using: &random)).map {
      ReferencePattern(prefix: "r\($0)", names: names, random: &random)
    }
    var rows = matcher.matches(first, from: ReferenceRow())
    var query = "MATCH " + first.map(\.text).joined(separator: ", ")
    var used = first
    if Bool.random(using: &random) {
      let second = ReferencePattern(prefix: "s", names: names, random: &random)
      let isOptional = Bool.random(using: &random)
      query += (isOptional ? " OPTIONAL" : "") + " MATCH " + second.text
      rows = rows.flatMap { row in
        let found = matcher.matches([second], from: row)
        return found.isEmpty && isOptional ? [row] : found
      }
      used.append(second)
    }
    let nodes = Self.names.filter { name in
      used.contains { $0.nodes.contains { $0.name.utf8.elementsEqual(name.utf8) } }
    }
    let steps = used.flatMap(\.steps)
    let expected = counts(rows.map { values($0, nodes, steps) })
    let plain = query + " RETURN " + items(nodes, steps)
    let distinct = query + " RETURN DISTINCT " + items(nodes, [])
    let expectedDistinct = Set(rows.map { values($0, nodes, []) })
    for engine in engines {
      let actual = try database.query(plain, engine: engine).rows
      #expect(counts(actual) == expected, "\(engine): \(plain)\n\(graph.creation)")
      let actualDistinct = try database.query(distinct, engine: engine).rows
      #expect(
        Set(actualDistinct) == expectedDistinct && actualDistinct.count == expectedDistinct.count,
        "\(engine): \(distinct)\n\(graph.creation)")
    }
  }

  @Test("rows in between: the same by every engine")
  func engines() throws {
    var random = SplitMix64(seed: 7)
    let tails = [
      "RETURN a.i, count(*) AS n ORDER BY n DESC, a.i LIMIT 2",
      "WITH a, collect(b.i) AS bs RETURN a.i, size(bs) ORDER BY a.i",
      "WITH DISTINCT b RETURN count(b), sum(b.i)",
      "WITH a, b ORDER BY a.i, b.i SKIP 1 LIMIT 3 RETURN collect(DISTINCT a.i)",
      "UNWIND [a.i, b.i, null] AS x RETURN x, count(*) ORDER BY x",
      "WHERE EXISTS { (b)-[:R*1..2]->(:A) } RETURN count(*), min(a.i)",
      "RETURN [(a)--(x) | x.i] AS near ORDER BY size(near) LIMIT 1",
      "OPTIONAL MATCH (b)-[:S]->(c:B) RETURN a.i, count(c) ORDER BY a.i",
      "RETURN a.i AS x UNION MATCH (a:A) RETURN a.v AS x",
    ]
    for _ in 0..<Self.graphs / 3 {
      let database = try TestStore.empty()
      _ = try database.query(
        ReferenceGraph(random: &random).creation, options: TestStore.write)
      for tail in tails {
        let query = "MATCH (a)-[:R|S*0..2]-(b) " + tail
        let expected = counts(try database.query(query).rows)
        for engine in Self.engines.dropFirst() {
          let actual = counts(try database.query(query, engine: engine).rows)
          let same = tail.contains("near") ? actual.count == expected.count : actual == expected
          #expect(same, "\(engine): \(query)")
        }
      }
    }
  }

  @Test("indexes change no answer, not even the order that is asked for")
  func indexes() throws {
    var random = SplitMix64(seed: 11)
    let queries = [
      "MATCH (n:A {v: 1}) RETURN n.i AS i ORDER BY n.i DESC LIMIT 2",
      "MATCH (n:A {v: 1}) RETURN n.i AS i ORDER BY i LIMIT 1",
      "MATCH (n:A {v: 1})--(m) RETURN n.i, m.i ORDER BY n.i DESC, m.i LIMIT 3",
      "MATCH (n:B) WHERE n.i >= 1 AND n.i < 4 RETURN n.i ORDER BY n.i SKIP 1 LIMIT 2",
      "MATCH (n:B) WHERE n.i > 0 RETURN n.i, n.v ORDER BY n.i DESC LIMIT 3",
      "MATCH (n:A) WHERE n.v = 1.0 RETURN n.i ORDER BY n.i",
      "MATCH (n:A) WHERE n.v = null RETURN n.i",
      "MATCH (m:B), (n:A {v: m.v}) RETURN m.i, n.i ORDER BY m.i, n.i",
      "MATCH (n:A) WHERE n.v IN [0, 2, 2, null] RETURN n.i ORDER BY n.i",
      "MATCH (n:B) WHERE n.i IN [1, 1.0, 5] RETURN n.i ORDER BY n.i",
    ]
    for _ in 0..<Self.graphs {
      let database = try TestStore.empty()
      _ = try database.query(
        ReferenceGraph(random: &random).creation, options: TestStore.write)
      for index in ["byV FOR (n:A) ON (n.v, n.i)", "byI FOR (n:B) ON (n.i)"] {
        _ = try database.query("CREATE INDEX \(index)", options: TestStore.write)
      }
      for query in queries {
        // Without rules there are no statistics, and so no indexes.
        let expected = try database.query(query, engine: EngineOptions(appliesRules: false)).rows
        #expect(try database.query(query).rows == expected, "\(query)")
      }
    }
  }

  private func counts(_ rows: [[Value]]) -> [[Value]: Int] { Self.counts(rows) }
}
