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
    try addNeighbour(AdjacencySegment.outgoing, ends.from, ends.to, ends, &store)
    try addNeighbour(AdjacencySegment.incoming, ends.to, ends.from, ends, &store)
    try mark(MemberBitmap.edgeType, ends.type, ends.edge.rawValue, store)
    count(.edgeType, ends.type.rawValue, 1)
    count(.edges, 0, 1)
  }

  private func addNeighbour(
    _ way: UInt8, _ node: NodeID, _ neighbour: NodeID, _ ends: EdgeEnds,
    _ store: inout WriteTransaction
  ) throws {
    let entry = AdjacencySegment.Entry(neighbour: neighbour, edge: ends.edge, isEnded: false)
    let key = KeyBuffer.adjacency(way, node, ends.type, segment: 0)
    guard var first = try copy(.adjacency, key, store) else {
      row.removeAll(keepingCapacity: true)
      row.appendLittle(1, bytes: 4)
      row.appendLittle(0, bytes: 4)
      AdjacencySegment.append(entry, to: &row)
      return try store.put(.adjacency, key, row)
    }
    guard first.count >= AdjacencySegment.headBytes else {
      throw StemmaError.damaged("adjacency", "a segment is too short")
    }
    let total = first.span.bytes.little32(0)
    if total < UInt32(AdjacencySegment.capacity) {
      AdjacencySegment.append(entry, to: &first)
    } else {
      let segment = total / UInt32(AdjacencySegment.capacity)
      let lastKey = KeyBuffer.adjacency(way, node, ends.type, segment: segment)
      var last = try copy(.adjacency, lastKey, store) ?? []
      AdjacencySegment.append(entry, to: &last)
      try store.put(.adjacency, lastKey, last)
    }
    write(total + 1, into: &first, at: 0)
    try store.put(.adjacency, key, first)
  }

  func copy(
    _ table: Table, _ key: KeyBuffer, _ store: borrowing WriteTransaction
  ) throws -> [UInt8]? {
    guard let row = try store.reading.get(table, key.bytes) else { return nil }
    return [UInt8](copying: row)
  }

  private func write(_ value: UInt32, into bytes: inout [UInt8], at offset: Int) {
    for index in 0..<4 {
      bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt32(index * 8))
    }
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
    let key = KeyBuffer.adjacency(way, node, ends.type, segment: 0)
    guard var first = try copy(.adjacency, key, store),
      first.count >= AdjacencySegment.headBytes
    else { throw StemmaError.damaged("adjacency", "an edge has no segment") }
    let total = first.span.bytes.little32(0)
    write(first.span.bytes.little32(4) + 1, into: &first, at: 4)
    let last = (max(1, total) - 1) / UInt32(AdjacencySegment.capacity)
    let number = try segment(with: ends.edge, way, node, ends.type, last: last, store)
    if number > 0 {
      try store.put(.adjacency, key, first)
      let segmentKey = KeyBuffer.adjacency(way, node, ends.type, segment: number)
      guard var bytes = try copy(.adjacency, segmentKey, store) else {
        throw StemmaError.damaged("adjacency", "a segment is missing")
      }
      try flag(ends.edge, in: &bytes, from: 0)
      try store.put(.adjacency, segmentKey, bytes)
    } else {
      try flag(ends.edge, in: &first, from: AdjacencySegment.headBytes)
      try store.put(.adjacency, key, first)
    }
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
      let key = KeyBuffer.adjacency(way, node, type, segment: middle)
      guard let bytes = try store.reading.get(.adjacency, key.bytes),
        bytes.byteCount >= AdjacencySegment.entryBytes
      else { throw StemmaError.damaged("adjacency", "a segment is missing") }
      let starts = AdjacencySegment.entry(bytes, at: 0).edge
      if starts <= edge { low = middle } else { high = middle - 1 }
    }
    return low
  }

  private func flag(_ edge: EdgeID, in bytes: inout [UInt8], from start: Int) throws {
    var offset = start
    while offset + AdjacencySegment.entryBytes <= bytes.count {
      if AdjacencySegment.entry(bytes.span.bytes, at: offset).edge == edge {
        bytes[offset + 5] = 1
        return
      }
      offset += AdjacencySegment.entryBytes
    }
    throw StemmaError.damaged("adjacency", "edge \(edge.rawValue) is in none of its segments")
  }
}
