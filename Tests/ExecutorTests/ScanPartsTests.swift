// Scans in parts, with what is done per row of them, and aggregations in parts and over columns in
// place, against the same plans row by row on one thread.

import Base
import Cypher
import Executor
import Graph
import Planner
import Testing

@Suite("Scans in parts")
struct ScanPartsTests {
  private static let surroundings = Surroundings(
    now: { Timestamp(microsecondsSinceEpoch: 1_700_000_000_000_000) }, random: { 4 })

  private struct NoProcedures: ProcedureLibrary {
    func body(of name: Text) -> (any ProcedureBody)? { nil }
  }

  /// 1,500 nodes in ranges of 64: measurements of things, two of three of them with a weight.
  private static func graph() throws -> Graph {
    let graph = try Graph.inMemory(
      schema: nil, surroundings: surroundings, layout: GraphLayout(rangeShift: 6))
    var random = SplitMix64(seed: 7)
    for part in 0..<10 {
      var operations: [Operation] = []
      for index in 0..<150 {
        let number = Int64(part * 150 + index)
        var properties = [
          Property("id", .integer(number)), Property("group", .integer(Int64(random.next() % 9))),
          Property("value", .float(Double(random.next() % 1_000) / 8)),
          Property("word", .string(["x", "y", "z"][Int(random.next() % 3)])),
        ]
        if number % 3 != 0 { properties.append(Property("weight", .integer(number % 300))) }
        if number % 97 == 0 {
          properties.append(Property("mixed", .float(0.5)))
        } else if number % 101 == 0 {
          properties.append(Property("mixed", .integer(number)))
        }
        let label: Text = part < 2 || part > 6 ? "Other" : "Thing"
        operations.append(.createNode(labels: [label], key: nil, properties: properties))
      }
      for index in 1..<150 {
        operations.append(
          .createEdge(type: "NEXT", from: .new(index), to: .new(index / 2), properties: []))
      }
      _ = try graph.append(
        TransactionRequest(
          requestID: RequestID(high: 0, low: UInt64(part + 1)), actor: "test", reason: "set up",
          operations: operations))
    }
    return graph
  }

  private static func rows(_ text: String, _ graph: Graph, isDivided: Bool) throws -> [[Value]] {
    var rows: [[Value]] = []
    try run(text, graph, isDivided: isDivided) { rows = $0 }
    return rows
  }

  /// Runs a query twice; `consume` gets the rows so far with each batch, and what it throws ends
  /// the run.
  private static func run(
    _ text: String, _ graph: Graph, isDivided: Bool,
    limits: RunSettings.Limits = RunSettings.Limits(), consume: ([[Value]]) throws -> Void
  ) throws {
    let statement = try Binder.bind(Text(text), environment: BindingEnvironment())
    guard case .query(let query) = statement.body else { return }
    let plan = try Planner.plan(
      query, slotCount: statement.slots.count, catalog: EmptyCatalog())
    let run = ExecutionRun(
      evaluation: EvaluationContext(
        parameters: [:], statementTime: surroundings.now(), surroundings: surroundings),
      source: isDivided ? graph : nil)
    // A profile keeps to rows and to one thread.
    func make() throws -> PlanInstance {
      try PlanInstance(
        plan, procedures: NoProcedures(), run, profile: isDivided ? nil : PlanProfile())
    }
    var instance = try make()
    for _ in 0..<2 {
      if run.mostMemoryBytes > PlanInstance.keptBytes { instance = try make() }
      var rows: [[Value]] = []
      instance.begin(
        RunSettings(parameters: [:], statementTime: surroundings.now(), limits: limits))
      try graph.read { view in
        try instance.run(view) { batch in
          batch.forEachSelected { row in
            rows.append(plan.columns.map { batch.columns[$0.slot.index][row] })
          }
          try consume(rows)
          return true
        }
      }
      try consume(rows)
    }
  }

  @Test(
    "parts put together are the whole, in the same order",
    arguments: [
      "MATCH (n:Thing) RETURN count(*), count(n), count(n.weight), sum(n.weight), avg(n.weight)",
      "MATCH (n:Thing) WHERE n.weight >= 20 AND n.value < 60.0 RETURN count(n), sum(n.id)",
      "MATCH (n) WHERE n.word = 'x' RETURN count(n), sum(n.weight)",
      "MATCH (n:Thing) WHERE n.id < 0 RETURN count(n), sum(n.id), avg(n.id)",
      "MATCH (n:Other) RETURN sum(n.mixed), count(n.mixed), count(n.word)",
      "MATCH (n:Nothing) RETURN count(n), sum(n.id)",
      "MATCH (n:Thing) RETURN n.group AS g, count(*) AS c, sum(n.weight) AS w, min(n.word) AS m",
      "MATCH (n:Thing) RETURN n.word AS w, count(DISTINCT n.group) AS c, max(n.id) AS m",
      "MATCH (n:Thing)-[:NEXT]->(m) RETURN m.group AS g, count(*) AS c, sum(n.id) AS s",
      "MATCH (n:Other) WHERE n.word <> 'y' RETURN n.group AS g, collect(n.id) AS all",
      "MATCH (n:Thing) WHERE EXISTS { (n)<-[:NEXT]-(:Thing {word: 'z'}) } RETURN count(n)",
    ])
  func parts(text: String) throws {
    let graph = try Self.graph()
    let divided = try Self.rows(text, graph, isDivided: true)
    #expect(try divided == Self.rows(text, graph, isDivided: false), "\(text)")
    #expect(!divided.isEmpty)
  }

  @Test(
    "rows of parts come in the order of the whole",
    arguments: [
      "MATCH (n:Thing) WHERE n.word = 'x' RETURN n.id, n.weight, n.word",
      "MATCH (n:Thing) WHERE n.weight >= 20 AND n.value < 60.0 RETURN n.id",
      "MATCH (n:Thing) RETURN n.id, n.value, n.word",
      "MATCH (n) WHERE n.mixed > 0 RETURN n.mixed, n.id",
      "MATCH (n:Thing) WHERE n.word <> 'x' RETURN n.id SKIP 5 LIMIT 300",
      "MATCH (n:Thing) WHERE n.word <> 'x' WITH n LIMIT 70 WHERE n.group > 2 RETURN n.id",
      "MATCH (n:Thing)-[:NEXT]->(m) WHERE n.value > m.value RETURN n.id, m.id, m.word",
      "MATCH (n:Thing) RETURN n.id, n.value ORDER BY n.value DESC, n.id LIMIT 12",
      "MATCH (n:Thing) WHERE n.group > 3 RETURN DISTINCT n.group, n.word",
      "MATCH (n:Thing {group: 1}) RETURN n.id UNION MATCH (n:Other {group: 2}) RETURN n.id",
      "MATCH (n {group: 3}) OPTIONAL MATCH (m {id: n.id + 600}) RETURN n.id AS i, m.id ORDER BY i",
      "MATCH (n:Thing {group: 3}), (m:Other) WHERE n.weight = m.weight RETURN n.id, m.id",
      "MATCH (n:Thing) WHERE EXISTS { (n)<-[:NEXT]-(:Thing {word: 'z'}) } RETURN n.id",
      "MATCH (n:Thing) WHERE n.id < 320 RETURN n.id, COUNT { (m:Other {group: n.group}) } AS c",
      "MATCH (n:Nothing) WHERE n.id > 1 RETURN n.id",
      "MATCH (n:Thing) WHERE n.id < 0 RETURN n.id, n.word",
    ])
  func rows(text: String) throws {
    let graph = try Self.graph()
    let divided = try Self.rows(text, graph, isDivided: true)
    #expect(try divided == Self.rows(text, graph, isDivided: false), "\(text)")
    #expect(divided.isEmpty == (text.contains("Nothing") || text.contains("< 0")))
  }

  @Test("rows before an error come out before it")
  func rowsBeforeFailure() throws {
    let graph = try Self.graph()
    let text = "MATCH (n:Thing) RETURN 1000 / (n.id - 900) AS d"
    var seen: [Bool: [[Value]]] = [:]
    for isDivided in [true, false] {
      #expect(throws: StemmaError.self) {
        try Self.run(text, graph, isDivided: isDivided) { seen[isDivided] = $0 }
      }
    }
    // A batch that cannot be made as a whole brings none of its rows, so that only its beginning
    // may differ: what comes out is the beginning of what one thread would give.
    let whole = try Self.rows(
      "MATCH (n:Thing) WHERE n.id <> 900 RETURN 1000 / (n.id - 900) AS d", graph, isDivided: false)
    for (_, rows) in seen {
      #expect(!rows.isEmpty)
      #expect(whole.starts(with: rows))
    }
  }

  @Test("rows that may not wait for want of memory come out all the same")
  func littleMemory() throws {
    let graph = try Self.graph()
    let text = "MATCH (n:Thing) WHERE n.word <> 'y' RETURN n.id, n.word, n.value"
    let wanted = try Self.rows(text, graph, isDivided: false)
    for memoryBytes in [100, 1_000, 20_000, 400_000] {
      var seen: [[Value]] = []
      try Self.run(
        text, graph, isDivided: true, limits: RunSettings.Limits(memoryBytes: memoryBytes)
      ) { seen = $0 }
      #expect(seen == wanted, "\(memoryBytes) bytes")
    }
  }

  @Test("who stops asking stops the query")
  func stopped() throws {
    let graph = try Self.graph()
    struct Enough: Error {}
    let text = "MATCH (n:Thing) WHERE n.word <> 'y' RETURN n.id, n.word"
    for most in [1, 40, 90, 300] {
      #expect(throws: Enough.self) {
        try Self.run(text, graph, isDivided: true) { if $0.count >= most { throw Enough() } }
      }
    }
  }

  @Test("an error in a part is the error of the query")
  func failure() throws {
    let graph = try Self.graph()
    #expect(throws: StemmaError.self) {
      try Self.rows("MATCH (n:Thing) RETURN sum(n.word)", graph, isDivided: true)
    }
    #expect(throws: StemmaError.self) {
      try Self.rows(
        "MATCH (n:Thing) RETURN n.group AS g, sum(1 / (n.id - 700)) AS s", graph, isDivided: true)
    }
  }
}
