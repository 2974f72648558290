// Projecting edges: rows, and the segments of both ends. Appending to a hub touches the first and
// the last of its segments, whatever lies between.

import Base
import Store

extension Projector {
  func createEdge(
    _ ends: EdgeEnds, _ properties: [Property], _ store: inout WriteTransaction
  ) throws {
    var resolved = try resolve(properties, &store)
    resolved.sort { $0.name < $1.name }
    row.removeAll(keepingCapacity: true)
    EdgeRow.encode(creation: head.transaction, ends, properties: resolved, into: &row)
    try store.append(.edges, KeyBuffer.edge(ends.edge), row)
    head.edgeLimit = ends.edge.rawValue + 1
    try noteType(ends.type, store)
    try addNeighbour(AdjacencySegment.outgoing, ends.from, ends.to, ends, &store)
    try addNeighbour(AdjacencySegment.incoming, ends.to, ends.from, ends, &store)
    try mark(MemberBitmap.edgeType, ends.type, ends.edge.rawValue, store)
    count(.edgeType, ends.type.rawValue, 1)
    count(.edges, 0, 1)
  }

  /// Remembers a type that no edge had before.
  private func noteType(_ type: Symbol, _ store: borrowing WriteTransaction) throws {
    if edgeTypes.contains(type) { return }
    edgeTypes.append(type)
    edgeTypes.sort()
    head.edgeTypeCount += 1
    forgetCatalogue()
  }

  private func addNeighbour(
    _ way: UInt8, _ node: NodeID, _ neighbour: NodeID, _ ends: EdgeEnds,
    _ store: inout WriteTransaction
  ) throws {
    let key = KeyBuffer.adjacency(way, ends.type, node)
    guard var first = try copy(.adjacency, key, store) else {
      row.removeAll(keepingCapacity: true)
      row.append(0)
      AdjacencySegment.append(neighbour, ends.edge, to: &row)
      return try store.put(.adjacency, key, row)
    }
    let parts = try AdjacencySegment(first.span.bytes)
    if parts.count < AdjacencySegment.capacity {
      AdjacencySegment.append(neighbour, ends.edge, to: &first)
      return try store.put(.adjacency, key, first)
    }
    var head = try EditableSegment(first.span.bytes)
    let before = head.counts ?? (UInt32(parts.count), endedCount(parts, first.span.bytes))
    head.counts = (before.0 + 1, before.1)
    head.write(into: &row)
    try store.put(.adjacency, key, row)
    let number = before.0 / UInt32(AdjacencySegment.capacity)
    let lastKey = KeyBuffer.adjacency(way, ends.type, node, segment: number)
    var last = try copy(.adjacency, lastKey, store) ?? [0]
    AdjacencySegment.append(neighbour, ends.edge, to: &last)
    try store.put(.adjacency, lastKey, last)
  }

  /// How many entries of one segment have ended.
  private func endedCount(_ parts: AdjacencySegment, _ segment: RawSpan) -> UInt32 {
    var count: UInt32 = 0
    for index in 0..<parts.count where parts.isEnded(index, segment) { count += 1 }
    return count
  }

  func copy(
    _ table: Table, _ key: KeyBuffer, _ store: borrowing WriteTransaction
  ) throws -> [UInt8]? {
    guard let row = try store.reading.get(table, key.bytes) else { return nil }
    return [UInt8](copying: row)
  }

  func setProperty(
    _ property: Property, of edge: EdgeID, _ store: inout WriteTransaction
  ) throws {
    let name = try symbol(property.name, &store)
    try putVersion(VersionKind.edgeProperty, edge.rawValue, name, property.value, &store)
    try setFlag(RowFlags.properties, .edges, KeyBuffer.edge(edge), &store)
  }

  func endEdge(_ edge: EdgeID, _ store: inout WriteTransaction) throws {
    guard let ends = try read(store, { view in try view.edge(edge) }) else {
      throw StemmaError.damaged("edges", "edge \(edge.rawValue) ends twice")
    }
    try markEnded(AdjacencySegment.outgoing, ends.from, ends, &store)
    try markEnded(AdjacencySegment.incoming, ends.to, ends, &store)
    try putEnd(VersionKind.edgeEnd, edge.rawValue, &store)
    try setFlag(RowFlags.ended, .edges, KeyBuffer.edge(edge), &store)
    count(.edgeType, ends.type.rawValue, -1)
    count(.edges, 0, -1)
    head.endedEdges += 1
  }

  /// Marks an edge in one of its segments, which are in the order of edges: a binary search.
  private func markEnded(
    _ way: UInt8, _ node: NodeID, _ ends: EdgeEnds, _ store: inout WriteTransaction
  ) throws {
    let key = KeyBuffer.adjacency(way, ends.type, node)
    var first = try editable(key, store)
    var number: UInt32 = 0
    if let counts = first.counts {
      first.counts = (counts.total, counts.ended + 1)
      let last = (counts.total - 1) / UInt32(AdjacencySegment.capacity)
      number = try segment(with: ends.edge, way, node, ends.type, last: last, store)
    }
    if number == 0 { try end(ends.edge, in: &first) }
    first.write(into: &row)
    try store.put(.adjacency, key, row)
    if number > 0 {
      let laterKey = KeyBuffer.adjacency(way, ends.type, node, segment: number)
      var later = try editable(laterKey, store)
      try end(ends.edge, in: &later)
      later.write(into: &row)
      try store.put(.adjacency, laterKey, row)
    }
  }

  private func editable(
    _ key: KeyBuffer, _ store: borrowing WriteTransaction
  ) throws -> EditableSegment {
    guard let bytes = try store.reading.get(.adjacency, key.bytes) else {
      throw StemmaError.damaged("adjacency", "an edge has no segment")
    }
    return try EditableSegment(bytes)
  }

  /// The last segment whose first edge is not above `edge`.
  private func segment(
    with edge: EdgeID, _ way: UInt8, _ node: NodeID, _ type: Symbol, last: UInt32,
    _ store: borrowing WriteTransaction
  ) throws -> UInt32 {
    var low: UInt32 = 0
    var high = last
    while low < high {
      let middle = (low + high + 1) / 2
      let key = KeyBuffer.adjacency(way, type, node, segment: middle)
      guard let bytes = try store.reading.get(.adjacency, key.bytes) else {
        throw StemmaError.damaged("adjacency", "a segment is missing")
      }
      let parts = try AdjacencySegment(bytes)
      guard parts.count > 0 else { throw StemmaError.damaged("adjacency", "a segment is empty") }
      if parts.entry(0, bytes).edge <= edge { low = middle } else { high = middle - 1 }
    }
    return low
  }

  private func end(_ edge: EdgeID, in segment: inout EditableSegment) throws {
    var bytes: [UInt8] = []
    segment.write(into: &bytes)
    let parts = try AdjacencySegment(bytes.span.bytes)
    for index in 0..<parts.count where parts.entry(index, bytes.span.bytes).edge == edge {
      segment.setEnded(index)
      return
    }
    throw StemmaError.damaged("adjacency", "edge \(edge.rawValue) is in none of its segments")
  }
}
