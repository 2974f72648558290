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
    rows.removeAll(keepingCapacity: true)
    neighbours.removeAll(keepingCapacity: true)
    edges.removeAll(keepingCapacity: true)
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
    var group: UInt64?
    var row: RawSpan?
    var header: AdjacencyGroupHeader?
    var index = start
    while index < nodes.count {
      let node = nodes[index]
      guard node.rawValue < nodeLimit else {
        index += 1
        continue
      }
      if group != node.rawValue >> AdjacencyGroup.shift {
        group = node.rawValue >> AdjacencyGroup.shift
        let key = KeyBuffer.adjacencyGroup(way, type, node.rawValue >> AdjacencyGroup.shift)
        row = try reading.get(.adjacency, key.bytes)
        if let row { header = try AdjacencyGroupHeader(row) }
      }
      if let row, let header {
        let parts = AdjacencyGroupRow(row, header, node)
        if parts.isHub || found.rows.count + parts.count > limit { return index }
        try take(parts, row, Int32(truncatingIfNeeded: index), wantsEdges, into: &found)
      }
      index += 1
    }
    return index
  }

  @inline(__always)
  private func take(
    _ parts: AdjacencyGroupRow, _ row: RawSpan, _ number: Int32, _ wantsEdges: Bool,
    into found: inout Expansions
  ) throws {
    for index in 0..<parts.count {
      let entry = parts.entry(index, row)
      if entry.edge.rawValue >= edgeLimit { break }
      if parts.isEnded(index, row), try hasEnded(VersionKind.edgeEnd, entry.edge.rawValue) {
        continue
      }
      guard entry.neighbour.rawValue < nodeLimit else {
        throw StemmaError.damaged("adjacency", "an edge leads to a node that is not there")
      }
      found.rows.append(number)
      found.neighbours.append(entry.neighbour)
      if wantsEdges { found.edges.append(entry.edge) }
    }
  }
}
