// Predicates of the form `n.property = value` and `n.property < value`: those that a key or an
// index can answer.

package import Base
package import Cypher

/// A comparison of a node's property with a value that does not depend on the node.
package struct PropertyConstraint: Sendable, Hashable {
  package var property: Text
  /// With the property on the left side.
  package var comparison: ComparisonOperator
  package var value: BoundExpression

  /// The constraint that `predicate` puts on `node`, where its value is known from `bound` slots.
  package init?(_ predicate: BoundExpression, on node: Slot, bound: SlotSet) {
    guard case .comparison(let comparison, let left, let right) = predicate.kind,
      comparison != .notEqual
    else { return nil }
    if let property = Self.property(of: node, left), Self.isKnown(right, node, bound) {
      self.property = property
      self.comparison = comparison
      value = right
    } else if let property = Self.property(of: node, right), Self.isKnown(left, node, bound) {
      self.property = property
      self.comparison = comparison.mirrored
      value = left
    } else {
      return nil
    }
  }

  /// The constraint that `n.property IN list` puts on a node for one element of the list, which
  /// will be in `element`.
  static func membership(
    _ predicate: BoundExpression, on node: Slot, bound: SlotSet, element: Slot
  ) -> (constraint: PropertyConstraint, list: BoundExpression)? {
    guard case .isIn(let left, let list) = predicate.kind,
      let property = property(of: node, left), isKnown(list, node, bound)
    else { return nil }
    let value = BoundExpression(.slot(element), type: .any, range: list.range)
    return (PropertyConstraint(property: property, comparison: .equal, value: value), list)
  }

  private init(property: Text, comparison: ComparisonOperator, value: BoundExpression) {
    self.property = property
    self.comparison = comparison
    self.value = value
  }

  /// The value, where the text of the query has it.
  package var literal: Value? {
    if case .literal(let value) = value.kind { value } else { nil }
  }

  private static func property(of node: Slot, _ expression: BoundExpression) -> Text? {
    guard case .property(let subject, let name) = expression.kind, subject.plainSlot == node
    else { return nil }
    return name
  }

  private static func isKnown(
    _ value: BoundExpression, _ node: Slot, _ bound: SlotSet
  ) -> Bool {
    let slots = value.readSlots
    return !slots.contains(node) && slots.isSubset(of: bound) && value.subqueries.isEmpty
  }
}

extension ComparisonOperator {
  /// The operator with its sides exchanged.
  var mirrored: ComparisonOperator {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}
