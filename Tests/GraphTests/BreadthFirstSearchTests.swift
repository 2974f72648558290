// Searches against a naive one, over random graphs with cycles, hubs and deleted edges, now and at
// snapshots of the past.

import Base
import Testing

@testable import Graph

@Suite("Graph: breadth-first search")
struct BreadthFirstSearchTests {
  private static let nodes: UInt64 = 60

  /// Sixty nodes, edges of two types at random, and node 0 with many.
  private static func graph(_ seed: UInt64) throws -> Graph {
    let graph = try Graph.inMemory(
      schema: nil, surroundings: Fixture.surroundings(), layout: GraphLayout(rangeShift: 6))
    var random = SplitMix64(seed: seed)
    _ = try graph.append(
      Fixture.request(
        1, (0..<nodes).map { _ in .createNode(labels: ["N"], key: nil, properties: []) }))
    for part in UInt64(2)..<6 {
      var operations: [Operation] = []
      func edge(_ from: UInt64, _ to: UInt64) {
        operations.append(
          .createEdge(
            type: random.next() % 3 == 0 ? "B" : "A", from: .id(NodeID(from)),
            to: .id(NodeID(to)), properties: []))
      }
      for _ in 0..<12 { edge(random.next() % nodes, random.next() % nodes) }
      for _ in 0..<5 { edge(0, random.next() % nodes) }
      if part > 3 {
        let edges = UInt64(17 * (part - 2))
        operations.append(.deleteEdge(.id(EdgeID(random.next() % (edges / 2) + part))))
      }
      _ = try graph.append(Fixture.request(part, operations))
    }
    return graph
  }

  /// All that can be reached in one step or more, by depth.
  private static func naive(
    _ start: NodeID, _ direction: Direction, _ types: [Symbol], _ most: Int?,
    _ view: borrowing GraphView
  ) throws -> Set<NodeID> {
    var found: Set<NodeID> = []
    var level: Set<NodeID> = [start]
    var depth = 0
    while !level.isEmpty, depth < most ?? .max {
      var next: Set<NodeID> = []
      for node in level {
        var edges: [AdjacentEdge] = []
        try view.expand(node, direction, types: types, into: &edges)
        for edge in edges where found.insert(edge.neighbour).inserted {
          next.insert(edge.neighbour)
        }
      }
      level = next
      depth += 1
    }
    return found
  }

  @Test("each node once, the start only where a cycle leads back", arguments: UInt64(1)...12)
  func random(seed: UInt64) throws {
    let graph = try Self.graph(seed)
    var search = BreadthFirstSearch()
    for transaction: UInt64 in [3, 6] {
      try graph.read(at: transaction == 6 ? nil : TransactionNumber(transaction)) { view in
        let type = try view.symbol(for: "A")!
        for direction in [Direction.outgoing, .incoming, .both] {
          for types in [[], [type]] {
            for most in [nil, 1, 3] {
              for start in stride(from: UInt64(0), to: Self.nodes, by: 7) {
                var found: [NodeID] = []
                search.begin(at: NodeID(start))
                while !search.isFinished {
                  _ = try view.search(
                    &search, direction, types: types, maximumDepth: most, expansions: 5,
                    into: &found)
                }
                let expected = try Self.naive(NodeID(start), direction, types, most, view)
                #expect(found.count == expected.count)
                #expect(Set(found) == expected)
              }
            }
          }
        }
      }
    }
  }
}
