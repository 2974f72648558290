// Loads: many records, one commit, the same graph as appending them one by one.

import Base
import Store
import Testing

@testable import Graph

@Suite("Graph: loads", .bothEngines)
struct LoadTests {
  static let indexes: [Operation] = [
    .createIndex(IndexDefinition(name: "x", label: "A", properties: ["x"])),
    .createIndex(IndexDefinition(name: "w", label: "A", properties: ["word", "x"])),
  ]

  static func nodes(_ start: Int, _ count: Int) -> [Operation] {
    (start..<start + count).map { number in
      .createNode(
        labels: ["A"], key: nil,
        properties: [
          Property("x", .integer(Int64(number * 7919 % 1000))),
          Property("word", .string(Text("w\(number % 3)"))),
        ])
    }
  }

  static func edges(_ count: Int) -> [Operation] {
    (1..<count).map { number in
      .createEdge(
        type: "NEXT", from: .id(NodeID(UInt64(number))), to: .id(NodeID(UInt64(number / 2))),
        properties: [])
    }
  }

  static let requests: [TransactionRequest] = [
    Fixture.request(1, indexes), Fixture.request(2, nodes(0, 100)),
    Fixture.request(3, nodes(100, 5_000)), Fixture.request(4, edges(5_100)),
  ]

  static func rows(_ graph: Graph) throws -> [[[UInt8]]] {
    try FaultTests.rows(graph).filter { $0.1 != FormatHeader.key }
      .filter { ![.log, .merkle, .meta].contains($0.0) }.map { [[$0.0.rawValue], $0.1, $0.2] }
  }

  @Test("a load gives the same tables as appending, and verifies")
  func same() throws {
    let layout = GraphLayout(rangeShift: 8)
    let loaded = try TestEngine.graph(layout: layout)
    let appended = try TestEngine.graph(layout: layout)
    let receipts = try loaded.load { append in try Self.requests.map(append) }
    #expect(receipts.map(\.transaction.rawValue) == [1, 2, 3, 4])
    for request in Self.requests { _ = try appended.append(request) }
    #expect(try Self.rows(loaded) == Self.rows(appended))
    #expect(try loaded.verify().faults == [])
    // Into a store that holds something.
    _ = try loaded.load { append in try append(Fixture.request(5, Self.nodes(9_000, 300))) }
    _ = try appended.append(Fixture.request(5, Self.nodes(9_000, 300)))
    #expect(try Self.rows(loaded) == Self.rows(appended))
    #expect(try loaded.verify().faults == [])
  }

  @Test("a load that fails leaves nothing, and one that was done is not done again")
  func allOrNothing() throws {
    let graph = try TestEngine.graph()
    #expect(throws: StemmaError.self) {
      try graph.load { append in
        _ = try append(Self.requests[0])
        _ = try append(Self.requests[1])
        _ = try append(Fixture.request(9, [.deleteEdge(.id(EdgeID(77)))]))
      }
    }
    #expect(try graph.lastTransaction() == .zero)
    _ = try graph.load { append in try append(Self.requests[0]) }
    #expect(throws: StemmaError.self) {
      try graph.load { append in try append(Self.requests[0]) }
    }
    #expect(try graph.lastTransaction().rawValue == 1)
    #expect(try graph.verify().faults == [])
  }
}
