// CALL: each input row joined with the rows of a procedure.

package import Base
package import Graph
package import Planner

/// What a procedure does: from its arguments to rows with one value per output. It reads the graph
/// of the snapshot and never writes.
package protocol ProcedureBody: Sendable {
  func rows(
    _ arguments: [Value], _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> [[Value]]
}

/// Where bodies are looked up.
package protocol ProcedureLibrary: Sendable {
  func body(of name: Text) -> (any ProcedureBody)?
}

/// Calls a procedure for each input row.
package final class ProcedureOperator: Operator {
  @exclusivity(unchecked) private var cursor: InputCursor
  private let signature: ProcedureSignature
  private let body: any ProcedureBody
  private let arguments: [CompiledExpression]
  private let yields: [(field: Int, slot: Int)]
  @exclusivity(unchecked) private var argumentColumns: [Column]
  @exclusivity(unchecked) private var gather: RowGather
  @exclusivity(unchecked) private var rows: [[Value]] = []
  @exclusivity(unchecked) private var nextRow = 0
  @exclusivity(unchecked) private var isCalled = false
  @exclusivity(unchecked) private var outputs: [Column]

  package init(
    input: any Operator, signature: ProcedureSignature, body: any ProcedureBody,
    arguments: [CompiledExpression], yields: [(field: Int, slot: Int)], carried: [Int],
    slotCount: Int
  ) {
    cursor = InputCursor(input, slotCount: slotCount)
    self.signature = signature
    self.body = body
    self.arguments = arguments
    self.yields = yields
    gather = RowGather(carried: carried)
    argumentColumns = [Column](repeating: Column(), count: arguments.count)
    outputs = [Column](repeating: Column(), count: yields.count)
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
          argumentColumns[index] = try arguments[index].column(cursor.batch, graph, run.evaluation)
        }
      }
      gather.clear()
      for index in outputs.indices { outputs[index].reset(to: .values) }
      while cursor.hasRow, gather.count < limit {
        if !isCalled { try call(graph, run) }
        while nextRow < rows.count, gather.count < limit { emitRow() }
        if nextRow == rows.count {
          cursor.advance()
          isCalled = false
        }
      }
      if gather.count > 0 {
        gather.copy(from: cursor.batch, into: &batch)
        for (index, output) in yields.enumerated() {
          swap(&batch.columns[output.slot], &outputs[index])
        }
        return true
      }
    }
  }

  private func call(_ graph: borrowing GraphView, _ run: ExecutionRun) throws {
    isCalled = true
    nextRow = 0
    let row = cursor.row
    rows = try body.rows(argumentColumns.map { $0[row] }, graph, run)
    // A procedure without outputs passes each row on.
    if signature.outputs.isEmpty { rows = [[]] }
  }

  private func emitRow() {
    gather.append(cursor.row)
    for (index, output) in yields.enumerated() {
      let row = rows[nextRow]
      outputs[index].values.append(output.field < row.count ? row[output.field] : .null)
    }
    nextRow += 1
  }

  package func rewind() {
    cursor.rewind()
    isCalled = false
    rows = []
    nextRow = 0
  }
}
