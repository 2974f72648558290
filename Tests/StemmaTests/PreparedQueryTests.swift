// Prepared queries: the second run must know nothing of the first.

import Base
import Stemma
import Testing

@Suite("Prepared queries")
struct PreparedQueryTests {
  private static func texts() -> [String] {
    [
      "MATCH (p:Proposal {name: $name}) RETURN p.value",
      "MATCH (p:Proposal) WHERE p.value >= $least RETURN p.name ORDER BY p.value DESC, p.name",
      "MATCH (p:Proposal) WHERE p.value > $least RETURN count(p), sum(p.value), avg(p.value)",
      "MATCH (p:Proposal)-[:FROM*]->(a) WITH DISTINCT a RETURN a.name ORDER BY a.name",
      "MATCH (p:Proposal) WHERE EXISTS { (p)<-[:FROM]-(:Proposal {name: $name}) } RETURN p.name",
      "MATCH (p:Proposal) OPTIONAL MATCH (p)-[:FROM {role: $name}]->(q) RETURN p.name, q.name",
      "UNWIND range(1, $least) AS i RETURN DISTINCT i % 2 AS rest, count(*) AS n ORDER BY rest",
      "MATCH (p:Proposal {name: $name}) RETURN 1 AS x UNION MATCH (q {name: 'a'}) RETURN 2 AS x",
      "MATCH (p:Proposal) RETURN p.name SKIP 1 LIMIT 2",
    ]
  }

  private static let parameters: [[String: Value]] = [
    ["name": .string("b"), "least": .integer(2)], ["name": .string("none"), "least": .integer(9)],
    ["name": .string("d"), "least": .integer(1)], ["name": .null, "least": .integer(3)],
  ]

  @Test("a run gives the same whatever runs there were before")
  func independence() throws {
    let database = try TestStore.diamond()
    for step in 0..<3 {
      for text in Self.texts() {
        let query = try database.prepare(text)
        for parameters in Self.parameters + Self.parameters.reversed() {
          // A run that stops early must leave nothing behind either.
          _ = try query.run(parameters, options: QueryOptions(limits: QueryLimits(rows: 1)))
          let rows = try query.run(parameters).rows
          let fresh = try database.query(text + " // \(step)", parameters: parameters).rows
          #expect(rows == fresh, "\(text) with \(parameters)")
        }
      }
      _ = try database.query(
        "MATCH (a {name: 'd'}) CREATE (:Proposal {name: $name, value: $value})-[:FROM]->(a)",
        parameters: ["name": .string("e\(step)"), "value": .integer(Int64(step))],
        options: TestStore.write)
    }
  }

  @Test("an error or a limit in one run is none in the next")
  func ends() throws {
    let database = try TestStore.diamond()
    let query = try database.prepare(
      "MATCH (p:Proposal) WITH p ORDER BY p.name RETURN p.value / $divisor")
    #expect(throws: StemmaError.self) { try query.run(["divisor": .integer(0)]) }
    let limited = QueryOptions(limits: QueryLimits(memoryBytes: 1))
    #expect(try !query.run(["divisor": .integer(1)], options: limited).complete)
    #expect(try query.run(["divisor": .integer(1)]).rows.count == 4)
    #expect(throws: StemmaError.self) { try query.run() }
    #expect(query.parameters == ["divisor"])
  }

  @Test("a writing run does the same whatever runs there were before")
  func writing() throws {
    let texts = [
      "CREATE (n:Thing {name: $name, size: $size})-[:IS {at: $size}]->(:Kind {of: $name})",
      "MATCH (n:Thing {name: $name}) CREATE (n)-[:HAS]->(:Part {size: n.size + $size})",
      "MERGE (n:Thing {name: $name}) ON CREATE SET n.new = true ON MATCH SET n.met = $size",
      "MATCH (n:Thing {name: $name})-[r:HAS]->(p) WHERE p.size > 4 DELETE r RETURN type(r)",
      "MATCH (n:Thing) WHERE n.size = $size DETACH DELETE n",
      "UNWIND range(1, $size) AS i CREATE (m:Made {i: i, name: $name}) SET m.twice = m.i * 2",
      "FOREACH (i IN range(1, $size) | CREATE (:Loose {i: i}))",
      "MATCH (n:Thing) WITH n ORDER BY n.name LIMIT 2 CREATE (c:Copy) SET c += n RETURN count(c)",
    ]
    let (kept, fresh) = (try TestStore.empty(), try TestStore.empty())
    var random = SplitMix64(seed: 11)
    for step in 0..<120 {
      let text = texts[Int(random.next() % UInt64(texts.count))]
      let parameters: [String: Value] = [
        "name": .string(Text(String(random.next() % 5))),
        "size": .integer(Int64(random.next() % 4)),
      ]
      let first = try kept.query(text, parameters: parameters, options: TestStore.write)
      let second = try fresh.query(
        text + " // \(step)", parameters: parameters, options: TestStore.write)
      #expect(first.rows == second.rows, "\(text) with \(parameters)")
      #expect(first.sideEffects == second.sideEffects, "\(text) with \(parameters)")
    }
    let all =
      "MATCH (n) OPTIONAL MATCH (n)-[r]->(m) RETURN id(n), labels(n), properties(n), "
      + "type(r), properties(r), id(m) ORDER BY id(n), id(r)"
    #expect(try kept.query(all).rows == fresh.query(all).rows)
    #expect(try kept.verify().faults == [])
  }

  @Test("many threads may run one query")
  func threads() async throws {
    let database = try TestStore.diamond()
    let query = try database.prepare("MATCH (p:Proposal {name: $name}) RETURN p.value")
    let names = ["a", "b", "c", "d"]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for thread in 0..<4 {
        group.addTask {
          for round in 0..<200 {
            let number = (thread + round) % 4
            let rows = try query.run(["name": .string(Text(names[number]))]).rows
            #expect(rows == [[.integer(Int64(number + 1))]])
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
