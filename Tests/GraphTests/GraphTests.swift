// The graph as a whole on a few nodes: what is appended is read back, now and AS OF.

import Base
import Store
import Synchronization
import Testing

@testable import Graph

/// Makes requests and graphs for tests; time and randomness come from counters.
struct Fixture {
  let graph: Graph

  init(schema: GraphType? = nil) throws {
    graph = try TestEngine.graph(schema: schema, surroundings: Self.surroundings())
  }

  static func surroundings(seed: UInt64 = 1) -> Surroundings {
    let source = SeededSource(seed)
    return Surroundings(
      now: { Timestamp(microsecondsSinceEpoch: 1_700_000_000_000_000) },
      random: { source.next() })
  }

  @discardableResult
  func append(_ number: UInt64, _ operations: [Operation]) throws -> TransactionReceipt {
    try graph.append(Self.request(number, operations))
  }

  static func request(_ number: UInt64, _ operations: [Operation]) -> TransactionRequest {
    TransactionRequest(
      requestID: RequestID(high: 7, low: number), actor: "test", reason: "a test",
      operations: operations)
  }
}

/// A seeded source that closures can share.
final class SeededSource: Sendable {
  private let state: Mutex<SplitMix64>
  init(_ seed: UInt64) { state = Mutex(SplitMix64(seed: seed)) }
  func next() -> UInt64 { state.withLock { $0.next() } }
}

@Suite("Graph: appending and reading", .bothEngines)
struct GraphTests {
  @Test("nodes, edges and properties are read back, now and as of before")
  func roundTrip() throws {
    let fixture = try Fixture()
    let first = try fixture.append(
      1,
      [
        .createNode(labels: ["Proposal"], key: "P1", properties: [Property("lr", .float(0.1))]),
        .createNode(labels: ["Run"], key: nil, properties: [Property("seed", .integer(7))]),
        .createEdge(type: "EXECUTES", from: .new(1), to: .new(0), properties: []),
      ])
    try fixture.append(
      2,
      [
        .setProperty(of: .node(.key("P1")), Property("lr", .float(0.2))),
        .addLabel(.key("P1"), "Best"),
      ])
    try fixture.append(3, [.deleteNode(.id(first.nodes[1]), detach: true)])
    let proposal = first.nodes[0]
    try fixture.graph.read { view in
      let lr = try #require(try view.symbol(for: "lr"))
      #expect(try view.property(lr, of: proposal) == .float(0.2))
      #expect(try view.node(key: "P1") == proposal)
      #expect(try view.labels(of: proposal).map { try view.name(of: $0) } == ["Proposal", "Best"])
      #expect(try !view.exists(first.nodes[1]))
      #expect(try view.degree(proposal, .both, types: []) == 0)
      #expect(try view.nodeCount(label: nil) == 1)
    }
    try fixture.graph.read(at: TransactionNumber(1)) { view in
      let lr = try #require(try view.symbol(for: "lr"))
      #expect(try view.property(lr, of: proposal) == .float(0.1))
      #expect(try view.labels(of: proposal).count == 1)
      var edges: [AdjacentEdge] = []
      try view.expand(proposal, .incoming, types: [], into: &edges)
      #expect(edges.map(\.neighbour) == [first.nodes[1]])
    }
  }

  @Test("-0.0 is kept apart from 0.0, and a value set again is no new version")
  func zeros() throws {
    let fixture = try Fixture()
    try fixture.append(
      1,
      [
        .createNode(
          labels: [], key: nil,
          properties: [Property("x", .float(0)), Property("y", .float(.nan))])
      ])
    let (changes, receipt) = try fixture.graph.write(Fixture.request(2, [])) { transaction in
      let node = EntityReference.node(.id(NodeID(0)))
      return [
        try transaction.apply(.setProperty(of: node, Property("x", .float(-0.0)))),
        try transaction.apply(.setProperty(of: node, Property("x", .float(-0.0)))),
        try transaction.apply(.setProperty(of: node, Property("y", .float(.nan)))),
      ].map(\.changedAnything)
    }
    #expect(changes == [true, false, false])
    #expect(receipt != nil)
    let x = try fixture.graph.read { view in
      try view.property(try #require(try view.symbol(for: "x")), of: NodeID(0))
    }
    #expect(ModelComparison.same(x, .float(-0.0)))
    #expect(try fixture.graph.verify().faults == [])
  }

  @Test("a repeated request returns the first receipt and changes nothing")
  func repeated() throws {
    let fixture = try Fixture()
    let operations: [Operation] = [
      .createNode(labels: ["A"], key: "A1", properties: []),
      .createNode(labels: ["A"], key: nil, properties: []),
    ]
    var first = try fixture.append(1, operations)
    let second = try fixture.append(1, operations)
    first.wasRepeated = true
    #expect(first == second)
    #expect(try fixture.graph.lastTransaction() == TransactionNumber(1))
  }

  @Test("writes as they come are seen by reads, and undone when the body throws")
  func writing() throws {
    let fixture = try Fixture()
    struct Refused: Error {}
    #expect(throws: Refused.self) {
      try fixture.graph.write(Fixture.request(1, [])) { transaction in
        try transaction.apply(.createNode(labels: ["A"], key: nil, properties: []))
        throw Refused()
      }
    }
    let (count, receipt) = try fixture.graph.write(Fixture.request(2, [])) { transaction in
      let node = try transaction.apply(
        .createNode(labels: ["A"], key: nil, properties: [Property("x", .integer(1))])
      ).node!
      try transaction.apply(.setProperty(of: .node(.id(node)), Property("x", .integer(2))))
      return try transaction.read { view in
        let label = try #require(try view.symbol(for: "A"))
        #expect(try view.property(try view.symbol(for: "x")!, of: node) == .integer(2))
        var position = ScanPosition()
        var nodes: [NodeID] = []
        try view.scanNodes(label: label, after: &position, into: &nodes, limit: 10)
        return nodes.count
      }
    }
    #expect(count == 1)
    #expect(receipt?.transaction == TransactionNumber(1))
    let unchanged = try fixture.graph.write(Fixture.request(3, [])) { _ in 5 }
    #expect(unchanged.result == 5)
    #expect(unchanged.receipt == nil)
    #expect(try fixture.graph.lastTransaction() == TransactionNumber(1))
  }
}
