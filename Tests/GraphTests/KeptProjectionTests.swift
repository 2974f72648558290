// What a writer keeps in memory for its next transaction: it must be what the store has, whoever
// wrote in between and whatever failed.

import Base
import GraphWorkload
import Store
import Testing

@testable import Graph

@Suite("Graph: what writers keep")
struct KeptProjectionTests {
  @Test("writers that take turns on one store write what one alone would", arguments: 1...4)
  func turns(seed: Int) throws {
    let folder = try TemporaryFolder()
    let first = try Graph.create(
      at: folder.path, schema: nil, surroundings: Fixture.surroundings())
    let second = try Graph.open(at: folder.path, surroundings: Fixture.surroundings())
    var random = SplitMix64(seed: UInt64(seed))
    var workload = Workload(seed: UInt64(100 + seed))
    for number in 1...60 {
      let request = Fixture.request(UInt64(number), workload.next())
      let graph = random.next() % 3 == 0 ? second : first
      if random.next() % 4 == 0 {
        var plan = FaultPlan()
        plan.failingWrite = Int(random.next() % 40) + 1
        plan.failsCommit = random.next() % 2 == 0
        graph.store.inject(plan)
        let receipt = try? graph.append(request)
        graph.store.inject(FaultPlan())
        if receipt != nil { continue }
      }
      // A transaction that changes nothing has a number only where it is appended.
      let isApplied = random.next() % 2 == 0
      if isApplied, try graph.write(request, { _ in }).receipt != nil { continue }
      _ = try graph.append(request)
    }
    try second.read { view in
      try ModelComparison(state: workload.state, seed: UInt64(seed)).compare(view)
    }
    #expect(try first.verify().faults == [])
  }

  @Test("a load between two transactions leaves nothing stale")
  func loads() throws {
    let graph = try Graph.inMemory(schema: nil, surroundings: Fixture.surroundings())
    var random = SplitMix64(seed: 5)
    func things(_ count: Int) -> [Operation] {
      (0..<count).flatMap { index -> [Operation] in
        let size = Property("size", .integer(Int64(random.next() % 50)))
        let node = Operation.createNode(labels: ["Thing"], key: nil, properties: [size])
        guard index > 0 else { return [node] }
        let to = NodeReference.new(Int(random.next() % UInt64(index)))
        return [node, .createEdge(type: "TO", from: .new(index), to: to, properties: [])]
      }
    }
    for round in 0..<6 {
      _ = try graph.append(Fixture.request(UInt64(round * 10 + 1), things(7)))
      _ = try graph.load { append in
        for part in 0..<3 {
          _ = try append(Fixture.request(UInt64(round * 10 + 2 + part), things(90)))
        }
      }
      _ = try graph.write(Fixture.request(UInt64(round * 10 + 9), things(3))) { _ in }
    }
    #expect(try graph.verify().faults == [])
  }
}
