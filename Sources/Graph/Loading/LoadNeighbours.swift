// The neighbours of a load's edges: per type and direction sorted by node, then written as the rows
// that appending edge by edge would have come to.

import Base
import Store

/// Edges of one type, in the order of their identities.
struct LoadedEdges: Sendable {
  var starts: [UInt64] = []
  var targets: [UInt64] = []
  var edges: [UInt64] = []

  mutating func append(_ from: NodeID, _ to: NodeID, _ edge: EdgeID) {
    starts.append(from.rawValue)
    targets.append(to.rawValue)
    edges.append(edge.rawValue)
  }

  mutating func append(_ more: LoadedEdges) {
    starts += more.starts
    targets += more.targets
    edges += more.edges
  }
}

/// The rows of one type and direction: those of groups, and the segments of hubs.
struct LoadNeighbours: Sendable {
  /// One group that got edges.
  struct Group: Sendable {
    var number: UInt64
    var row: Range<Int>
    /// Its entries among `nodes`, `neighbours` and `edges`.
    var entries: Range<Int>
  }

  /// One row of a hub.
  struct Segment: Sendable {
    var node: NodeID
    var number: UInt32
    var row: Range<Int>
  }

  private(set) var bytes: [UInt8] = []
  private(set) var groups: [Group] = []
  private(set) var segments: [Segment] = []
  /// The entries, in the order of nodes and then of edges.
  private(set) var nodes: [UInt64] = []
  private(set) var neighbours: [UInt64] = []
  private(set) var edges: [UInt64] = []

  /// Sorts edges by the node at which a direction keeps them.
  init(_ loaded: LoadedEdges, _ way: UInt8) {
    let isOutgoing = way == AdjacencySegment.outgoing
    sort(
      by: isOutgoing ? loaded.starts : loaded.targets,
      isOutgoing ? loaded.targets : loaded.starts, loaded.edges)
    write()
  }

  /// A counting sort: the nodes of a load are mostly dense.
  private mutating func sort(by keys: [UInt64], _ others: [UInt64], _ edges: [UInt64]) {
    guard let least = keys.min(), let greatest = keys.max() else { return }
    let zeros = [UInt64](repeating: 0, count: keys.count)
    (nodes, neighbours, self.edges) = (zeros, zeros, zeros)
    guard greatest - least < UInt64(keys.count) * 64 + 1024 else {
      // Few edges among very many nodes.
      let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
      for (place, index) in order.enumerated() {
        (nodes[place], neighbours[place]) = (keys[index], others[index])
        self.edges[place] = edges[index]
      }
      return
    }
    var next = [Int32](repeating: 0, count: Int(greatest - least) + 2)
    for key in keys { next[Int(key - least) + 1] += 1 }
    for index in 1..<next.count { next[index] += next[index - 1] }
    for index in keys.indices {
      let slot = Int(keys[index] - least)
      let place = Int(next[slot])
      next[slot] += 1
      (nodes[place], neighbours[place]) = (keys[index], others[index])
      self.edges[place] = edges[index]
    }
  }

  private mutating func write() {
    var row: [UInt8] = []
    var start = 0
    while start < nodes.count {
      let number = nodes[start] >> AdjacencyGroup.shift
      var end = start
      var group = AdjacencyGroup()
      while end < nodes.count, nodes[end] >> AdjacencyGroup.shift == number {
        var last = end + 1
        while last < nodes.count, nodes[last] == nodes[end] { last += 1 }
        if last - end > AdjacencyGroup.most {
          group.setHub(NodeID(nodes[end]))
          writeHub(end..<last, &row)
        } else {
          group.append(
            (end..<last).map { AdjacencyEntry(neighbour: neighbours[$0], edge: edges[$0]) },
            to: NodeID(nodes[end]))
        }
        end = last
      }
      group.write(into: &row)
      groups.append(Group(number: number, row: keep(row), entries: start..<end))
      start = end
    }
  }

  /// How many entries each node of a group has.
  func degrees(_ entries: Range<Int>) -> [Int] {
    var result: [Int] = []
    for index in entries {
      if index > entries.lowerBound, nodes[index] == nodes[index - 1] {
        result[result.count - 1] += 1
      } else {
        result.append(1)
      }
    }
    return result
  }

  private mutating func keep(_ row: [UInt8]) -> Range<Int> {
    let start = bytes.count
    bytes.append(contentsOf: row)
    return start..<bytes.count
  }

  /// Writes the segments of a node with many edges.
  private mutating func writeHub(_ entries: Range<Int>, _ row: inout [UInt8]) {
    let node = NodeID(nodes[entries.lowerBound])
    let capacity = AdjacencySegment.capacity
    for start in stride(from: entries.lowerBound, to: entries.upperBound, by: capacity) {
      var segment = EditableSegment()
      if start == entries.lowerBound, entries.count > capacity {
        segment.counts = (UInt32(entries.count), 0)
      }
      for index in start..<min(entries.upperBound, start + capacity) {
        AdjacencySegment.append(
          NodeID(neighbours[index]), EdgeID(edges[index]), to: &segment.entries)
      }
      segment.write(into: &row)
      let number = UInt32((start - entries.lowerBound) / capacity)
      segments.append(Segment(node: node, number: number, row: keep(row)))
    }
  }
}

extension Projector {
  /// Puts the neighbours of all edges of a load. Rows that are there already are added to edge by
  /// edge.
  func putNeighbours(
    _ loaded: [(type: Symbol, edges: LoadedEdges)], from first: NodeID, mayHaveRows: Bool,
    _ store: inout WriteTransaction
  ) throws {
    try flushGroups(&store)
    let types = loaded.sorted { $0.type < $1.type }
    let ways = [AdjacencySegment.outgoing, AdjacencySegment.incoming]
    let made = Parallel.map(types.count * ways.count) { index in
      LoadNeighbours(types[index % types.count].edges, ways[index / types.count])
    }
    let isEmpty = try store.reading.count(.adjacency) == 0
    var added: Set<AdjacencyGroupName> = []
    for (index, neighbours) in made.enumerated() {
      let (way, type) = (ways[index / types.count], types[index % types.count].type)
      for group in neighbours.groups {
        let key = KeyBuffer.adjacencyGroup(way, type, group.number)
        let isOld = mayHaveRows || group.number << AdjacencyGroup.shift < first.rawValue
        if isOld, try store.reading.get(.adjacency, key.bytes) != nil {
          try add(neighbours, group.entries, way, type, &store)
          let node = NodeID(neighbours.nodes[group.entries.lowerBound])
          added.insert(AdjacencyGroupName(way, type, node))
          continue
        }
        for degree in neighbours.degrees(group.entries) {
          countDegree(way, type, from: 0, to: degree)
        }
        let row = neighbours.bytes.span.bytes.extracting(group.row)
        if isEmpty {
          try store.append(.adjacency, key.bytes, row)
        } else {
          try store.put(.adjacency, key.bytes, row)
        }
      }
    }
    // Groups that were there first take their edges themselves, hubs included.
    for (index, neighbours) in made.enumerated() {
      let (way, type) = (ways[index / types.count], types[index % types.count].type)
      for segment in neighbours.segments
      where !added.contains(AdjacencyGroupName(way, type, segment.node)) {
        let key = KeyBuffer.adjacency(way, type, segment.node, segment: segment.number)
        let row = neighbours.bytes.span.bytes.extracting(segment.row)
        if isEmpty {
          try store.append(.adjacency, key.bytes, row)
        } else {
          try store.put(.adjacency, key.bytes, row)
        }
      }
    }
    try flushGroups(&store)
  }

  private func add(
    _ loaded: LoadNeighbours, _ entries: Range<Int>, _ way: UInt8, _ type: Symbol,
    _ store: inout WriteTransaction
  ) throws {
    for index in entries {
      let ends = EdgeEnds(
        edge: EdgeID(loaded.edges[index]), type: type, from: NodeID(0), to: NodeID(0))
      try addNeighbour(
        way, NodeID(loaded.nodes[index]), NodeID(loaded.neighbours[index]), ends, &store)
    }
  }
}
