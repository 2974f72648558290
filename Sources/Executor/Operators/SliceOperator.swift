// SKIP and LIMIT.

import Base
package import Graph
import Planner

/// Passes on some of the rows by their position. Both counts are evaluated once, at the first row.
package final class SliceOperator: Operator {
  private let input: any Operator
  private let skip: CompiledExpression?
  private let count: CompiledExpression?
  @exclusivity(unchecked) private var toSkip = 0
  @exclusivity(unchecked) private var toPass = Int.max
  @exclusivity(unchecked) private var isStarted = false

  package init(input: any Operator, skip: CompiledExpression?, limit: CompiledExpression?) {
    self.input = input
    self.skip = skip
    self.count = limit
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    if !isStarted {
      isStarted = true
      toSkip = try skip.map { try RowCount.evaluate($0, "SKIP", graph, run) } ?? 0
      toPass = try count.map { try RowCount.evaluate($0, "LIMIT", graph, run) } ?? Int.max
    }
    while toPass > 0 {
      let (wanted, overflow) = min(limit, toPass).addingReportingOverflow(toSkip)
      let asked = overflow ? run.batchRows : min(wanted, run.batchRows)
      guard try input.next(into: &batch, limit: asked, graph, run) else { return false }
      if toSkip > 0 { skipRows(&batch) }
      if batch.isEmpty { continue }
      batch.truncate(toSelected: min(limit, toPass))
      toPass -= batch.selectedCount
      return true
    }
    batch.clear()
    return false
  }

  private func skipRows(_ batch: inout Batch) {
    let skipped = min(toSkip, batch.selectedCount)
    toSkip -= skipped
    if let selection = batch.selection {
      batch.selection = Array(selection.dropFirst(skipped))
    } else {
      batch.selection = (skipped..<batch.rowCount).map { Int32($0) }
    }
  }

  package func rewind() {
    input.rewind()
    isStarted = false
    toSkip = 0
    toPass = .max
  }
}

/// The counts of SKIP and LIMIT.
enum RowCount {
  /// A non-negative integer from an expression over no rows.
  static func evaluate(
    _ expression: CompiledExpression, _ clause: String, _ graph: borrowing GraphView,
    _ run: ExecutionRun
  ) throws -> Int {
    var clause = clause
    if case .parameter(let name) = expression.source.kind { clause += " $\(name)" }
    guard case .integer(let number) = try expression.value(graph, run.evaluation) else {
      throw StemmaError(
        .queryRuntime, "\(clause) needs an integer", advice: "write a non-negative integer",
        classification: CypherClassification(
          type: "SyntaxError", phase: .runtime, detail: "InvalidArgumentType"))
    }
    guard number >= 0 else {
      throw StemmaError(
        .queryRuntime, "\(clause) is negative: \(number)", advice: "write a non-negative integer",
        classification: CypherClassification(
          type: "SyntaxError", phase: .runtime, detail: "NegativeIntegerArgument"))
    }
    return Int(number)
  }
}
