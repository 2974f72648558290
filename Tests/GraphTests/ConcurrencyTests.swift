// Many threads on one graph: appends share commits and each keeps its own receipt; readers see
// whole transactions only.

import Base
import Store
import Synchronization
import Testing

@testable import Graph

@Suite("Graph: many threads")
struct ConcurrencyTests {
  @Test("appends from many threads are all there, each once, under dense numbers")
  func appends() async throws {
    let folder = try TemporaryFolder()
    let graph = try Graph.create(
      at: folder.path, schema: SchemaTests.schema, surroundings: Fixture.surroundings())
    let receipts = try await withThrowingTaskGroup(of: [TransactionReceipt].self) { group in
      for thread in 0..<6 {
        group.addTask {
          var made: [TransactionReceipt] = []
          for number in 0..<12 {
            let request = Fixture.request(
              UInt64(thread * 1000 + number),
              [
                SchemaTests.proposal, SchemaTests.run,
                .createEdge(type: "EXECUTES", from: .new(1), to: .new(0), properties: []),
              ])
            made.append(try graph.append(request))
          }
          return made
        }
      }
      var all: [TransactionReceipt] = []
      for try await some in group { all += some }
      return all
    }
    #expect(Set(receipts.map(\.transaction.rawValue)) == Set(2...73))
    #expect(Set(receipts.flatMap { $0.keys.compactMap(\.self) }).count == 144)
    for receipt in receipts {
      let ends = try graph.read { try $0.edge(receipt.edges[0]) }
      #expect(ends?.from == receipt.nodes[1] && ends?.to == receipt.nodes[0])
    }
    #expect(try graph.verify().faults == [])
  }

  @Test("readers see whole transactions while a writer goes on")
  func readers() async throws {
    let folder = try TemporaryFolder()
    let graph = try Graph.create(
      at: folder.path, schema: nil, surroundings: Fixture.surroundings())
    let isDone = Atomic<Bool>(false)
    let shared = Shared(isDone)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<3 {
        group.addTask {
          while !shared.isDone.load(ordering: .relaxed) {
            try graph.read { view in
              // Each transaction adds three nodes and two edges, the names of some new.
              let transactions = view.snapshot.rawValue
              #expect(view.nodeLimit == transactions * 3)
              #expect(view.edgeLimit == transactions * 2)
              guard transactions > 0 else { return }
              let last = NodeID(view.nodeLimit - 1)
              let name = try view.symbol(for: Text("p\(transactions % 40)"))
              #expect(try view.property(try #require(name), of: last) == .integer(1))
              #expect(try view.degree(last, .incoming, types: []) == 2)
            }
          }
        }
      }
      group.addTask {
        defer { shared.isDone.store(true, ordering: .relaxed) }
        for number in 1...120 {
          _ = try graph.append(
            Fixture.request(
              UInt64(number),
              [
                .createNode(labels: ["A"], key: nil, properties: []),
                .createNode(labels: ["B"], key: nil, properties: []),
                .createNode(
                  labels: ["C"], key: nil,
                  properties: [Property(Text("p\(number % 40)"), .integer(1))]),
                .createEdge(type: "R", from: .new(0), to: .new(2), properties: []),
                .createEdge(type: "S", from: .new(1), to: .new(2), properties: []),
              ]))
        }
      }
      try await group.waitForAll()
    }
    #expect(try graph.lastTransaction() == TransactionNumber(120))
  }

  /// What the threads of a test share.
  final class Shared: Sendable {
    let isDone: Atomic<Bool>
    init(_ isDone: consuming Atomic<Bool>) { self.isDone = isDone }
  }
}
