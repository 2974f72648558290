// Which slots an expression reads, and which subqueries it holds: what decides where a predicate
// may be evaluated.

import Base

extension BoundExpression {
  /// The direct parts of this expression; the inside of a subquery is not among them.
  package var children: [BoundExpression] {
    switch kind {
    case .literal, .parameter, .slot, .subquery: return []
    case .list(let elements): return elements
    case .map(let entries): return entries.map(\.value)
    case .property(let subject, _): return [subject]
    case .subscripted(let subject, let index): return [subject, index]
    case .slice(let subject, let from, let to): return [subject] + [from, to].compactMap { $0 }
    case .hasLabels(let subject, _): return [subject]
    case .not(let operand), .negate(let operand), .plus(let operand): return [operand]
    case .and(let operands), .or(let operands): return operands
    case .xor(let left, let right), .comparison(_, let left, let right),
      .arithmetic(_, let left, let right), .isIn(let left, let right),
      .startsWith(let left, let right), .endsWith(let left, let right),
      .contains(let left, let right), .matchesRegularExpression(let left, let right):
      return [left, right]
    case .comparisonChain(let first, let rest): return [first] + rest.map(\.operand)
    case .arithmeticChain(let first, let rest): return [first] + rest.map(\.operand)
    case .isNull(let operand), .isNotNull(let operand): return [operand]
    case .call(_, let arguments): return arguments
    case .caseOf(let subject, let branches, let otherwise):
      return [subject, otherwise].compactMap { $0 }
        + branches.flatMap { [$0.condition, $0.result] }
    case .listComprehension(_, let list, let predicate, let result):
      return [list] + [predicate, result].compactMap { $0 }
    case .quantifier(_, _, let list, let predicate): return [list, predicate]
    case .reduce(_, let initial, _, let list, let step): return [initial, list, step]
    case .mapProjection(let subject, let items):
      return [subject]
        + items.compactMap { if case .entry(_, let value) = $0 { value } else { nil } }
    }
  }

  /// The slots that must be bound before this expression can be evaluated.
  package var readSlots: SlotSet {
    var slots: SlotSet = []
    collectSlots(&slots)
    return slots
  }

  private func collectSlots(_ slots: inout SlotSet) {
    switch kind {
    case .slot(let slot): slots.insert(slot)
    case .subquery(let subquery): slots.formUnion(subquery.outerSlots)
    case .listComprehension(let element, _, _, _), .quantifier(_, let element, _, _):
      var inner: SlotSet = []
      for child in children { child.collectSlots(&inner) }
      inner.remove(element)
      slots.formUnion(inner)
    case .reduce(let accumulator, _, let element, _, _):
      var inner: SlotSet = []
      for child in children { child.collectSlots(&inner) }
      inner.subtract([accumulator, element])
      slots.formUnion(inner)
    default:
      for child in children { child.collectSlots(&slots) }
    }
  }

  /// The subqueries in this expression, outermost only.
  package var subqueries: [BoundSubquery] {
    if case .subquery(let subquery) = kind { return [subquery] }
    return children.flatMap(\.subqueries)
  }

  /// The slot that this expression simply is.
  package var plainSlot: Slot? {
    if case .slot(let slot) = kind { return slot }
    return nil
  }
}

extension Sequence<BoundExpression> {
  /// The slots that any of the expressions reads.
  package var readSlots: SlotSet { reduce(into: []) { $0.formUnion($1.readSlots) } }
}
