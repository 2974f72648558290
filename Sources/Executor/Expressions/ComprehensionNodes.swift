// List comprehensions, quantifiers and reduce: loops over a list inside one row. They ask the
// context now and then whether to stop.

import Base
import Cypher
import Graph

/// How many elements are looked at between two checkpoints.
private let checkpointInterval = 1_024

extension ExpressionNode {
  /// The elements of a list; `nil` of null.
  fileprivate func elements(
    _ frame: inout RowFrame, _ graph: borrowing GraphView
  ) throws -> [Value]? {
    switch try value(&frame, graph) {
    case .null: return nil
    case .list(let elements): return elements
    case let other:
      throw StemmaError.type("a list is needed here, not \(other.shortDescription)")
    }
  }
}

/// `[element IN list WHERE predicate | result]`.
struct ListComprehensionNode: ExpressionNode {
  let element: Int
  let list: any ExpressionNode
  let predicate: (any ExpressionNode)?
  let result: (any ExpressionNode)?

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    guard let elements = try list.elements(&frame, graph) else { return .null }
    var results: [Value] = []
    for index in elements.indices {
      if index % checkpointInterval == 0 { try frame.context.checkpoint() }
      frame.locals[element] = elements[index]
      if let predicate, try !predicate.isTrue(&frame, graph) { continue }
      results.append(try result?.value(&frame, graph) ?? elements[index])
    }
    try frame.context.hold(elements: results.count)
    return try checkedDepth(.list(results), frame.context.limits)
  }
}

/// `all`, `any`, `none` and `single`: a predicate that is null for an element leaves the answer
/// open unless the other elements decide it.
struct QuantifierNode: ExpressionNode {
  let quantifier: QuantifierExpression.Kind
  let element: Int
  let list: any ExpressionNode
  let predicate: any ExpressionNode

  var columnKind: Column.Kind { .booleans }

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    guard let elements = try list.elements(&frame, graph) else { return .null }
    var trueCount = 0
    var isUnknown = false
    for index in elements.indices {
      if index % checkpointInterval == 0 { try frame.context.checkpoint() }
      frame.locals[element] = elements[index]
      switch try truth(of: predicate.value(&frame, graph)) {
      case nil: isUnknown = true
      case false?: if quantifier == .all { return .boolean(false) }
      case true?:
        trueCount += 1
        if quantifier == .any { return .boolean(true) }
        if quantifier == .none || trueCount > 1 && quantifier == .single {
          return .boolean(false)
        }
      }
    }
    if isUnknown { return .null }
    switch quantifier {
    case .all, .none: return .boolean(true)
    case .any: return .boolean(false)
    case .single: return .boolean(trueCount == 1)
    }
  }
}

/// `reduce(accumulator = initial, element IN list | step)`.
struct ReduceNode: ExpressionNode {
  let accumulator: Int
  let initial: any ExpressionNode
  let element: Int
  let list: any ExpressionNode
  let step: any ExpressionNode

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    var total = try initial.value(&frame, graph)
    guard let elements = try list.elements(&frame, graph) else { return .null }
    let held = frame.context.heldBytes
    for index in elements.indices {
      if index % checkpointInterval == 0 { try frame.context.checkpoint() }
      // The totals before are gone.
      if frame.context.heldBytes != held { frame.context.heldBytes = held }
      frame.locals[accumulator] = total
      frame.locals[element] = elements[index]
      total = try step.value(&frame, graph)
    }
    return total
  }
}

/// `subject {.name, .*, key: value}`.
struct MapProjectionNode: ExpressionNode {
  enum Item: Sendable {
    case property(Text)
    case allProperties
    case entry(Text, any ExpressionNode)
  }

  let subject: any ExpressionNode
  let items: [Item]

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    let source = try subject.value(&frame, graph)
    if source.isNull { return .null }
    var map = ValueMap()
    for item in items {
      switch item {
      case .property(let name):
        map[name] = try readProperty(name, of: source, graph, frame.context)
      case .allProperties:
        guard let all = try readProperties(of: source, graph, frame.context) else {
          throw StemmaError.type("\(source.shortDescription) has no properties")
        }
        for entry in all.entries { map[entry.key] = entry.value }
      case .entry(let key, let node): map[key] = try node.value(&frame, graph)
      }
    }
    return try checkedDepth(.map(map), frame.context.limits)
  }
}
