// Operators over a small graph, with plans put together by hand: what each yields, and that the
// size of batches makes no difference.

import Base
import Executor
import Graph
import Planner
import Testing

@Suite("Operators")
struct OperatorTests {
  /// a <- b, a <- c, b <- d, c <- d, all FROM; d also follows itself by SAME.
  private static func diamond() throws -> Graph {
    let graph = try Graph.inMemory(schema: nil, surroundings: surroundings)
    let names = ["a", "b", "c", "d"]
    var operations: [Operation] = names.map {
      .createNode(labels: ["P"], key: nil, properties: [Property("name", .text($0))])
    }
    for (from, to) in [(1, 0), (2, 0), (3, 1), (3, 2)] {
      operations.append(
        .createEdge(type: "FROM", from: .new(from), to: .new(to), properties: []))
    }
    operations.append(.createEdge(type: "SAME", from: .new(3), to: .new(3), properties: []))
    _ = try graph.append(
      TransactionRequest(
        requestID: RequestID(high: 0, low: 1), actor: "test", reason: "set up",
        operations: operations))
    return graph
  }

  private static let surroundings = Surroundings(
    now: { Timestamp(microsecondsSinceEpoch: 1_700_000_000_000_000) }, random: { 4 })

  private struct NoProcedures: ProcedureLibrary {
    func body(of name: Text) -> (any ProcedureBody)? { nil }
  }

  /// Runs a plan and returns the slots of each row.
  private static func rows(
    _ plan: Plan, slots: [Int], pathExpansions: Int? = nil
  ) throws -> [[Value]] {
    let columns = slots.map { BoundColumn(name: "c\($0)", slot: Slot($0)) }
    let annotated = Liveness.annotate(plan, needed: SlotSet(columns.map(\.slot)))
    let prepared = PreparedPlan(
      root: annotated, columns: columns, slotCount: 8, subqueries: [:], subqueryOrder: [],
      isWriting: false, appliedRules: [])
    let evaluation = EvaluationContext(
      parameters: [:], statementTime: surroundings.now(), surroundings: surroundings)
    let instance = try PlanInstance(
      prepared, procedures: NoProcedures(), ExecutionRun(evaluation: evaluation))
    var all: [[Value]] = []
    // The second run finds everything as the first one did.
    for isAgain in [false, true] {
      var rows: [[Value]] = []
      instance.begin(
        RunSettings(
          parameters: [:], statementTime: surroundings.now(),
          limits: .init(pathExpansions: pathExpansions)))
      try diamond().read { graph in
        try instance.run(graph) { batch in
          batch.forEachSelected { row in rows.append(slots.map { batch.columns[$0][row] }) }
          return true
        }
      }
      if isAgain { #expect(rows == all) }
      all = rows
    }
    return all
  }

  private static let start = Plan(.argument([]))

  private static func scan(_ label: Text?) -> Plan {
    Plan(.nodeScan(Slot(0), label: label), inputs: [start])
  }

  private static func step(
    _ direction: Direction, edge: Int? = nil, isInto: Bool = false, distinctFrom: [Int] = []
  ) -> ExpandStep {
    ExpandStep(
      from: Slot(0), to: Slot(1), edge: edge.map { Slot($0) }, direction: direction,
      types: ["FROM"], isInto: isInto, distinctFrom: distinctFrom.map { Slot($0) })
  }

  private static func node(_ id: UInt64) -> Value { .node(NodeID(id)) }

  @Test("a scan yields every node, a scan of an unknown label none")
  func scans() throws {
    #expect(try Self.rows(Self.scan("P"), slots: [0]).count == 4)
    #expect(try Self.rows(Self.scan(nil), slots: [0]).count == 4)
    #expect(try Self.rows(Self.scan("Q"), slots: [0]).isEmpty)
  }

  @Test("expansions follow edges in each direction")
  func expansions() throws {
    for (direction, count) in [(Direction.outgoing, 4), (.incoming, 4), (.both, 8)] {
      let plan = Plan(.expand(Self.step(direction, edge: 2)), inputs: [Self.scan("P")])
      let rows = try Self.rows(plan, slots: [0, 2, 1])
      #expect(rows.count == count)
      #expect(rows.allSatisfy { row in if case .edge = row[1] { true } else { false } })
    }
  }

  @Test("trails are enumerated, reachability is searched")
  func variableLength() throws {
    func plan(isSearch: Bool) -> Plan {
      let run = VariableExpandStep(
        step: Self.step(.outgoing, edge: isSearch ? nil : 2), minimum: 1, maximum: nil,
        restriction: .trail, reversesList: false, element: nil, elementPredicates: [])
      return Plan(isSearch ? .reach(run) : .variableExpand(run), inputs: [Self.scan("P")])
    }
    let trails = try Self.rows(plan(isSearch: false), slots: [0, 1])
    // b-a, c-a, d-b, d-b-a, d-c, d-c-a.
    #expect(trails.count == 6)
    let reached = try Self.rows(plan(isSearch: true), slots: [0, 1])
    #expect(Set(reached) == Set(trails))
    #expect(reached.count == 5)
  }

  @Test("the limit on path expansions stops a search")
  func limits() {
    let run = VariableExpandStep(
      step: Self.step(.both, edge: 2), minimum: 1, maximum: nil, restriction: .trail,
      reversesList: false, element: nil, elementPredicates: [])
    let plan = Plan(.variableExpand(run), inputs: [Self.scan("P")])
    #expect(throws: ExecutionStop.self) {
      try Self.rows(plan, slots: [0, 1], pathExpansions: 5)
    }
  }

  @Test("a scan over edges yields both readings, one of a self-loop")
  func edgeScans() throws {
    let step = EdgeEndsStep(
      edge: Slot(2), from: Slot(0), to: Slot(1), isFromBound: false, isToBound: false,
      direction: .both, types: [], distinctFrom: [])
    let rows = try Self.rows(Plan(.edgeScan(step), inputs: [Self.start]), slots: [0, 2, 1])
    #expect(rows.count == 9)
  }

  @Test("all shortest paths, from both ends")
  func shortestPaths() throws {
    let ends = Plan(
      .nodeScan(Slot(1), label: "P"), inputs: [Self.scan("P")])
    let run = VariableExpandStep(
      step: Self.step(.outgoing, edge: 2, isInto: true), minimum: 1, maximum: nil,
      restriction: .trail, reversesList: false, element: nil, elementPredicates: [])
    let all = try Self.rows(
      Plan(.shortestPath(run, wantsAll: true), inputs: [ends]), slots: [0, 1, 2])
    #expect(all.count == 6)
    let one = try Self.rows(
      Plan(.shortestPath(run, wantsAll: false), inputs: [ends]), slots: [0, 1, 2])
    #expect(one.count == 5)
  }
}
