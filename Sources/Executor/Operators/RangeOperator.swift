// UNWIND range(...): the numbers as they are asked for, so that no list of them is ever made.

import Base
package import Graph

/// Binds a slot to each number of a range, for each input row.
package final class RangeOperator: Operator {
  @exclusivity(unchecked) private var cursor: InputCursor
  /// Start, end and, where there are three, the step.
  private let arguments: [CompiledExpression]
  private let slot: Int
  @exclusivity(unchecked) private var gather: RowGather
  @exclusivity(unchecked) private var columns: [Column]
  @exclusivity(unchecked) private var numbers: IntegerRange?
  @exclusivity(unchecked) private var isOpen = false
  @exclusivity(unchecked) private var output: [Int64] = []

  package init(
    input: any Operator, arguments: [CompiledExpression], slot: Int, carried: [Int],
    slotCount: Int
  ) {
    cursor = InputCursor(input, slotCount: slotCount)
    self.arguments = arguments
    self.slot = slot
    gather = RowGather(carried: carried)
    columns = [Column](repeating: Column(), count: arguments.count)
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    batch.clear()
    while true {
      try run.checkpoint()
      while !cursor.hasRow {
        guard try cursor.fetch(limit: limit, graph, run) else { return false }
        for index in arguments.indices {
          columns[index] = try arguments[index].column(cursor.batch, graph, run.evaluation)
        }
      }
      gather.clear()
      output.removeAll(keepingCapacity: true)
      while cursor.hasRow, gather.count < limit {
        if !isOpen { try open() }
        while gather.count < limit, let number = numbers?.take() {
          gather.append(cursor.row)
          output.append(number)
        }
        if numbers?.remaining ?? 0 == 0 {
          cursor.advance()
          isOpen = false
        }
      }
      if gather.count > 0 {
        gather.copy(from: cursor.batch, into: &batch)
        batch.columns[slot].reset(to: .integers)
        batch.columns[slot].integers.append(contentsOf: output)
        return true
      }
    }
  }

  private func open() throws {
    isOpen = true
    let row = cursor.row
    numbers = try IntegerRange(
      columns[0][row], columns[1][row],
      columns.count > 2 ? columns[2][row] : .integer(1))
  }

  package func rewind() {
    cursor.rewind()
    isOpen = false
    numbers = nil
  }
}
