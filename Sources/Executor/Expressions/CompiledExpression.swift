// What operators hold: an expression compiled once, evaluated per batch. It keeps no state between
// batches and never touches a row that is not selected, so that `WHERE x <> 0 AND 1 / x > 2` is
// safe.

package import Base
import Cypher
package import Graph
package import Planner

/// A subquery inside an expression, as the executor runs it.
package protocol SubqueryEvaluator: Sendable {
  /// The value of the subquery for one outer row; `outer` is aligned with its `outerSlots`.
  func value(
    _ outer: [Value], _ graph: borrowing GraphView, _ context: EvaluationContext
  ) throws -> Value

  /// Those of the outer rows for which the subquery has a row; `outer` are columns aligned with its
  /// `outerSlots`. `nil` where it must be asked row by row.
  func rows(
    among rows: [Int32], _ outer: [Column], _ graph: borrowing GraphView
  ) throws -> [Int32]?
}

/// An expression ready to run. A class, since operators take it out of their lists for every batch:
/// a copy of all that it holds would cost more than many a batch.
package final class CompiledExpression: Sendable {
  let root: any ExpressionNode
  private let localCount: Int
  /// The expression that this was compiled from.
  package let source: BoundExpression

  /// Compiles an expression. `subquery` is asked for each pattern or subquery inside it.
  package init(
    _ expression: BoundExpression,
    subquery: (BoundSubquery) throws -> any SubqueryEvaluator
  ) throws {
    var compiler = ExpressionCompiler()
    root = try compiler.compile(expression, subquery)
    localCount = compiler.localCount
    source = expression
  }

  /// Compiles an expression that has no pattern and no subquery in it.
  package convenience init(_ expression: BoundExpression) throws {
    try self.init(expression) { _ in
      throw StemmaError(
        .queryNotSupported, "patterns and subqueries are not supported in this place")
    }
  }

  /// The slot that the expression is, where it is nothing else.
  package var slot: Slot? {
    if case .slot(let slot) = source.kind { return slot }
    return nil
  }

  /// The value where it is a parameter or a literal, the same for all rows.
  package func constant(_ context: EvaluationContext) -> Value? {
    switch source.kind {
    case .literal(let value): value
    case .parameter(let name): context.parameters[name]
    default: nil
    }
  }

  /// The values of the rows that count. The column is aligned with the batch's physical rows; what
  /// it holds for rows that are not selected means nothing.
  package func column(
    _ batch: Batch, _ graph: borrowing GraphView, _ context: EvaluationContext
  ) throws -> Column {
    var frame = RowFrame(batch, localCount: localCount, context)
    do { return try root.column(&frame, RowSelection(batch), graph) } catch {
      throw located(error, context)
    }
  }

  /// Keeps only the rows for which the expression is true.
  package func filter(
    _ batch: inout Batch, _ graph: borrowing GraphView, _ context: EvaluationContext
  ) throws {
    guard batch.selectedCount > 0 else { return }
    var frame = RowFrame(batch, localCount: localCount, context)
    do {
      let kept = try root.filter(&frame, RowSelection(batch), graph)
      if kept.count < batch.selectedCount { batch.selection = kept }
    } catch { throw located(error, context) }
  }

  /// The value of one physical row.
  package func value(
    _ batch: Batch, row: Int, _ graph: borrowing GraphView, _ context: EvaluationContext
  ) throws -> Value {
    var frame = RowFrame(batch, localCount: localCount, context)
    frame.row = row
    do { return try root.value(&frame, graph) } catch { throw located(error, context) }
  }

  /// The value of an expression that reads no slot.
  package func value(
    _ graph: borrowing GraphView, _ context: EvaluationContext
  ) throws -> Value {
    try value(Batch(slotCount: 0), row: 0, graph, context)
  }

  /// The error with the place of this expression in the query, unless it has one already.
  private func located(_ error: any Error, _ context: EvaluationContext) -> any Error {
    guard var located = error as? StemmaError, located.place == nil, source.range != .none else {
      return error
    }
    located.place = context.place(source.range)
    return located
  }
}
