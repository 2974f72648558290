// Reading edges: by identity, by type, and from a node to its neighbours.

package import Base
import Store

extension GraphView {
  /// The row of an edge below the limit.
  @_lifetime(copy self)
  func row(of edge: EdgeID) throws -> RawSpan {
    let key = KeyBuffer.edge(edge)
    guard let row = try reading.get(.edges, key.bytes), row.byteCount > 0 else {
      throw StemmaError.damaged("edges", "edge \(edge.rawValue) has no row")
    }
    return row
  }

  /// Whether an edge with these flags had ended at the snapshot.
  @inline(__always)
  func isEnded(_ flags: UInt8, _ edge: EdgeID) throws -> Bool {
    if flags & RowFlags.ended == 0 { return false }
    return try hasEnded(VersionKind.edgeEnd, edge.rawValue)
  }

  /// The type and the ends of an edge; `nil` where it does not exist at the snapshot.
  package func edge(_ edge: EdgeID) throws -> EdgeEnds? {
    guard edge.rawValue < edgeLimit else { return nil }
    let start = try EdgeRow(try row(of: edge))
    if try isEnded(start.flags, edge) { return nil }
    guard start.from.rawValue < nodeLimit, start.to.rawValue < nodeLimit else {
      throw StemmaError.damaged("edges", "an edge leads to a node that is not there")
    }
    return EdgeEnds(edge: edge, type: start.type, from: start.from, to: start.to)
  }

  /// The transaction that created an edge; `nil` where it does not exist at the snapshot.
  package func creation(of edge: EdgeID) throws -> TransactionNumber? {
    guard edge.rawValue < edgeLimit else { return nil }
    let start = try EdgeRow(try row(of: edge))
    return try isEnded(start.flags, edge) ? nil : start.creation
  }

  /// Appends to `edges` up to `limit` edges of `type` (any edge where it is `nil`) in the order of
  /// their identities, and moves `position`.
  package func scanEdges(
    type: Symbol?, after position: inout ScanPosition, into edges: inout [EdgeEnds], limit: Int
  ) throws {
    if let type {
      return try scanMembers(
        MemberBitmap.edgeType, type, edgeLimit, after: &position, limit: limit
      ) { identity, _ in
        guard let ends = try edge(EdgeID(identity)) else { return false }
        edges.append(ends)
        return true
      }
    }
    var taken = 0
    while taken < limit, position.next < edgeLimit {
      if let ends = try edge(EdgeID(position.next)) {
        edges.append(ends)
        taken += 1
      }
      position.next += 1
    }
    if position.next >= edgeLimit { position.isExhausted = true }
  }

  // MARK: Neighbours

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
      let key = KeyBuffer.adjacency(way, type, node)
      guard let segment = try reading.get(.adjacency, key.bytes) else { continue }
      let parts = try AdjacencySegment(segment)
      let isWhole = try take(segment, parts, node, type, way, skipsLoops, into: &edges)
      if isWhole, parts.counts != nil {
        try expandRest(node, type, way, skipsLoops, into: &edges)
      }
    }
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
      guard entry.neighbour.rawValue < nodeLimit else {
        throw StemmaError.damaged("adjacency", "an edge leads to a node that is not there")
      }
      if skipsLoops, entry.neighbour == node { continue }
      edges.append(
        AdjacentEdge(
          neighbour: entry.neighbour, edge: entry.edge, type: type,
          isOutgoing: way == AdjacencySegment.outgoing))
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

  /// The degree as the first segments say; `nil` where an edge has ended.
  private func presentDegree(_ node: NodeID, _ way: UInt8, _ types: [Symbol]) throws -> Int? {
    var total = 0
    for type in types {
      let key = KeyBuffer.adjacency(way, type, node)
      guard let segment = try reading.get(.adjacency, key.bytes) else { continue }
      let parts = try AdjacencySegment(segment)
      if parts.endedOffset != nil { return nil }
      if let counts = parts.counts, counts.ended != 0 { return nil }
      total += parts.counts.map { Int($0.total) } ?? parts.count
    }
    return total
  }
}
