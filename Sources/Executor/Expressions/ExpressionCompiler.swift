// Turns a bound expression into nodes. It chooses the node that suits the operands (a constant on
// one side, a property of a column of nodes) and gives each comprehension's element its place.

import Base
import Planner

/// Compiles one expression.
struct ExpressionCompiler {
  /// Places of the elements and accumulators of comprehensions.
  private var locals: [Slot: Int] = [:]
  private(set) var localCount = 0

  typealias SubqueryFactory = (BoundSubquery) throws -> any SubqueryEvaluator

  mutating func compile(
    _ expression: BoundExpression, _ subquery: SubqueryFactory
  ) throws -> any ExpressionNode {
    switch expression.kind {
    case .literal(let value): return LiteralNode(constant: value)
    case .parameter(let name): return ParameterNode(name: name)
    case .slot(let slot): return slotNode(slot)
    case .list(let elements): return ListNode(elements: try compile(all: elements, subquery))
    case .map(let entries):
      return MapNode(
        keys: entries.map(\.key), values: try compile(all: entries.map(\.value), subquery))
    case .property(let subject, let name):
      return PropertyNode(subject: try compile(subject, subquery), name: name)
    case .subscripted(let subject, let index):
      return SubscriptNode(
        subject: try compile(subject, subquery), index: try compile(index, subquery))
    case .slice(let subject, let from, let to):
      return SliceNode(
        subject: try compile(subject, subquery),
        from: try from.map { try compile($0, subquery) },
        to: try to.map { try compile($0, subquery) })
    case .hasLabels(let subject, let labels):
      return HasLabelsNode(subject: try compile(subject, subquery), labels: labels)
    case .call(let function, let arguments):
      return callNode(function, try compile(all: arguments, subquery))
    case .caseOf(let subject, let branches, let otherwise):
      return CaseNode(
        subject: try subject.map { try compile($0, subquery) },
        conditions: try compile(all: branches.map(\.condition), subquery),
        results: try compile(all: branches.map(\.result), subquery),
        otherwise: try otherwise.map { try compile($0, subquery) })
    case .subquery(let query):
      return SubqueryNode(
        evaluator: try subquery(query), outer: query.outerSlots.map { slotNode($0) })
    default: return try compileOperator(expression, subquery)
    }
  }

  private mutating func compileOperator(
    _ expression: BoundExpression, _ subquery: SubqueryFactory
  ) throws -> any ExpressionNode {
    switch expression.kind {
    case .not(let operand): return NotNode(operand: try compile(operand, subquery))
    case .negate(let operand): return NegateNode(operand: try compile(operand, subquery))
    case .plus(let operand): return PlusNode(operand: try compile(operand, subquery))
    case .and(let operands): return AndNode(operands: try compile(all: operands, subquery))
    case .or(let operands): return OrNode(operands: try compile(all: operands, subquery))
    case .xor(let left, let right):
      return XorNode(left: try compile(left, subquery), right: try compile(right, subquery))
    case .comparison(let comparison, let left, let right):
      return ComparisonNode(
        comparison: comparison, left: try compile(left, subquery),
        right: try compile(right, subquery))
    case .comparisonChain(let first, let rest):
      return ComparisonChainNode(
        operands: try compile(all: [first] + rest.map(\.operand), subquery),
        comparisons: rest.map(\.comparison))
    case .arithmetic(let operation, let left, let right):
      return ArithmeticNode(
        operation: operation, left: try compile(left, subquery),
        right: try compile(right, subquery))
    case .arithmeticChain(let first, let rest):
      return ArithmeticChainNode(
        first: try compile(first, subquery), operations: rest.map(\.operation),
        operands: try compile(all: rest.map(\.operand), subquery))
    case .isNull(let operand):
      return NullTestNode(operand: try compile(operand, subquery), wantsNull: true)
    case .isNotNull(let operand):
      return NullTestNode(operand: try compile(operand, subquery), wantsNull: false)
    case .isIn(let element, let list):
      return MembershipNode(
        element: try compile(element, subquery), list: try compile(list, subquery))
    case .startsWith(let left, let right):
      return try textNode(.startsWith, left, right, subquery)
    case .endsWith(let left, let right): return try textNode(.endsWith, left, right, subquery)
    case .contains(let left, let right): return try textNode(.contains, left, right, subquery)
    case .matchesRegularExpression(let left, let right):
      return RegularExpressionNode(
        text: try compile(left, subquery), pattern: try compile(right, subquery))
    default: return try compileComprehension(expression, subquery)
    }
  }

  private mutating func textNode(
    _ test: TextTest, _ left: BoundExpression, _ right: BoundExpression,
    _ subquery: SubqueryFactory
  ) throws -> any ExpressionNode {
    TextTestNode(
      test: test, text: try compile(left, subquery), part: try compile(right, subquery))
  }

  private mutating func compileComprehension(
    _ expression: BoundExpression, _ subquery: SubqueryFactory
  ) throws -> any ExpressionNode {
    switch expression.kind {
    case .listComprehension(let element, let list, let predicate, let result):
      let list = try compile(list, subquery)
      let place = local(element)
      return ListComprehensionNode(
        element: place, list: list, predicate: try predicate.map { try compile($0, subquery) },
        result: try result.map { try compile($0, subquery) })
    case .quantifier(let kind, let element, let list, let predicate):
      let list = try compile(list, subquery)
      let place = local(element)
      return QuantifierNode(
        quantifier: kind, element: place, list: list, predicate: try compile(predicate, subquery))
    case .reduce(let accumulator, let initial, let element, let list, let step):
      let initial = try compile(initial, subquery)
      let list = try compile(list, subquery)
      let places = (local(accumulator), local(element))
      return ReduceNode(
        accumulator: places.0, initial: initial, element: places.1, list: list,
        step: try compile(step, subquery))
    case .mapProjection(let subject, let items):
      return try mapProjection(subject, items, subquery)
    default:
      throw StemmaError(.queryNotSupported, "this expression is not supported here")
    }
  }

  private mutating func mapProjection(
    _ subject: BoundExpression, _ items: [BoundMapProjectionItem], _ subquery: SubqueryFactory
  ) throws -> any ExpressionNode {
    var compiled: [MapProjectionNode.Item] = []
    for item in items {
      switch item {
      case .property(let name): compiled.append(.property(name))
      case .allProperties: compiled.append(.allProperties)
      case .entry(let key, let value):
        compiled.append(.entry(key, try compile(value, subquery)))
      }
    }
    return MapProjectionNode(subject: try compile(subject, subquery), items: compiled)
  }

  private mutating func compile(
    all expressions: [BoundExpression], _ subquery: SubqueryFactory
  ) throws -> [any ExpressionNode] {
    var nodes: [any ExpressionNode] = []
    for expression in expressions { nodes.append(try compile(expression, subquery)) }
    return nodes
  }

  /// A column of the batch, or the element of a comprehension around this place.
  private func slotNode(_ slot: Slot) -> any ExpressionNode {
    if let place = locals[slot] { return LocalNode(place: place) }
    return SlotNode(slot: slot.index)
  }

  private mutating func local(_ slot: Slot) -> Int {
    let place = localCount
    locals[slot] = place
    localCount += 1
    return place
  }
}
