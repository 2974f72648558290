// The leaves of expressions, and lists and maps built from parts.

import Base
import Graph

struct LiteralNode: ExpressionNode {
  let constant: Value

  var isConstant: Bool { true }

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) -> Value { constant }

  func column(
    _ frame: inout RowFrame, _ rows: RowSelection, _ graph: borrowing GraphView
  ) -> Column {
    Column(repeating: constant, count: frame.rowCount)
  }
}

struct ParameterNode: ExpressionNode {
  let name: Text

  var isConstant: Bool { true }

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    guard let value = frame.context.parameters[name] else {
      throw StemmaError(
        .queryParameter, "the query needs a parameter $\(name), which was not given",
        classification: CypherClassification(
          type: "ParameterMissing", phase: .compileTime, detail: "MissingParameter"))
    }
    return value
  }

  func column(
    _ frame: inout RowFrame, _ rows: RowSelection, _ graph: borrowing GraphView
  ) throws -> Column {
    Column(repeating: try value(&frame, graph), count: frame.rowCount)
  }
}

struct SlotNode: ExpressionNode {
  let slot: Int

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) -> Value {
    guard slot < frame.columns.count, frame.row < frame.columns[slot].count else { return .null }
    return frame.columns[slot][frame.row]
  }

  func column(
    _ frame: inout RowFrame, _ rows: RowSelection, _ graph: borrowing GraphView
  ) -> Column {
    guard slot < frame.columns.count, frame.columns[slot].count >= frame.rowCount else {
      return Column(repeating: .null, count: frame.rowCount)
    }
    return frame.columns[slot]
  }
}

/// The element or accumulator of a comprehension.
struct LocalNode: ExpressionNode {
  let place: Int

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) -> Value {
    frame.locals[place]
  }
}

struct ListNode: ExpressionNode {
  let elements: [any ExpressionNode]

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    var values: [Value] = []
    values.reserveCapacity(elements.count)
    for element in elements { values.append(try element.value(&frame, graph)) }
    return try checkedDepth(.list(values), frame.context.limits)
  }
}

struct MapNode: ExpressionNode {
  let keys: [Text]
  let values: [any ExpressionNode]

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    var map = ValueMap()
    for index in keys.indices { map[keys[index]] = try values[index].value(&frame, graph) }
    return try checkedDepth(.map(map), frame.context.limits)
  }
}

/// A list or map, if it is not nested too deeply: values are walked recursively, so their depth
/// must be bounded where they are made.
func checkedDepth(_ value: Value, _ limits: EvaluationLimits) throws -> Value {
  let hasInner: Bool
  switch value {
  case .list(let elements): hasInner = elements.contains { $0.isContainer }
  case .map(let map): hasInner = map.entries.contains { $0.value.isContainer }
  default: hasInner = false
  }
  if hasInner, value.depth(limit: limits.valueDepth + 1) > limits.valueDepth {
    throw StemmaError.valueTooLarge("the nesting of lists and maps", limit: limits.valueDepth)
  }
  return value
}

extension Value {
  var isContainer: Bool {
    switch self {
    case .list, .map: true
    default: false
    }
  }
}

extension Column {
  /// One value for every row.
  init(repeating value: Value, count: Int) {
    switch value {
    case .integer(let number):
      self.init(.integers)
      integers = [Int64](repeating: number, count: count)
    case .float(let number):
      self.init(.floats)
      floats = [Double](repeating: number, count: count)
    case .boolean(let flag):
      self.init(.booleans)
      booleans = [Bool](repeating: flag, count: count)
    default: self.init(values: [Value](repeating: value, count: count))
    }
  }
}

/// A pattern or subquery, run once per row.
struct SubqueryNode: ExpressionNode {
  let evaluator: any SubqueryEvaluator
  let outer: [any ExpressionNode]

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    var values: [Value] = []
    values.reserveCapacity(outer.count)
    for node in outer { values.append(try node.value(&frame, graph)) }
    return try evaluator.value(values, graph, frame.context)
  }

  func filter(
    _ frame: inout RowFrame, _ rows: RowSelection, _ graph: borrowing GraphView
  ) throws -> [Int32] {
    var columns: [Column] = []
    for node in outer { columns.append(try node.column(&frame, rows, graph)) }
    if let kept = try evaluator.rows(among: rows.rows, columns, graph) { return kept }
    var kept: [Int32] = []
    try rows.forEach { row in
      frame.row = row
      if try isTrue(&frame, graph) { kept.append(Int32(truncatingIfNeeded: row)) }
    }
    return kept
  }
}
