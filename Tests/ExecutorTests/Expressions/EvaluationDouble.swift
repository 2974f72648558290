// What expression tests stand on: an empty graph in memory, a fixed clock, and bound expressions
// written by hand.

import Base
import Cypher
import Executor
import Graph
import Planner

/// An empty graph and the context of one statement.
struct EvaluationDouble {
  let graph: Graph
  let context: EvaluationContext

  init(limits: EvaluationLimits = EvaluationLimits(), parameters: ParameterValues = [:]) throws {
    let surroundings = Surroundings(
      now: { Timestamp(microsecondsSinceEpoch: 1_500_000_000_000_000) }, random: { 42 })
    graph = try Graph.inMemory(schema: nil, surroundings: surroundings)
    context = EvaluationContext(
      parameters: parameters, statementTime: surroundings.now(), surroundings: surroundings,
      limits: limits)
  }

  func value(_ expression: BoundExpression) throws -> Value {
    let compiled = try CompiledExpression(expression)
    return try graph.read { try compiled.value($0, context) }
  }

  /// A function of literals.
  func call(_ function: ScalarFunction, _ arguments: Value...) throws -> Value {
    try value(.of(.call(function, arguments.map { .of(.literal($0)) })))
  }
}

extension BoundExpression {
  static func of(_ kind: BoundExpressionKind) -> BoundExpression {
    BoundExpression(kind, type: .any, range: .none)
  }

  static func literal(_ value: Value) -> BoundExpression { .of(.literal(value)) }
}
