// `element IN list`: true, false, or null where the list or the element leaves it open. A long list
// that is the same for all rows becomes a set once per batch.

import Base
import Cypher
import Graph

struct MembershipNode: ExpressionNode {
  let element: any ExpressionNode
  let list: any ExpressionNode

  /// Below this, looking along the list is cheaper than making a set of it.
  private static let setThreshold = 16

  var columnKind: Column.Kind { .booleans }

  func value(_ frame: inout RowFrame, _ graph: borrowing GraphView) throws -> Value {
    let wanted = try element.value(&frame, graph)
    switch try list.value(&frame, graph) {
    case .null: return .null
    case .list(let elements):
      return logical(try MembershipNode.holds(wanted, elements, frame.context))
    case let other: throw StemmaError.type("IN takes a list, not \(other.shortDescription)")
    }
  }

  func filter(
    _ frame: inout RowFrame, _ rows: RowSelection, _ graph: borrowing GraphView
  ) throws -> [Int32] {
    guard list.isConstant, rows.count >= Self.setThreshold,
      case .list(let elements) = try list.value(&frame, graph),
      elements.count >= Self.setThreshold, let set = MembershipSet(elements)
    else { return try filterByRow(&frame, rows, graph) }
    let column = try element.column(&frame, rows, graph)
    var kept: [Int32] = []
    rows.forEach { row in
      if set.holds(column[row]) == true { kept.append(Int32(truncatingIfNeeded: row)) }
    }
    return kept
  }

  private func filterByRow(
    _ frame: inout RowFrame, _ rows: RowSelection, _ graph: borrowing GraphView
  ) throws -> [Int32] {
    var kept: [Int32] = []
    for row in rows.rows {
      frame.row = Int(row)
      if try isTrue(&frame, graph) { kept.append(row) }
    }
    return kept
  }

  private static func holds(
    _ wanted: Value, _ elements: [Value], _ context: EvaluationContext
  ) throws -> Bool? {
    var isUnknown = false
    for index in elements.indices {
      if index % EvaluationLimits.largeList == 0, index > 0 { try context.checkpoint() }
      switch try ComparisonOperator.equal.holds(wanted, elements[index], context) {
      case true?: return true
      case nil: isUnknown = true
      case false?: continue
      }
    }
    return isUnknown ? nil : false
  }
}

/// A list of plain values as a set. Equality and equivalence differ only for null, NaN and what
/// holds them, so lists and maps are left out.
struct MembershipSet {
  private var members: Set<EquivalenceKey> = []
  private var hasNull = false

  /// `nil` where the list holds more than plain values.
  init?(_ elements: [Value]) {
    for element in elements {
      switch element {
      case .null: hasNull = true
      case .list, .map: return nil
      case .float(let number) where number.isNaN: continue
      default: members.insert(EquivalenceKey([element]))
      }
    }
  }

  /// Whether the value is among the elements; `nil` where a null leaves it open.
  func holds(_ value: Value) -> Bool? {
    switch value {
    case .null: return nil
    case .list, .map: break
    case .float(let number) where number.isNaN: break
    default: if members.contains(EquivalenceKey([value])) { return true }
    }
    return hasNull ? nil : false
  }
}
