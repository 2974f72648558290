// Breadth-first search from both ends, always growing the smaller frontier (Pohl, 1971). Layers are
// completed, so that the nodes where the two sides first meet lie on every shortest path.

import Base
import Graph

/// One search between two different nodes.
struct BidirectionalSearch {
  private struct Step {
    var edge: EdgeID
    /// The neighbour that is closer to the side's own end.
    var node: NodeID
  }

  private struct Side {
    var depth = 0
    var frontier: [NodeID]
    /// For each node reached: its depth and the edges that reach it from the layer before.
    var reached: [NodeID: (depth: Int, steps: [Step])]

    init(_ end: NodeID) {
      frontier = [end]
      reached = [end: (0, [])]
    }
  }

  /// What a node that is reached takes, roughly.
  private static let bytesPerNode = 128

  private var forward: Side
  private var backward: Side
  private let maximum: Int
  private let wantsAll: Bool

  init(from: NodeID, to: NodeID, maximum: Int?, wantsAll: Bool) {
    forward = Side(from)
    backward = Side(to)
    self.maximum = maximum ?? .max
    self.wantsAll = wantsAll
  }

  /// The edges of one or all shortest paths, each from start to end; empty where there is none.
  /// `hold` is told of the bytes of nodes and paths that are kept, and may throw: there can be
  /// many.
  mutating func run(
    _ read: (NodeID, _ isForward: Bool, inout [AdjacentEdge]) throws -> Void,
    hold: (Int) throws -> Void
  ) throws -> [[EdgeID]] {
    while !forward.frontier.isEmpty, !backward.frontier.isEmpty,
      forward.depth + backward.depth < maximum
    {
      let growsForward = forward.frontier.count <= backward.frontier.count
      if growsForward {
        try Self.grow(&forward, keepsAll: wantsAll) { try read($0, true, &$1) }
      } else {
        try Self.grow(&backward, keepsAll: wantsAll) { try read($0, false, &$1) }
      }
      try hold((growsForward ? forward : backward).frontier.count * Self.bytesPerNode)
      let meeting =
        growsForward
        ? forward.frontier.filter { backward.reached[$0]?.depth == backward.depth }
        : backward.frontier.filter { forward.reached[$0]?.depth == forward.depth }
      if !meeting.isEmpty { return try paths(through: meeting.sorted(), hold) }
    }
    return []
  }

  private static func grow(
    _ side: inout Side, keepsAll: Bool,
    _ read: (NodeID, inout [AdjacentEdge]) throws -> Void
  ) rethrows {
    var next: [NodeID] = []
    var adjacent: [AdjacentEdge] = []
    side.depth += 1
    for node in side.frontier {
      adjacent.removeAll(keepingCapacity: true)
      try read(node, &adjacent)
      for met in adjacent {
        let step = Step(edge: met.edge, node: node)
        if let known = side.reached[met.neighbour] {
          if keepsAll, known.depth == side.depth {
            side.reached[met.neighbour]?.steps.append(step)
          }
        } else {
          side.reached[met.neighbour] = (side.depth, [step])
          next.append(met.neighbour)
        }
      }
    }
    side.frontier = next
  }

  private func paths(
    through meeting: [NodeID], _ hold: (Int) throws -> Void
  ) throws -> [[EdgeID]] {
    var result: [[EdgeID]] = []
    for node in wantsAll ? meeting[...] : meeting.prefix(1) {
      let heads = try tails(from: node, in: forward, hold).map { Array($0.reversed()) }
      let ends = try tails(from: node, in: backward, hold)
      for head in heads {
        for end in ends {
          try hold(32 + (head.count + end.count) * MemoryLayout<EdgeID>.stride)
          result.append(head + end)
        }
      }
    }
    return result
  }

  /// The edges from a node to the side's own end, for every way there (or for the first).
  private func tails(
    from node: NodeID, in side: Side, _ hold: (Int) throws -> Void
  ) throws -> [[EdgeID]] {
    var partial: [(node: NodeID, edges: [EdgeID])] = [(node, [])]
    var depth = side.reached[node]?.depth ?? 0
    while depth > 0 {
      var longer: [(node: NodeID, edges: [EdgeID])] = []
      for (node, edges) in partial {
        let steps = side.reached[node]?.steps ?? []
        for step in wantsAll ? steps[...] : steps.prefix(1) {
          try hold(32 + (edges.count + 1) * MemoryLayout<EdgeID>.stride)
          longer.append((step.node, edges + [step.edge]))
        }
      }
      partial = longer
      depth -= 1
    }
    return partial.map(\.edges)
  }
}
