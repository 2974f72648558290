// Seeks: for each input row, the node with a key or an identity, or the nodes that an ordered index
// holds for some values.

import Base
package import Graph
package import Planner

/// Binds a slot to the node with a key, or with an identity.
package final class NodeSeekOperator: Operator {
  package enum Kind: Sendable {
    case key
    case identity
  }

  private let input: any Operator
  private let kind: Kind
  private let slot: Int
  private let value: CompiledExpression
  @exclusivity(unchecked) private var values = Column()
  @exclusivity(unchecked) private var nodes = Column(.nodes)
  @exclusivity(unchecked) private var kept: [Int32] = []

  package init(input: any Operator, kind: Kind, slot: Int, value: CompiledExpression) {
    self.input = input
    self.kind = kind
    self.slot = slot
    self.value = value
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    while try input.next(into: &batch, limit: limit, graph, run) {
      values = try value.column(batch, graph, run.evaluation)
      nodes.reset(to: .nodes)
      for _ in 0..<batch.rowCount { nodes.nodes.append(NodeID(0)) }
      kept.empty()
      try batch.forEachSelected { row in
        if let node = try find(values[row], graph) {
          nodes.nodes[row] = node
          kept.append(Int32(truncatingIfNeeded: row))
        }
      }
      swap(&batch.columns[slot], &nodes)
      if kept.count < batch.selectedCount { batch.selection = kept }
      if !kept.isEmpty { return true }
      try run.checkpoint()
    }
    batch.clear()
    return false
  }

  private func find(_ value: Value, _ graph: borrowing GraphView) throws -> NodeID? {
    switch (kind, value) {
    case (.key, .string(let key)): return try graph.node(key: key)
    case (.identity, .integer(let number)):
      guard number >= 0, UInt64(number) < graph.nodeLimit else { return nil }
      let node = NodeID(UInt64(number))
      return try graph.exists(node) ? node : nil
    default: return nil
    }
  }

  package func rewind() { input.rewind() }
}

/// Binds a slot to each node that an index holds for some values.
package final class IndexSeekOperator: Operator {
  @exclusivity(unchecked) private var cursor: InputCursor
  private let step: IndexSeekStep
  private let prefix: [CompiledExpression]
  private let lower: CompiledExpression?
  private let upper: CompiledExpression?
  @exclusivity(unchecked) private var index: GraphIndex?
  @exclusivity(unchecked) private var gather: RowGather
  @exclusivity(unchecked) private var nodes: [NodeID] = []
  @exclusivity(unchecked) private var position = IndexPosition()
  @exclusivity(unchecked) private var prefixColumns: [Column]
  @exclusivity(unchecked) private var lowerColumn = Column()
  @exclusivity(unchecked) private var upperColumn = Column()
  /// The values for the row at hand.
  @exclusivity(unchecked) private var values: [Value] = []
  /// Whether `values` are the same for all rows and known.
  @exclusivity(unchecked) private var isConstant = false
  private let hasRange: Bool

  package init(
    input: any Operator, step: IndexSeekStep, prefix: [CompiledExpression],
    lower: CompiledExpression?, upper: CompiledExpression?, carried: [Int], slotCount: Int
  ) {
    cursor = InputCursor(input, slotCount: slotCount)
    self.step = step
    self.prefix = prefix
    self.lower = lower
    self.upper = upper
    hasRange = lower != nil || upper != nil
    gather = RowGather(carried: carried)
    prefixColumns = [Column](repeating: Column(), count: prefix.count)
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    batch.clear()
    if index == nil {
      index = graph.index(named: step.index.name)
    }
    guard let index else {
      throw StemmaError(
        .queryRuntime, "the index \(step.index.name) was dropped while the query was planned",
        advice: "run the query again")
    }
    while true {
      try run.checkpoint()
      while !cursor.hasRow {
        guard try cursor.fetch(limit: limit, graph, run) else { return false }
        try evaluate(graph, run)
      }
      gather.clear()
      nodes.empty()
      while cursor.hasRow, nodes.count < limit {
        let before = nodes.count
        try seek(index, limit: limit - before, graph)
        gather.append(cursor.row, times: nodes.count - before)
        if position.isExhausted {
          cursor.advance()
          position = IndexPosition()
        }
      }
      if gather.count > 0 {
        gather.copy(from: cursor.batch, into: &batch)
        batch.columns[step.slot.index].reset(to: .nodes)
        batch.columns[step.slot.index].nodes.append(contentsOf: nodes)
        return true
      }
    }
  }

  private func evaluate(_ graph: borrowing GraphView, _ run: ExecutionRun) throws {
    if isConstant { return }
    if !hasRange {
      values.empty()
      for expression in prefix {
        guard let value = expression.constant(run.evaluation) else { break }
        values.append(value)
      }
      isConstant = values.count == prefix.count
      if isConstant { return }
    }
    for column in prefix.indices {
      prefixColumns[column] = try prefix[column].column(cursor.batch, graph, run.evaluation)
    }
    if let lower { lowerColumn = try lower.column(cursor.batch, graph, run.evaluation) }
    if let upper { upperColumn = try upper.column(cursor.batch, graph, run.evaluation) }
  }

  private func seek(_ index: GraphIndex, limit: Int, _ graph: borrowing GraphView) throws {
    let row = cursor.row
    if !isConstant { values = prefixColumns.map { $0[row] } }
    guard hasRange else {
      if values.contains(where: \.isNull) { position.isExhausted = true }
      return try graph.seek(
        index, prefix: values, range: nil, isDescending: step.isDescending, after: &position,
        into: &nodes, limit: limit)
    }
    let lowerBound = step.lower.map {
      IndexRange.Bound(lowerColumn[row], isIncluded: $0.isIncluded)
    }
    let upperBound = step.upper.map {
      IndexRange.Bound(upperColumn[row], isIncluded: $0.isIncluded)
    }
    // A comparison with null is never true.
    let isNull =
      values.contains(where: \.isNull) || lowerBound?.value.isNull == true
      || upperBound?.value.isNull == true
    if isNull {
      position.isExhausted = true
      return
    }
    try graph.seek(
      index, prefix: values, range: IndexRange(lower: lowerBound, upper: upperBound),
      isDescending: step.isDescending, after: &position, into: &nodes, limit: limit)
  }

  package func rewind() {
    cursor.rewind()
    position = IndexPosition()
    index = nil
    isConstant = false
  }
}
