// From a node to its neighbours. Most nodes share a row with sixty-three others, hubs have segments
// of their own.

package import Base
import Store

extension GraphView {
  /// Appends the edges of `node` in `direction` whose type is in `types` (all where it is empty).
  /// Per type and direction they come in the order of their identities. One look-up per type and
  /// direction, then sequential reads; a self-loop is met once with `.both`.
  package func expand(
    _ node: NodeID, _ direction: Direction, types: [Symbol], into edges: inout [AdjacentEdge]
  ) throws {
    guard node.rawValue < nodeLimit else { return }
    let types = types.isEmpty ? catalogue.edgeTypes : types
    if direction != .incoming {
      try expand(node, AdjacencySegment.outgoing, types, skipsLoops: false, into: &edges)
    }
    if direction != .outgoing {
      try expand(
        node, AdjacencySegment.incoming, types, skipsLoops: direction == .both, into: &edges)
    }
  }

  private func expand(
    _ node: NodeID, _ way: UInt8, _ types: [Symbol], skipsLoops: Bool,
    into edges: inout [AdjacentEdge]
  ) throws {
    for type in types {
      let key = KeyBuffer.adjacencyGroup(way, type, node.rawValue >> AdjacencyGroup.shift)
      guard let row = try reading.get(.adjacency, key.bytes) else { continue }
      let parts = try AdjacencyGroupRow(row, node)
      if parts.isHub {
        try expandHub(node, type, way, skipsLoops, into: &edges)
        continue
      }
      for index in 0..<parts.count {
        let entry = parts.entry(index, row)
        if entry.edge.rawValue >= edgeLimit { break }
        if parts.isEnded(index, row), try hasEnded(VersionKind.edgeEnd, entry.edge.rawValue) {
          continue
        }
        try append(entry, node, type, way, skipsLoops, to: &edges)
      }
    }
  }

  @inline(__always)
  private func append(
    _ entry: (neighbour: NodeID, edge: EdgeID), _ node: NodeID, _ type: Symbol, _ way: UInt8,
    _ skipsLoops: Bool, to edges: inout [AdjacentEdge]
  ) throws {
    guard entry.neighbour.rawValue < nodeLimit else {
      throw StemmaError.damaged("adjacency", "an edge leads to a node that is not there")
    }
    if skipsLoops, entry.neighbour == node { return }
    edges.append(
      AdjacentEdge(
        neighbour: entry.neighbour, edge: entry.edge, type: type,
        isOutgoing: way == AdjacencySegment.outgoing))
  }

  /// Reads the segments of a hub.
  func expandHub(
    _ node: NodeID, _ type: Symbol, _ way: UInt8, _ skipsLoops: Bool,
    into edges: inout [AdjacentEdge]
  ) throws {
    let segment = try hub(way, type, node)
    let parts = try AdjacencySegment(segment)
    let isWhole = try take(segment, parts, node, type, way, skipsLoops, into: &edges)
    if isWhole, parts.counts != nil {
      try expandRest(node, type, way, skipsLoops, into: &edges)
    }
  }

  /// The first segment of a hub.
  @_lifetime(copy self)
  private func hub(_ way: UInt8, _ type: Symbol, _ node: NodeID) throws -> RawSpan {
    let key = KeyBuffer.adjacency(way, type, node)
    guard let segment = try reading.get(.adjacency, key.bytes) else {
      throw StemmaError.damaged("adjacency", "a hub has no segment")
    }
    return segment
  }

  /// Reads the segments after the first, in sequence.
  private func expandRest(
    _ node: NodeID, _ type: Symbol, _ way: UInt8, _ skipsLoops: Bool,
    into edges: inout [AdjacentEdge]
  ) throws {
    let prefix = KeyBuffer.adjacency(way, type, node)
    let key = KeyBuffer.adjacency(way, type, node, segment: 1)
    var cursor = try reading.cursor(.adjacency)
    var isThere = try cursor.seek(key.bytes)
    while isThere, cursor.keyStarts(with: prefix.bytes) {
      let segment = cursor.value
      let parts = try AdjacencySegment(segment)
      guard try take(segment, parts, node, type, way, skipsLoops, into: &edges) else { return }
      isThere = try cursor.next()
    }
  }

  /// Appends the entries of one segment; false once an edge is met that is newer than the snapshot.
  @inline(__always)
  private func take(
    _ segment: RawSpan, _ parts: AdjacencySegment, _ node: NodeID, _ type: Symbol, _ way: UInt8,
    _ skipsLoops: Bool, into edges: inout [AdjacentEdge]
  ) throws -> Bool {
    for index in 0..<parts.count {
      let entry = parts.entry(index, segment)
      if entry.edge.rawValue >= edgeLimit { return false }
      if parts.isEnded(index, segment),
        try hasEnded(VersionKind.edgeEnd, entry.edge.rawValue)
      {
        continue
      }
      try append(entry, node, type, way, skipsLoops, to: &edges)
    }
    return true
  }

  /// How many edges `expand` would append. One look-up per type at the present, where none of the
  /// edges has ended.
  package func degree(_ node: NodeID, _ direction: Direction, types: [Symbol]) throws -> Int {
    guard node.rawValue < nodeLimit else { return 0 }
    if direction != .both, snapshot == head.transaction {
      let way = direction == .outgoing ? AdjacencySegment.outgoing : AdjacencySegment.incoming
      if let degree = try presentDegree(node, way, types.isEmpty ? catalogue.edgeTypes : types) {
        return degree
      }
    }
    var edges: [AdjacentEdge] = []
    try expand(node, direction, types: types, into: &edges)
    return edges.count
  }

  /// The degree as groups and first segments say; `nil` where an edge has ended.
  private func presentDegree(_ node: NodeID, _ way: UInt8, _ types: [Symbol]) throws -> Int? {
    var total = 0
    for type in types {
      let key = KeyBuffer.adjacencyGroup(way, type, node.rawValue >> AdjacencyGroup.shift)
      guard let row = try reading.get(.adjacency, key.bytes) else { continue }
      let group = try AdjacencyGroupRow(row, node)
      if !group.isHub {
        if group.hasEnded(row) { return nil }
        total += group.count
        continue
      }
      let parts = try AdjacencySegment(try hub(way, type, node))
      if parts.endedOffset != nil { return nil }
      if let counts = parts.counts, counts.ended != 0 { return nil }
      total += parts.counts.map { Int($0.total) } ?? parts.count
    }
    return total
  }
}
