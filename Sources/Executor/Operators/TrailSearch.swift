// Depth-first enumeration of paths with an explicit stack. The candidates of all open nodes lie in
// one array that is used as a stack, so that a step costs no allocation.

import Base
import Graph
import Planner

/// A path under construction and what is left to try at each of its nodes.
struct TrailSearch {
  private struct Frame {
    /// Where the candidates of this node begin in `candidates`.
    var base: Int
    /// The next candidate to try.
    var next: Int
  }

  private let restriction: PathRestriction
  private var candidates: [AdjacentEdge] = []
  private var frames: [Frame] = []
  private(set) var edges: [EdgeID] = []
  private(set) var nodes: [NodeID] = []
  /// Whether the node at the end has just been reached (it was neither emitted nor expanded yet).
  private(set) var isNewNode = false

  /// Paths longer than this look edges up in a set instead of scanning them.
  private static let scannedLength = 24
  private var edgeSet: Set<EdgeID> = []
  private var nodeSet: Set<NodeID> = []

  init(restriction: PathRestriction) { self.restriction = restriction }

  /// What the path and the candidates along it hold.
  var memoryBytes: Int {
    candidates.capacity * MemoryLayout<AdjacentEdge>.stride
      + frames.capacity * (MemoryLayout<Frame>.stride + 2 * MemoryLayout<NodeID>.stride)
      + (edgeSet.capacity + nodeSet.capacity) * 12
  }

  var isFinished: Bool { nodes.isEmpty }
  var depth: Int { edges.count }
  var node: NodeID { nodes[nodes.count - 1] }

  /// Whether the path came back to its first node under `simple`, so that it cannot go on.
  var isClosed: Bool { restriction == .simple && edges.count > 0 && nodes[0] == node }

  mutating func start(at node: NodeID) {
    stop()
    nodes.append(node)
    frames.append(Frame(base: 0, next: 0))
    isNewNode = true
  }

  mutating func stop() {
    candidates.removeAll(keepingCapacity: true)
    frames.removeAll(keepingCapacity: true)
    edges.removeAll(keepingCapacity: true)
    nodes.removeAll(keepingCapacity: true)
    edgeSet.removeAll(keepingCapacity: true)
    nodeSet.removeAll(keepingCapacity: true)
    isNewNode = false
  }

  /// Reads the candidates of the node at the end of the path.
  mutating func expand(
    _ read: (NodeID, inout [AdjacentEdge]) throws -> Void
  ) rethrows { try read(node, &candidates) }

  /// Moves to the next path: a step further, or back and sideways. The search is finished
  /// afterwards where there is none. `isAllowed` is asked about each edge that the path itself does
  /// not forbid.
  mutating func advance(_ isAllowed: (EdgeID) -> Bool) {
    isNewNode = false
    while let frame = frames.last {
      if frame.next == candidates.count {
        backtrack()
        continue
      }
      frames[frames.count - 1].next += 1
      let candidate = candidates[frame.next]
      guard permits(candidate), isAllowed(candidate.edge) else { continue }
      push(candidate)
      return
    }
  }

  private mutating func push(_ candidate: AdjacentEdge) {
    if edges.count >= Self.scannedLength {
      if edgeSet.isEmpty {
        edgeSet.formUnion(edges)
        nodeSet.formUnion(nodes)
      }
      edgeSet.insert(candidate.edge)
      nodeSet.insert(candidate.neighbour)
    }
    edges.append(candidate.edge)
    nodes.append(candidate.neighbour)
    frames.append(Frame(base: candidates.count, next: candidates.count))
    isNewNode = true
  }

  private mutating func backtrack() {
    guard let frame = frames.popLast() else { return }
    candidates.removeLast(candidates.count - frame.base)
    let node = nodes.removeLast()
    guard let edge = edges.popLast() else { return }
    if !edgeSet.isEmpty {
      if edges.count <= Self.scannedLength {
        edgeSet.removeAll(keepingCapacity: true)
        nodeSet.removeAll(keepingCapacity: true)
      } else {
        edgeSet.remove(edge)
        if node != nodes[0] { nodeSet.remove(node) }
      }
    }
  }

  private func permits(_ candidate: AdjacentEdge) -> Bool {
    switch restriction {
    case .walk: return true
    case .trail: return !hasEdge(candidate.edge)
    case .acyclic: return !hasNode(candidate.neighbour)
    case .simple:
      return !hasNode(candidate.neighbour)
        || (candidate.neighbour == nodes[0] && !hasEdge(candidate.edge))
    }
  }

  private func hasEdge(_ edge: EdgeID) -> Bool {
    edgeSet.isEmpty ? edges.contains(edge) : edgeSet.contains(edge)
  }

  private func hasNode(_ node: NodeID) -> Bool {
    edgeSet.isEmpty ? nodes.contains(node) : nodeSet.contains(node)
  }
}
