// Scans: for each input row, all nodes, or all nodes with a label. The usual input is the single
// empty row; with more rows this is a cartesian product.

package import Base
package import Graph

/// Binds a slot to each node with a label, for each input row.
package final class NodeScanOperator: Operator {
  @exclusivity(unchecked) private var cursor: InputCursor
  private let slot: Int
  private let label: Text?
  @exclusivity(unchecked) private var symbol: Symbol?
  @exclusivity(unchecked) private var position = ScanPosition()
  @exclusivity(unchecked) private var gather: RowGather
  @exclusivity(unchecked) private var nodes: [NodeID] = []
  /// The part of the graph that is scanned; `nil` for all of it.
  @exclusivity(unchecked) private var part: Range<UInt64>?

  /// `label` is `nil` for every node.
  package init(
    input: any Operator, slot: Int, label: Text?, carried: [Int], slotCount: Int
  ) {
    cursor = InputCursor(input, slotCount: slotCount)
    self.slot = slot
    self.label = label
    gather = RowGather(carried: carried)
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    try run.checkpoint()
    try resolve(graph)
    batch.clear()
    if label != nil, symbol == nil { return false }
    while true {
      guard try ensureRow(graph, run) else { return false }
      gather.clear()
      nodes.removeAll(keepingCapacity: true)
      while cursor.hasRow, nodes.count < limit {
        let before = nodes.count
        try graph.scanNodes(
          label: symbol, after: &position, into: &nodes, limit: limit - before)
        endPart()
        gather.append(cursor.row, times: nodes.count - before)
        if position.isExhausted {
          cursor.advance()
          position = startOfPart
        }
      }
      if nodes.isEmpty { continue }
      batch.columns[slot].reset(to: .nodes)
      gather.copy(from: cursor.batch, into: &batch)
      batch.columns[slot].nodes.append(contentsOf: nodes)
      return true
    }
  }

  private var startOfPart: ScanPosition {
    var start = ScanPosition()
    if let part { start.next = part.lowerBound }
    return start
  }

  /// Drops what lies behind the part, which is then at its end.
  private func endPart() {
    guard let part else { return }
    while let last = nodes.last, last.rawValue >= part.upperBound {
      nodes.removeLast()
      position.isExhausted = true
    }
    if position.next >= part.upperBound { position.isExhausted = true }
  }

  private func resolve(_ graph: borrowing GraphView) throws {
    if symbol == nil, let label { symbol = try graph.symbol(for: label) }
  }

  private func ensureRow(
    _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    while !cursor.hasRow {
      guard try cursor.fetch(limit: run.batchRows, graph, run) else { return false }
    }
    return true
  }

  package func rewind() {
    cursor.rewind()
    position = startOfPart
  }
}

extension NodeScanOperator: DividedScan {
  func restrict(to nodes: Range<UInt64>) {
    part = nodes
    position = startOfPart
  }
}
