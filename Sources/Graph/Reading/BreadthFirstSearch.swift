// Reachability over packed adjacency: level by level, each node once. What has been met is a set of
// bits; neighbours go from the row where they lie into the next level, with no edge made in
// between.

package import Base
import Store

/// How far a search has come. It keeps its memory from one search to the next.
package struct BreadthFirstSearch: Sendable {
  fileprivate var visited = NodeSet()
  fileprivate var level: [NodeID] = []
  fileprivate var nextLevel: [NodeID] = []
  /// The next node of the level to expand.
  fileprivate var position = 0
  fileprivate var start = NodeID(0)
  /// Whether the start was met again, by a cycle.
  fileprivate var hasReturned = false
  /// Levels that are done.
  package private(set) var depth = 0
  /// Whether there is nothing left to expand.
  package private(set) var isFinished = true
  /// The edges of a hub, while it is expanded.
  fileprivate var edges: [AdjacentEdge] = []

  package init() {}

  /// Roughly what the search holds, in bytes.
  package var memoryBytes: Int {
    visited.memoryBytes + (level.capacity + nextLevel.capacity) * MemoryLayout<NodeID>.stride
  }

  /// Forgets everything and begins at a node; the node itself counts as found only where a cycle
  /// leads back to it, unless `countsStart` says that it was found already.
  package mutating func begin(at node: NodeID, countsStart: Bool = false) {
    visited.removeAll()
    level.removeAll(keepingCapacity: true)
    nextLevel.removeAll(keepingCapacity: true)
    position = 0
    depth = 0
    start = node
    hasReturned = countsStart
    _ = visited.insert(node)
    level.append(node)
    isFinished = false
  }

  /// Whether a node has not been met before; it has been from now on.
  @inline(__always)
  package mutating func meets(_ node: NodeID) -> Bool {
    if visited.insert(node) {
      nextLevel.append(node)
      return true
    }
    guard !hasReturned, node == start else { return false }
    hasReturned = true
    return true
  }

  /// The nodes of the level that are looked at together, from the next one to expand on; none where
  /// there is only one.
  @inline(__always)
  fileprivate var upcoming: ArraySlice<NodeID> {
    guard position + 1 < level.count else { return [] }
    return level[position..<min(position + Reading.rowsSideBySide, level.count)]
  }

  /// How many nodes the level at hand has.
  package var levelCount: Int { level.count }

  /// The node to expand now; `nil` where every node of the level was taken.
  @inline(__always)
  package mutating func take() -> NodeID? {
    guard position < level.count else { return nil }
    defer { position += 1 }
    return level[position]
  }

  /// Goes on to the next level where the last node of this one was taken.
  @inline(__always)
  package mutating func close(maximumDepth: Int?) {
    guard position == level.count else { return }
    swap(&level, &nextLevel)
    nextLevel.removeAll(keepingCapacity: true)
    position = 0
    depth += 1
    isFinished = level.isEmpty || depth >= maximumDepth ?? .max
  }

  /// Ends the search early.
  package mutating func finish() { isFinished = true }
}

extension GraphView {
  /// Whether an edge, met from a node, is followed.
  package typealias EdgeTest = (
    _ graph: borrowing GraphView, _ near: NodeID, _ edge: AdjacentEdge
  ) throws -> Bool

  /// Expands up to `expansions` nodes of a search and appends what is met for the first time to
  /// `found`, level by level. Returns how many edges it met. The rows of a level lie near each
  /// other more often than not, so they are sought from where the last one was.
  package func search(
    _ search: inout BreadthFirstSearch, _ direction: Direction, types: [Symbol],
    maximumDepth: Int?, expansions: Int, into found: inout [NodeID],
    following isFollowed: EdgeTest? = nil
  ) throws -> Int {
    let types = types.isEmpty ? catalogue.edgeTypes : types
    var ways: [UInt8] = []
    if direction != .incoming { ways.append(AdjacencySegment.outgoing) }
    if direction != .outgoing { ways.append(AdjacencySegment.incoming) }
    var cursor = try reading.cursor(.adjacency)
    var followed = 0
    var left = expansions
    // Nodes that were looked at before they are expanded.
    var fetched = 0
    while left > 0, !search.isFinished {
      if isLarge, fetched == 0 {
        fetched = search.upcoming.count
        for node in search.upcoming {
          for way in ways {
            for type in types { fetch(node, way, type) }
          }
        }
        if fetched > 0 { finishFetching() }
      }
      fetched = max(0, fetched - 1)
      left -= 1
      if let node = search.take(), node.rawValue < nodeLimit {
        for way in ways {
          for type in types {
            followed += try visit(node, way, type, &cursor, &search, isFollowed, into: &found)
          }
        }
      }
      search.close(maximumDepth: maximumDepth)
    }
    return followed
  }

  /// Whether rows are in no cache of a processor, which can wait for many at once.
  var isLarge: Bool { nodeLimit > Self.cachedNodes }

  /// The rows of so many nodes stay in the caches of a processor.
  private static let cachedNodes: UInt64 = 1 << 20

  /// Begins to seek the row that a node is in.
  @inline(__always)
  func fetch(_ node: NodeID, _ way: UInt8, _ type: Symbol) {
    let key = KeyBuffer.adjacencyGroup(way, type, node.rawValue >> AdjacencyGroup.shift)
    reading.seekAhead(.adjacency, key.bytes, tag: node.rawValue) { prefetch($0, node) }
  }

  /// Ends it for all nodes since the last time.
  func finishFetching() {
    reading.finishSeeking(.adjacency) { prefetch($0, NodeID($1)) }
  }

  /// Has the beginning of a row fetched, and where the node's entries are likely to be.
  @inline(__always)
  private func prefetch(_ row: RawSpan, _ node: NodeID) {
    row.prefetch()
    row.prefetch(at: 64)
    // Behind the header and the counts the entries follow in the order of their nodes.
    let counts = min(row.byteCount, 84)
    let likely = counts + (row.byteCount - counts) * Int(node.rawValue & 63) >> 6
    row.prefetch(at: likely)
    row.prefetch(at: likely + 64)
  }

  /// Meets the neighbours of a node by one type in one direction.
  @inline(__always)
  private func visit(
    _ node: NodeID, _ way: UInt8, _ type: Symbol, _ cursor: inout Cursor,
    _ search: inout BreadthFirstSearch, _ isFollowed: EdgeTest?, into found: inout [NodeID]
  ) throws -> Int {
    let key = KeyBuffer.adjacencyGroup(way, type, node.rawValue >> AdjacencyGroup.shift)
    guard let row = try reading.get(key.bytes, near: &cursor) else { return 0 }
    let parts = try AdjacencyGroupRow(row, node)
    if parts.isHub { return try visitHub(node, way, type, &search, isFollowed, into: &found) }
    for index in 0..<parts.count {
      let entry = parts.entry(index, row)
      if entry.edge.rawValue >= edgeLimit { break }
      if parts.isEnded(index, row), try hasEnded(VersionKind.edgeEnd, entry.edge.rawValue) {
        continue
      }
      guard entry.neighbour.rawValue < nodeLimit else {
        throw StemmaError.damaged("adjacency", "an edge leads to a node that is not there")
      }
      if let isFollowed {
        let edge = AdjacentEdge(
          neighbour: entry.neighbour, edge: entry.edge, type: type,
          isOutgoing: way == AdjacencySegment.outgoing)
        guard try isFollowed(self, node, edge) else { continue }
      }
      if search.meets(entry.neighbour) { found.append(entry.neighbour) }
    }
    return parts.count
  }

  private func visitHub(
    _ node: NodeID, _ way: UInt8, _ type: Symbol, _ search: inout BreadthFirstSearch,
    _ isFollowed: EdgeTest?, into found: inout [NodeID]
  ) throws -> Int {
    var edges: [AdjacentEdge] = []
    swap(&edges, &search.edges)
    defer { swap(&edges, &search.edges) }
    edges.removeAll(keepingCapacity: true)
    try expandHub(node, type, way, false, into: &edges)
    for edge in edges {
      if let isFollowed, try !isFollowed(self, node, edge) { continue }
      if search.meets(edge.neighbour) { found.append(edge.neighbour) }
    }
    return edges.count
  }
}
