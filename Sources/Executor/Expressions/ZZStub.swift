package import Base
package import Graph
package import Planner
package protocol SubqueryEvaluator: Sendable {
  func value(
    _ outer: [Value], _ graph: borrowing GraphView, _ context: EvaluationContext
  ) throws -> Value
}
package struct CompiledExpression: Sendable {
  package let source: BoundExpression
  package init(
    _ expression: BoundExpression,
    subquery: (BoundSubquery) throws -> any SubqueryEvaluator
  ) throws { source = expression }
  package func column(
    _ batch: Batch, _ graph: borrowing GraphView, _ context: EvaluationContext
  ) throws -> Column {Column()}
  package func filter(
    _ batch: inout Batch, _ graph: borrowing GraphView, _ context: EvaluationContext
  ) throws {}
  package func value(
    _ batch: Batch, row: Int, _ graph: borrowing GraphView, _ context: EvaluationContext
  ) throws -> Value {.null}
  package func value(
    _ graph: borrowing GraphView, _ context: EvaluationContext
  ) throws -> Value {.null}
}
package struct Accumulator: Sendable {
  init(_ f: AggregateFunction) {}
  mutating func add(_ value: Value, _ second: Value?) throws {}
  func result() throws -> Value { .null }
}
