// Reading one property of many nodes. Nodes that follow each other in a sealed range share the
// look-up of their column; rows that lie together are read without going down the tree again.

package import Base
import Store

extension GraphView {
  /// Appends one value for each node, `.null` where it has none.
  package func gather(
    _ name: Symbol, of nodes: Span<NodeID>, into values: inout [Value]
  ) throws {
    values.reserveCapacity(values.count + nodes.count)
    var index = 0
    while index < nodes.count {
      let end = endOfRun(nodes, from: index)
      if nodes[index].rawValue < head.sealedNodes {
        try gatherSealed(name, nodes, index..<end, into: &values)
      } else {
        try gatherRows(name, nodes, index..<end, into: &values)
      }
      index = end
    }
  }

  /// `gather` for an array of nodes.
  package func gather(
    _ name: Symbol, of nodes: [NodeID], into values: inout [Value]
  ) throws { try gather(name, of: nodes.span, into: &values) }

  /// Appends to `columns[i]` one value of `names[i]` for each node.
  package func gather(
    _ names: [Symbol], of nodes: Span<NodeID>, into columns: inout [[Value]]
  ) throws {
    precondition(columns.count == names.count, "there is one column per property")
    for column in columns.indices {
      try gather(names[column], of: nodes, into: &columns[column])
    }
  }

  /// The end of the nodes from `start` on that are in the same sealed range, or that all have rows.
  @inline(__always)
  func endOfRun(_ nodes: Span<NodeID>, from start: Int) -> Int {
    var end = start + 1
    if nodes[start].rawValue < head.sealedNodes {
      let range = nodes[start].rawValue >> head.layout.rangeShift
      while end < nodes.count, nodes[end].rawValue >> head.layout.rangeShift == range { end += 1 }
    } else {
      while end < nodes.count, nodes[end].rawValue >= head.sealedNodes { end += 1 }
    }
    return end
  }

  private func gatherSealed(
    _ name: Symbol, _ nodes: Span<NodeID>, _ run: Range<Int>, into values: inout [Value]
  ) throws {
    let range = head.layout.range(of: nodes[run.lowerBound].rawValue)
    let changesKey = ChunkKey.key(ChunkKey.nodeChanges, range)
    if head.changedNodeRanges > 0, try reading.contains(.chunks, changesKey.bytes) {
      for index in run { values.append(try property(name, of: nodes[index])) }
      return
    }
    let key = ChunkKey.key(ChunkKey.nodeColumn, range, name)
    guard let chunk = try reading.get(.chunks, key.bytes) else {
      for _ in run { values.append(.null) }
      return
    }
    let column = try ColumnChunk(chunk, head.layout)
    for index in run {
      let node = nodes[index].rawValue
      values.append(
        node < nodeLimit ? try value(column, head.layout.place(of: node), chunk) : .null)
    }
  }

  /// Below this a cursor costs more than it saves.
  private static let fewRows = 4

  private func gatherRows(
    _ name: Symbol, _ nodes: Span<NodeID>, _ run: Range<Int>, into values: inout [Value]
  ) throws {
    if run.count < Self.fewRows {
      for index in run { values.append(try property(name, of: nodes[index])) }
      return
    }
    var cursor = try reading.cursor(.nodes)
    for index in run {
      let node = nodes[index]
      guard node.rawValue < nodeLimit else {
        values.append(.null)
        continue
      }
      let row = try row(of: node, &cursor)
      let start = try NodeRow(row)
      if try isEnded(start.flags, node) {
        values.append(.null)
        continue
      }
      values.append(
        try property(
          name, VersionKind.nodeProperty, node.rawValue, start.flags, row, start.propertiesOffset))
    }
  }

  /// The row of a node below the limit, sought from where the cursor stands.
  @_lifetime(copy cursor)
  private func row(of node: NodeID, _ cursor: inout Cursor) throws -> RawSpan {
    let key = KeyBuffer.node(node)
    guard try cursor.seek(key.bytes), cursor.key.byteCount == 5,
      cursor.key.identity(0) == node.rawValue, cursor.value.byteCount > 0
    else { throw StemmaError.damaged("nodes", "node \(node.rawValue) has no row") }
    return cursor.value
  }
}
