// From many nodes to their neighbours at once: nodes that follow each other share rows.

package import Base
import Store

/// What expanding many nodes found, row by row. It keeps its memory.
package struct Expansions: Sendable {
  /// For each edge the index of the node that it was met from.
  package fileprivate(set) var rows: [Int32] = []
  package var neighbours: [NodeID] = []
  package var edges: [EdgeID] = []

  package init() {}

  package mutating func clear() {
    rows.empty()
    neighbours.empty()
    edges.empty()
  }

  /// Replaces the indexes of nodes by the rows that they stand for.
  package mutating func moveRows(_ row: (Int) -> Int32) {
    for index in rows.indices { rows[index] = row(Int(rows[index])) }
  }

  /// Keeps the edges that pass a test, which is given the index of the node that each was met from.
  /// Their identities must have been asked for.
  package mutating func keep(where passes: (_ row: Int, _ edge: EdgeID) -> Bool) {
    var kept = 0
    for index in rows.indices where passes(Int(rows[index]), edges[index]) {
      rows[kept] = rows[index]
      neighbours[kept] = neighbours[index]
      edges[kept] = edges[index]
      kept += 1
    }
    cut(to: kept)
  }

  /// Makes places for more edges, to be written one by one.
  fileprivate mutating func makeRoom(_ count: Int, wantsEdges: Bool) {
    rows.append(contentsOf: repeatElement(0, count: count))
    neighbours.append(contentsOf: repeatElement(NodeID(0), count: count))
    if wantsEdges { edges.append(contentsOf: repeatElement(EdgeID(0), count: count)) }
  }

  /// Gives up the places that were not written.
  fileprivate mutating func cut(to count: Int) {
    rows.removeLast(rows.count - count)
    neighbours.removeLast(neighbours.count - count)
    edges.removeLast(max(0, edges.count - count))
  }
}

extension GraphView {
  /// Appends the edges of `nodes` from `start` on by one type in one direction, as many nodes as
  /// fit into `limit` edges in all. Returns the first node that was not expanded: one past the
  /// last, or one whose edges do not fit or that is a hub, which `expand` has to be asked for.
  package func expand(
    _ nodes: Span<NodeID>, from start: Int, _ isOutgoing: Bool, type: Symbol, limit: Int,
    wantsEdges: Bool, into found: inout Expansions
  ) throws -> Int {
    let way = isOutgoing ? AdjacencySegment.outgoing : AdjacencySegment.incoming
    let before = found.rows.count
    let room = max(0, min(limit - before, (nodes.count - start) * AdjacencyGroup.most))
    found.makeRoom(room, wantsEdges: wantsEdges)
    var index = start
    var count = before
    var fetched = isLarge ? start : nodes.count
    while index < nodes.count {
      if index >= fetched { fetched = fetchRows(of: nodes, from: index, way, type) }
      let group = nodes[index].rawValue >> AdjacencyGroup.shift
      var end = index + 1
      while end < nodes.count, nodes[end].rawValue >> AdjacencyGroup.shift == group { end += 1 }
      let key = KeyBuffer.adjacencyGroup(way, type, group)
      if let row = try reading.get(.adjacency, key.bytes) {
        try take(
          row, nodes, &index, end, limit, before + room, wantsEdges, &found.rows,
          &found.neighbours, &found.edges, &count)
        if index < end { break }
      }
      index = end
    }
    found.cut(to: count)
    return index
  }

  /// Has the rows of the next nodes found and fetched together; returns the first node whose row is
  /// not among them. Nodes that follow each other share a row.
  private func fetchRows(
    of nodes: Span<NodeID>, from start: Int, _ way: UInt8, _ type: Symbol
  ) -> Int {
    // Where one was met lately, so were others.
    let first = KeyBuffer.adjacencyGroup(way, type, nodes[start].rawValue >> AdjacencyGroup.shift)
    guard start + 1 < nodes.count, !reading.isKnown(.adjacency, first.bytes) else {
      return min(start + Reading.rowsSideBySide, nodes.count)
    }
    var (end, rows, last) = (start, 0, UInt64.max)
    while end < nodes.count {
      let group = nodes[end].rawValue >> AdjacencyGroup.shift
      if group != last {
        if rows == Reading.rowsSideBySide { break }
        fetch(nodes[end], way, type)
        (rows, last) = (rows + 1, group)
      }
      end += 1
    }
    finishFetching()
    return end
  }

  /// Writes the edges of nodes of one group; ends before a hub, and before a node whose edges do
  /// not fit.
  @inline(__always)
  private func take(
    _ row: RawSpan, _ nodes: Span<NodeID>, _ index: inout Int, _ end: Int, _ limit: Int,
    _ room: Int, _ wantsEdges: Bool, _ foundRows: inout [Int32], _ foundNodes: inout [NodeID],
    _ foundEdges: inout [EdgeID], _ count: inout Int
  ) throws {
    let header = try AdjacencyGroupHeader(row)
    var rows = foundRows.mutableSpan
    var neighbours = foundNodes.mutableSpan
    var edges = foundEdges.mutableSpan
    while index < end {
      let node = nodes[index]
      let entries = header.entries(of: node, row)
      if header.isHub(node) || count + entries.count > limit { return }
      guard node.rawValue < nodeLimit else {
        index += 1
        continue
      }
      guard count + entries.count <= room else {
        throw StemmaError.damaged("adjacency", "a node has more edges than a group holds")
      }
      for number in entries {
        let entry = header.entry(number, row)
        if entry.edge.rawValue >= edgeLimit { break }
        if header.isEnded(number, row), try hasEnded(VersionKind.edgeEnd, entry.edge.rawValue) {
          continue
        }
        guard entry.neighbour.rawValue < nodeLimit else {
          throw StemmaError.damaged("adjacency", "an edge leads to a node that is not there")
        }
        rows[count] = Int32(truncatingIfNeeded: index)
        neighbours[count] = entry.neighbour
        if wantsEdges { edges[count] = entry.edge }
        count += 1
      }
      index += 1
    }
  }
}
