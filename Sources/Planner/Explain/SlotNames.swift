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
    /// In brackets unless it binds at least so tightly.
    func operand(_ part: BoundExpression, _ least: Int) -> String {
      part.tightness < least ? "(\(inner(part)))" : inner(part)
    }
    let tightness = expression.tightness
    switch expression.kind {
    case .literal(let value): return "\(value)"
    case .parameter(let name): return "$\(name)"
    case .slot(let slot): return self[slot]
    case .property(let subject, let name):
      return operand(subject, BoundExpression.tightest) + ".\(name)"
    case .comparison(let comparison, let left, let right):
      return operand(left, tightness + 1) + " \(comparison.rawValue) "
        + operand(right, tightness + 1)
    case .arithmetic(let operation, let left, let right):
      return operand(left, tightness) + " \(operation.rawValue) "
        + operand(right, tightness + 1)
    case .arithmeticChain(let first, let rest):
      return rest.reduce(operand(first, tightness)) {
        $0 + " \($1.operation.rawValue) " + operand($1.operand, tightness + 1)
      }
    case .negate(let part): return "-" + operand(part, BoundExpression.tightest)
    case .hasLabels(let subject, let labels): return inner(subject) + ":" + Self.text(labels)
    case .not(let part): return "NOT \(inner(part))"
    case .and(let operands): return "(" + operands.map(inner).joined(separator: " AND ") + ")"
    case .or(let operands): return "(" + operands.map(inner).joined(separator: " OR ") + ")"
    case .isNull(let part): return operand(part, tightness + 1) + " IS NULL"
    case .isNotNull(let part): return operand(part, tightness + 1) + " IS NOT NULL"
    case .isIn(let element, let list):
      return operand(element, tightness + 1) + " IN " + operand(list, tightness + 1)
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

extension BoundExpression {
  /// What needs no brackets anywhere.
  fileprivate static let tightest = 6

  /// How tightly an expression's own operator binds, as Cypher has it.
  fileprivate var tightness: Int {
    switch kind {
    case .not: 0
    case .comparison, .isNull, .isNotNull, .isIn: 1
    case .arithmetic(let operation, _, _): operation.tightness
    case .arithmeticChain(_, let rest): rest.map(\.operation.tightness).min() ?? Self.tightest
    case .negate: 5
    default: Self.tightest
    }
  }
}

extension ArithmeticOperator {
  fileprivate var tightness: Int {
    switch self {
    case .add, .subtract: 2
    case .multiply, .divide, .modulo: 3
    case .power: 4
    }
  }
}
