// Reading one property of many nodes. Nodes that follow each other in a sealed range share the
// look-up of their column, and rows that lie together that of their block.

package import Base
import Store

extension GraphView {
  /// Appends one value for each node, `.null` where it has none.
  package func gather(
    _ name: Symbol, of nodes: Span<NodeID>, into values: inout [Value]
  ) throws {
    values.reserveCapacity(values.count + nodes.count)
    try forEachValue(of: name, nodes) { _, value in values.append(value) }
  }

  /// Calls `body` with the index of each node and its value, `.null` where it has none.
  @inline(__always)
  func forEachValue(
    of name: Symbol, _ nodes: Span<NodeID>, _ body: (Int, Value) -> Void
  ) throws {
    var index = 0
    while index < nodes.count {
      let end = endOfRun(nodes, from: index)
      if nodes[index].rawValue < head.sealedNodes {
        try forEachSealed(name, nodes, index..<end, body)
      } else {
        try forEachRow(name, nodes, index..<end, body)
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

  @inline(__always)
  private func forEachSealed(
    _ name: Symbol, _ nodes: Span<NodeID>, _ run: Range<Int>, _ body: (Int, Value) -> Void
  ) throws {
    let range = head.layout.range(of: nodes[run.lowerBound].rawValue)
    let changesKey = ChunkKey.key(ChunkKey.nodeChanges, range)
    if head.changedNodeRanges > 0, try reading.contains(.chunks, changesKey.bytes) {
      for index in run { body(index, try property(name, of: nodes[index])) }
      return
    }
    let key = ChunkKey.key(ChunkKey.nodeColumn, range, name)
    guard let chunk = try reading.get(.chunks, key.bytes) else {
      for index in run { body(index, .null) }
      return
    }
    let column = try ColumnChunk(chunk, head.layout)
    for index in run {
      let node = nodes[index].rawValue
      body(index, node < nodeLimit ? try value(column, head.layout.place(of: node), chunk) : .null)
    }
  }

  @inline(__always)
  private func forEachRow(
    _ name: Symbol, _ nodes: Span<NodeID>, _ run: Range<Int>, _ body: (Int, Value) -> Void
  ) throws {
    var index = run.lowerBound
    while index < run.upperBound {
      guard nodes[index].rawValue < nodeLimit else {
        body(index, .null)
        index += 1
        continue
      }
      let number = nodes[index].rawValue >> RowBlock.shift
      guard let block = try reading.get(.nodes, RowBlock.key(nodes[index].rawValue).bytes) else {
        throw StemmaError.damaged("nodes", "node \(nodes[index].rawValue) has no row")
      }
      while index < run.upperBound, nodes[index].rawValue >> RowBlock.shift == number,
        nodes[index].rawValue < nodeLimit
      {
        let range = try RowBlock.range(block, nodes[index].rawValue)
        let row = range.isEmpty ? try row(of: nodes[index]) : block.extracting(range)
        body(index, try rowProperty(name, nodes[index], row))
        index += 1
      }
    }
  }

  @inline(__always)
  private func rowProperty(_ name: Symbol, _ node: NodeID, _ row: RawSpan) throws -> Value {
    let start = try NodeRow(row)
    if try isEnded(start.flags, node) { return .null }
    return try property(
      name, VersionKind.nodeProperty, node.rawValue, start.flags, row, start.propertiesOffset)
  }
}
