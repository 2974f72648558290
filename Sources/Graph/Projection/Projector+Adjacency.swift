// Projecting neighbours: the groups that most nodes share, and the segments of hubs. Groups are
// gathered over a group commit and written once, since many edges meet in few of them. Appending to
// a hub touches the first and the last of its segments, whatever lies between.

import Base
import Store

/// One row of neighbours that nodes share.
struct AdjacencyGroupName: Hashable, Comparable {
  var way: UInt8
  var type: UInt32
  var group: UInt64

  init(_ way: UInt8, _ type: Symbol, _ node: NodeID) {
    self.way = way
    self.type = type.rawValue
    group = node.rawValue >> AdjacencyGroup.shift
  }

  static func < (left: AdjacencyGroupName, right: AdjacencyGroupName) -> Bool {
    (left.way, left.type, left.group) < (right.way, right.type, right.group)
  }

  var key: KeyBuffer { .adjacencyGroup(way, Symbol(type), group) }
}

extension Projector {
  func addNeighbour(
    _ way: UInt8, _ node: NodeID, _ neighbour: NodeID, _ ends: EdgeEnds,
    _ store: inout WriteTransaction
  ) throws {
    let name = AdjacencyGroupName(way, ends.type, node)
    let place = try loadGroup(name, store)
    if groups.values[place].isHub(node) {
      return try addToHub(way, node, neighbour, ends.edge, ends.type, &store)
    }
    let degree = groups.values[place].degree(of: node)
    countDegree(way, ends.type, from: degree, to: degree + 1)
    let entry = AdjacencyEntry(neighbour: neighbour.rawValue, edge: ends.edge.rawValue)
    if let all = groups.values[place].add(entry, to: node) {
      try makeHub(way, node, ends.type, all, &store)
    }
    if groups.count > Self.groupsAtMost { try flushGroups(&store) }
  }

  /// Groups that are held back at most.
  private static let groupsAtMost = 50_000

  /// Makes the group one of those that are held back.
  @discardableResult
  func loadGroup(
    _ name: AdjacencyGroupName, _ store: borrowing WriteTransaction
  ) throws -> Groups.Index {
    if let place = groups.index(forKey: name) { return place }
    let reading = store.reading
    let key = name.key
    if let row = try reading.get(.adjacency, key.bytes) {
      groups[name] = try AdjacencyGroup(row)
    } else {
      groups[name] = AdjacencyGroup()
    }
    return groups.index(forKey: name)!
  }

  /// Writes the groups that changed since the last flush, and forgets all where they are many.
  func flushGroups(_ store: inout WriteTransaction) throws {
    let changed = groups.indices.filter { groups.values[$0].isChanged }
    for place in changed.sorted(by: { groups.keys[$0] < groups.keys[$1] }) {
      groups.values[place].write(into: &row)
      groups.values[place].isChanged = false
      try store.put(.adjacency, groups.keys[place].key, row)
    }
    if groups.count > KeptProjection.rowsAtMost { groups.removeAll(keepingCapacity: true) }
  }

  /// Gives a node with many edges segments of its own.
  private func makeHub(
    _ way: UInt8, _ node: NodeID, _ type: Symbol, _ entries: [AdjacencyEntry],
    _ store: inout WriteTransaction
  ) throws {
    var segment = EditableSegment()
    for (index, entry) in entries.enumerated() {
      AdjacencySegment.append(
        NodeID(entry.neighbour), EdgeID(entry.edge), to: &segment.entries)
      if entry.isEnded { segment.setEnded(index) }
    }
    segment.write(into: &row)
    try store.put(.adjacency, KeyBuffer.adjacency(way, type, node), row)
  }

  private func addToHub(
    _ way: UInt8, _ node: NodeID, _ neighbour: NodeID, _ edge: EdgeID, _ type: Symbol,
    _ store: inout WriteTransaction
  ) throws {
    let key = KeyBuffer.adjacency(way, type, node)
    guard var first = try copy(.adjacency, key, store) else {
      throw StemmaError.damaged("adjacency", "a hub has no segment")
    }
    let parts = try AdjacencySegment(first.span.bytes)
    if parts.counts == nil {
      let degree = parts.count - Int(endedCount(parts, first.span.bytes))
      countDegree(way, type, from: degree, to: degree + 1)
    }
    if parts.count < AdjacencySegment.capacity {
      AdjacencySegment.append(neighbour, edge, to: &first)
      return try store.put(.adjacency, key, first)
    }
    var head = try EditableSegment(first.span.bytes)
    let before = head.counts ?? (UInt32(parts.count), endedCount(parts, first.span.bytes))
    head.counts = (before.0 + 1, before.1)
    if parts.counts != nil {
      let degree = Int(before.0) - Int(before.1)
      countDegree(way, type, from: degree, to: degree + 1)
    }
    head.write(into: &row)
    try store.put(.adjacency, key, row)
    let number = before.0 / UInt32(AdjacencySegment.capacity)
    let lastKey = KeyBuffer.adjacency(way, type, node, segment: number)
    var last = try copy(.adjacency, lastKey, store) ?? [0]
    AdjacencySegment.append(neighbour, edge, to: &last)
    try store.put(.adjacency, lastKey, last)
  }

  /// How many entries of one segment have ended.
  private func endedCount(_ parts: AdjacencySegment, _ segment: RawSpan) -> UInt32 {
    var count: UInt32 = 0
    for index in 0..<parts.count where parts.isEnded(index, segment) { count += 1 }
    return count
  }

  /// Marks an edge where one of its ends keeps it.
  func markEnded(
    _ way: UInt8, _ node: NodeID, _ ends: EdgeEnds, _ store: inout WriteTransaction
  ) throws {
    let name = AdjacencyGroupName(way, ends.type, node)
    try loadGroup(name, store)
    if groups[name]!.isHub(node) { return try markEndedInHub(way, node, ends, &store) }
    let degree = groups[name]!.degree(of: node)
    countDegree(way, ends.type, from: degree, to: degree - 1)
    guard groups[name]!.end(ends.edge, of: node) else {
      throw StemmaError.damaged("adjacency", "edge \(ends.edge.rawValue) is not in its group")
    }
  }

  /// Marks an edge in one of its segments, which are in the order of edges: a binary search.
  private func markEndedInHub(
    _ way: UInt8, _ node: NodeID, _ ends: EdgeEnds, _ store: inout WriteTransaction
  ) throws {
    let key = KeyBuffer.adjacency(way, ends.type, node)
    var first = try editable(key, store)
    var number: UInt32 = 0
    if let counts = first.counts {
      let degree = Int(counts.total) - Int(counts.ended)
      countDegree(way, ends.type, from: degree, to: degree - 1)
      first.counts = (counts.total, counts.ended + 1)
      let last = (counts.total - 1) / UInt32(AdjacencySegment.capacity)
      number = try segment(with: ends.edge, way, node, ends.type, last: last, store)
    }
    if first.counts == nil {
      let degree = first.liveCount
      countDegree(way, ends.type, from: degree, to: degree - 1)
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
