// UNWIND: one row per element of a list.

import Base
package import Graph

/// Binds a slot to each element of a list, for each input row. Null yields no row; a value that is
/// no list yields itself.
package final class UnwindOperator: Operator {
  @exclusivity(unchecked) private var cursor: InputCursor
  private let list: CompiledExpression
  private let slot: Int
  /// Whether nulls and repeated elements are left out, and what is no list is an error.
  private let isDistinct: Bool
  @exclusivity(unchecked) private var gather: RowGather
  @exclusivity(unchecked) private var lists = Column()
  @exclusivity(unchecked) private var elements: [Value] = []
  @exclusivity(unchecked) private var nextElement = 0
  @exclusivity(unchecked) private var isOpen = false
  @exclusivity(unchecked) private var output = Column()

  package init(
    input: any Operator, list: CompiledExpression, slot: Int, isDistinct: Bool = false,
    carried: [Int], slotCount: Int
  ) {
    cursor = InputCursor(input, slotCount: slotCount)
    self.list = list
    self.slot = slot
    self.isDistinct = isDistinct
    gather = RowGather(carried: carried)
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    batch.clear()
    while true {
      try run.checkpoint()
      while !cursor.hasRow {
        guard try cursor.fetch(limit: limit, graph, run) else { return false }
        lists = try list.column(cursor.batch, graph, run.evaluation)
      }
      gather.clear()
      output.reset(to: .values)
      while cursor.hasRow, gather.count < limit {
        if !isOpen { openRow() }
        while nextElement < elements.count, gather.count < limit {
          if gather.count == 0 { output.reset(to: elements[nextElement].columnKind) }
          gather.append(cursor.row)
          output.append(elements[nextElement])
          nextElement += 1
        }
        if nextElement == elements.count {
          cursor.advance()
          isOpen = false
        }
      }
      if gather.count > 0 {
        gather.copy(from: cursor.batch, into: &batch)
        swap(&batch.columns[slot], &output)
        return true
      }
    }
  }

  private func openRow() {
    isOpen = true
    nextElement = 0
    switch lists[cursor.row] {
    case .null: elements = []
    case .list(let list): elements = isDistinct ? Self.distinct(list) : list
    // The predicate itself is tested later and complains of what is no list.
    case let single: elements = [single]
    }
  }

  private static func distinct(_ list: [Value]) -> [Value] {
    var seen: Set<EquivalenceKey> = []
    return list.filter { !$0.isNull && seen.insert(EquivalenceKey([$0])).inserted }
  }

  package func rewind() {
    cursor.rewind()
    isOpen = false
    elements = []
    nextElement = 0
  }
}

extension Value {
  /// The kind of column that starts well with this value.
  var columnKind: Column.Kind {
    switch self {
    case .integer: .integers
    case .float: .floats
    case .boolean: .booleans
    case .node: .nodes
    case .edge: .edges
    default: .values
    }
  }
}
