// Nodes with many edges: segments fill, edges in the middle of them end, and snapshots between.

import Base
import Store
import Testing

@testable import Graph

@Suite("Graph: hubs", .bothEngines)
struct HubTests {
  @Test("a hub's edges come in order, now and as of before, and can end anywhere")
  func hub() throws {
    let fixture = try Fixture()
    try fixture.append(1, [.createNode(labels: ["Hub"], key: nil, properties: [])])
    let hub = NodeID(0)
    var number: UInt64 = 1
    for _ in 0..<10 {
      number += 1
      var operations: [Operation] = []
      for index in 0..<50 {
        operations.append(.createNode(labels: ["Leaf"], key: nil, properties: []))
        operations.append(
          .createEdge(type: "IN", from: .new(index), to: .id(hub), properties: []))
      }
      try fixture.append(number, operations)
    }
    let gone: [UInt64] = [0, 79, 80, 81, 159, 160, 333, 499]
    try fixture.append(50, gone.map { .deleteEdge(.id(EdgeID($0))) })
    try fixture.graph.read { view in
      let type = try #require(try view.symbol(for: "IN"))
      var edges: [AdjacentEdge] = []
      try view.expand(hub, .incoming, types: [type], into: &edges)
      #expect(edges.map(\.edge.rawValue) == (0..<500).filter { !gone.contains($0) })
      #expect(try view.degree(hub, .incoming, types: [type]) == 492)
      #expect(try view.edgeCount(type: type) == 492)
    }
    try fixture.graph.read(at: TransactionNumber(4)) { view in
      let type = try #require(try view.symbol(for: "IN"))
      var edges: [AdjacentEdge] = []
      try view.expand(hub, .incoming, types: [type], into: &edges)
      #expect(edges.map(\.edge.rawValue) == Array(0..<150))
      #expect(try view.degree(hub, .both, types: []) == 150)
    }
    #expect(try fixture.graph.verify().faults == [])
  }

  @Test("appending to a hub makes as many writes, however many edges it has")
  func constantCost() throws {
    let fixture = try Fixture()
    try fixture.append(1, [.createNode(labels: [], key: nil, properties: [])])
    func writes() throws -> Int {
      var count = 0
      _ = try? fixture.graph.store.write { transaction in
        let session = try WriteSession(transaction.reading, fixture.graph)
        let request = Fixture.request(
          1_000_000,
          [
            .createEdge(type: "IN", from: .id(NodeID(0)), to: .id(NodeID(0)), properties: [])
          ])
        _ = try session.append(request, when: nil, &transaction)
        count = transaction.writeCount
        throw StemmaError(.limitCancelled, "counted")
      }
      return count
    }
    func grow(_ number: UInt64, _ count: Int) throws {
      try fixture.append(
        number,
        (0..<count).map { _ in
          .createEdge(type: "IN", from: .id(NodeID(0)), to: .id(NodeID(0)), properties: [])
        })
    }
    try grow(2, 170)
    let small = try writes()
    try grow(3, 5_000)
    // The Merkle tree has more levels to finish at some sizes; the graph has no more rows to write.
    #expect(try writes() <= small + 2)
  }
}
