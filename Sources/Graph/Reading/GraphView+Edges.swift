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
  /// Per type and direction they come in the order of their identities. One seek, then sequential
  /// reads; a self-loop is met once with `.both`.
  package func expand(
    _ node: NodeID, _ direction: Direction, types: [Symbol], into edges: inout [AdjacentEdge]
  ) throws {
    guard node.rawValue < nodeLimit else { return }
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
    if types.isEmpty { return try expandAll(node, way, skipsLoops, into: &edges) }
    for type in types {
      let key = KeyBuffer.adjacency(way, node, type, segment: 0)
      guard let segment = try reading.get(.adjacency, key.bytes) else { continue }
      try AdjacencySegment.check(segment, start: AdjacencySegment.headBytes)
      let isWhole = try take(
        segment, AdjacencySegment.headBytes, node, type, way, skipsLoops, into: &edges)
      if isWhole, segment.little32(0) > UInt32(AdjacencySegment.capacity) {
        try expandRest(node, type, way, skipsLoops, into: &edges)
      }
    }
  }

  /// Reads the segments after the first, in sequence.
  private func expandRest(
    _ node: NodeID, _ type: Symbol, _ way: UInt8, _ skipsLoops: Bool,
    into edges: inout [AdjacentEdge]
  ) throws {
    let key = KeyBuffer.adjacency(way, node, type, segment: 1)
    var cursor = try reading.cursor(.adjacency)
    var isThere = try cursor.seek(key.bytes)
    while isThere, cursor.keyStarts(with: key.prefix(10)) {
      let segment = cursor.value
      try AdjacencySegment.check(segment, start: 0)
      guard try take(segment, 0, node, type, way, skipsLoops, into: &edges) else { return }
      isThere = try cursor.next()
    }
  }

  /// Reads all types of a node in one direction, in sequence.
  private func expandAll(
    _ node: NodeID, _ way: UInt8, _ skipsLoops: Bool, into edges: inout [AdjacentEdge]
  ) throws {
    let key = KeyBuffer.adjacency(way, node, Symbol(0), segment: 0)
    var cursor = try reading.cursor(.adjacency)
    var isThere = try cursor.seek(key.bytes)
    while isThere, cursor.keyStarts(with: key.prefix(6)) {
      guard cursor.key.byteCount == 14 else {
        throw StemmaError.damaged("adjacency", "a key has the wrong length")
      }
      let start = AdjacencySegment.start(ofSegment: cursor.key.big32(10))
      let segment = cursor.value
      try AdjacencySegment.check(segment, start: start)
      _ = try take(
        segment, start, node, Symbol(cursor.key.big32(6)), way, skipsLoops, into: &edges)
      isThere = try cursor.next()
    }
  }

  /// Appends the entries of one segment; false once an edge is met that is newer than the snapshot.
  @inline(__always)
  private func take(
    _ segment: RawSpan, _ start: Int, _ node: NodeID, _ type: Symbol, _ way: UInt8,
    _ skipsLoops: Bool, into edges: inout [AdjacentEdge]
  ) throws -> Bool {
    var offset = start
    while offset < segment.byteCount {
      let entry = AdjacencySegment.entry(segment, at: offset)
      offset += AdjacencySegment.entryBytes
      if entry.edge.rawValue >= edgeLimit { return false }
      if entry.isEnded, try hasEnded(VersionKind.edgeEnd, entry.edge.rawValue) { continue }
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
    if direction != .both, snapshot == head.transaction, !types.isEmpty {
      let way = direction == .outgoing ? AdjacencySegment.outgoing : AdjacencySegment.incoming
      var total = 0
      var isExact = true
      for type in types {
        let key = KeyBuffer.adjacency(way, node, type, segment: 0)
        guard let segment = try reading.get(.adjacency, key.bytes) else { continue }
        try AdjacencySegment.check(segment, start: AdjacencySegment.headBytes)
        total += Int(segment.little32(0))
        if segment.little32(4) != 0 { isExact = false }
      }
      if isExact { return total }
    }
    var edges: [AdjacentEdge] = []
    try expand(node, direction, types: types, into: &edges)
    return edges.count
  }
}
