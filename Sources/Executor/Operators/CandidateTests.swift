// Predicates of a path search that compare one property of an edge, or of a node at its end, with a
// value that is the same for all edges: asked of an edge where it is met, with no row made for it.
// They must decide as the expressions do that they come from.

import Base
import Cypher
import Graph
import Planner

/// Comparisons that an edge must pass to be followed.
struct CandidateTests {
  private enum Subject { case edge, near, far }

  private struct Test {
    var subject: Subject
    var property: Text
    var comparison: ComparisonOperator
    /// A parameter or a literal.
    var bound: CompiledExpression
    /// Looked up for each run of a search.
    var symbol: Symbol?
    var value = Value.null
  }

  private var tests: [Test] = []

  /// `nil` where a predicate is anything else; the slots are those of `CandidateFilter`.
  init?(_ predicates: [CompiledExpression], edge: Int?, near: Int?, far: Int?) {
    for predicate in predicates {
      var test: Test?
      for (slot, subject) in [(edge, Subject.edge), (near, .near), (far, .far)] {
        guard let slot,
          let found = PropertyConstraint(predicate.source, on: Slot(slot), bound: []),
          found.value.isConstant, let bound = try? CompiledExpression(found.value)
        else { continue }
        test = Test(
          subject: subject, property: found.property, comparison: found.comparison, bound: bound)
      }
      guard let test else { return nil }
      tests.append(test)
    }
  }

  /// Looks up names and values; `false` where the expressions have to be asked.
  mutating func resolve(
    _ graph: borrowing GraphView, _ context: EvaluationContext
  ) throws -> Bool {
    for index in tests.indices {
      guard let value = tests[index].bound.constant(context) else { return false }
      // Lists are compared element by element, and may stop in between.
      if case .list = value { return false }
      tests[index].value = value
      tests[index].symbol = try graph.symbol(for: tests[index].property)
    }
    return true
  }

  /// Whether all comparisons are true of an edge that was met from a node.
  func passes(
    _ edge: AdjacentEdge, from near: NodeID, _ graph: borrowing GraphView
  ) throws -> Bool {
    for test in tests {
      guard let symbol = test.symbol else { return false }
      let value =
        switch test.subject {
        case .edge: try graph.property(symbol, of: edge.edge)
        case .near: try graph.property(symbol, of: near)
        case .far: try graph.property(symbol, of: edge.neighbour)
        }
      if test.comparison.holds(value, test.value) != true { return false }
    }
    return true
  }
}
