// Aggregations in parts and over columns in place, against the same plans row by row.

import Base
import Cypher
import Executor
import Graph
import Planner
import Testing

@Suite("Aggregations in parts")
struct AggregatePartsTests {
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
    let statement = try Binder.bind(Text(text), environment: BindingEnvironment())
    guard case .query(let query) = statement.body else { return [] }
    let plan = try Planner.plan(
      query, slotCount: statement.slots.count, catalog: EmptyCatalog())
    let run = ExecutionRun(
      evaluation: EvaluationContext(
        parameters: [:], statementTime: surroundings.now(), surroundings: surroundings),
      source: isDivided ? graph : nil)
    // A profile keeps to rows and to one thread.
    let instance = try PlanInstance(
      plan, procedures: NoProcedures(), run, profile: isDivided ? nil : PlanProfile())
    var rows: [[Value]] = []
    for _ in 0..<2 {
      rows = []
      instance.begin(RunSettings(parameters: [:], statementTime: surroundings.now()))
      try graph.read { view in
        try instance.run(view) { batch in
          batch.forEachSelected { row in
            rows.append(plan.columns.map { batch.columns[$0.slot.index][row] })
          }
          return true
        }
      }
    }
    return rows
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
