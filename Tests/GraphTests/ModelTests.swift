// Property tests: a seeded workload goes to the graph, on both engines, and to the model; then
// every answer is compared, now and as of every transaction before.

import Base
import Foundation
import GraphWorkload
import Store
import Testing

@testable import Graph

@Suite("Graph: against the model")
struct ModelTests {
  typealias Engine = TestEngine

  /// Ranges that the workload fills.
  static let small = GraphLayout(rangeShift: 6)

  static func graph(_ engine: Engine, _ folder: TemporaryFolder) throws -> Graph {
    switch engine {
    case .memory:
      try Graph.inMemory(schema: nil, surroundings: Fixture.surroundings(), layout: small)
    case .disk:
      try Graph.create(
        at: folder.path, schema: nil, surroundings: Fixture.surroundings(), layout: small)
    }
  }

  @Test("every answer, now and as of every transaction", arguments: Engine.allCases, [1, 2, 3, 4])
  func everything(engine: Engine, seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let graph = try Self.graph(engine, folder)
    var workload = Workload(seed: seed)
    for number in 1...64 {
      // An index made over nodes that are there, another one later.
      let operations =
        number == 5
        ? [Workload.indexes[0]] : number == 12 ? [Workload.indexes[1]] : workload.next()
      if number == 5 || number == 12 { workload.pass() }
      let receipt = try graph.append(Fixture.request(UInt64(number), operations))
      #expect(receipt.transaction.rawValue == workload.state.transaction)
      if number % 8 == 0 {
        try graph.read { view in
          try ModelComparison(state: workload.state, seed: seed).compare(view)
        }
      }
    }
    for (number, state) in workload.history.enumerated() {
      try graph.read(at: TransactionNumber(UInt64(number))) { view in
        try ModelComparison(state: state, seed: seed).compare(view)
      }
    }
    let head = try graph.store.read { try Head($0) }
    #expect(head.sealedNodes > 0 && head.sealedEdges > 0)
    let report = try graph.verify()
    #expect(report.faults == [])
    #expect(report.transactions == 64)
  }

  @Test(
    "a group gives the same graph as one request after the other", .bothEngines,
    arguments: [11, 12])
  func groups(seed: UInt64) throws {
    let single = try TestEngine.graph(layout: Self.small)
    let grouped = try TestEngine.graph(layout: Self.small)
    var workload = Workload(seed: seed)
    var requests: [TransactionRequest] = []
    for number in 1...30 { requests.append(Fixture.request(UInt64(number), workload.next())) }
    // One of the group is refused, and one is a repetition.
    let refused = Fixture.request(900, [.deleteNode(.id(NodeID(1 << 30)), detach: true)])
    for request in requests { _ = try single.append(request) }
    let results = try grouped.append(
      group: Array(requests[..<10]) + [refused, requests[3]] + Array(requests[10...]))
    #expect(results.count == 32)
    #expect(throws: StemmaError.self) { try results[10].get() }
    #expect(try results[11].get().wasRepeated)
    try grouped.read { view in
      try ModelComparison(state: workload.state, seed: seed).compare(view)
    }
    #expect(try single.verify().merkleRoot == grouped.verify().merkleRoot)
  }

  @Test("writes as they come give the same graph as a request", .bothEngines, arguments: [21, 22])
  func asTheyCome(seed: UInt64) throws {
    let graph = try TestEngine.graph(layout: Self.small)
    var workload = Workload(seed: seed)
    for number in 1...25 {
      let operations = workload.next()
      let (_, receipt) = try graph.write(Fixture.request(UInt64(number), [])) { transaction in
        for operation in operations {
          try transaction.apply(operation)
          _ = try transaction.read { view in try view.nodeCount(label: nil) }
        }
      }
      if receipt == nil { workload.takeBack() }
      try graph.read { view in
        try ModelComparison(state: workload.state, seed: seed).compare(view)
      }
    }
    #expect(try graph.verify().faults == [])
  }
}

/// A folder that is removed with its value.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("stemma-graph-\(UUID().uuidString)")
    path = url.path
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
