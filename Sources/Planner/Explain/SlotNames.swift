// Slots and expressions as people read them in a plan.

import Base
import Cypher

/// The names of slots.
struct SlotNames {
  private let slots: [SlotDescription]

  init(_ slots: [SlotDescription]) { self.slots = slots }

  /// The variable's name, or a number for what the query leaves unnamed.
  subscript(slot: Slot) -> String {
    if slot.index < slots.count, let name = slots[slot.index].name { return name }
    return "_\(slot.index)"
  }

  func list(_ slots: [Slot]) -> String { slots.map { self[$0] }.joined(separator: ", ") }

  /// An expression in Cypher's notation, cut where it is deep.
  func text(_ expression: BoundExpression, depth: Int = 0) -> String {
    if depth > 6 { return "…" }
    func inner(_ part: BoundExpression) -> String { text(part, depth: depth + 1) }
    switch expression.kind {
    case .literal(let value): return "\(value)"
    case .parameter(let name): return "$\(name)"
    case .slot(let slot): return self[slot]
    case .property(let subject, let name): return "\(inner(subject)).\(name)"
    case .comparison(let comparison, let left, let right):
      return "\(inner(left)) \(comparison.rawValue) \(inner(right))"
    case .arithmetic(let operation, let left, let right):
      return "\(inner(left)) \(operation.rawValue) \(inner(right))"
    case .hasLabels(let subject, let labels): return inner(subject) + ":" + Self.text(labels)
    case .not(let operand): return "NOT \(inner(operand))"
    case .and(let operands): return "(" + operands.map(inner).joined(separator: " AND ") + ")"
    case .or(let operands): return "(" + operands.map(inner).joined(separator: " OR ") + ")"
    case .isNull(let operand): return "\(inner(operand)) IS NULL"
    case .isNotNull(let operand): return "\(inner(operand)) IS NOT NULL"
    case .isIn(let element, let list): return "\(inner(element)) IN \(inner(list))"
    case .call(let function, let arguments):
      return "\(function.rawValue)(" + arguments.map(inner).joined(separator: ", ") + ")"
    case .list(let elements): return "[" + elements.map(inner).joined(separator: ", ") + "]"
    case .subquery(let subquery): return "\(subquery.kind) {…}"
    default:
      return "(" + expression.children.map(inner).joined(separator: ", ") + ")"
    }
  }

  private static func text(_ labels: BoundLabelExpression) -> String {
    switch labels {
    case .label(let name): name.string
    case .and(let parts): parts.map(text).joined(separator: ":")
    case .or(let parts): parts.map(text).joined(separator: "|")
    case .not(let part): "!" + text(part)
    case .any: "%"
    }
  }
}
