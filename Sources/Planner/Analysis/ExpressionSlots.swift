// Which slots an expression reads, and which subqueries it holds: what decides where a predicate
// may be evaluated.

import Base

extension BoundExpression {
  /// The direct parts of this expression; the inside of a subquery is not among them.
  package var children: [BoundExpression] {
    var found: [BoundExpression] = []
    _ = anyChild {
      found.append($0)
      return false
    }
    return found
  }

  /// Whether one of the direct parts is such a one. They are looked at where they lie and in the
  /// order of `children`: every rule looks at every expression, and a list for each costs more than
  /// the look.
  func anyChild(_ isWanted: (BoundExpression) -> Bool) -> Bool {
    switch kind {
    case .literal, .parameter, .slot, .subquery: false
    case .list(let parts), .and(let parts), .or(let parts), .call(_, let parts):
      parts.contains(where: isWanted)
    case .property(let part, _), .hasLabels(let part, _), .not(let part), .negate(let part),
      .plus(let part), .isNull(let part), .isNotNull(let part):
      isWanted(part)
    case .xor(let left, let right), .comparison(_, let left, let right),
      .arithmetic(_, let left, let right), .isIn(let left, let right),
      .startsWith(let left, let right), .endsWith(let left, let right),
      .contains(let left, let right), .matchesRegularExpression(let left, let right),
      .subscripted(let left, let right), .quantifier(_, _, let left, let right):
      isWanted(left) || isWanted(right)
    case .map(let entries): entries.contains { isWanted($0.value) }
    case .slice(let subject, let from, let to):
      isWanted(subject) || from.map(isWanted) ?? false || to.map(isWanted) ?? false
    case .comparisonChain(let first, let rest):
      isWanted(first) || rest.contains { isWanted($0.operand) }
    case .arithmeticChain(let first, let rest):
      isWanted(first) || rest.contains { isWanted($0.operand) }
    case .caseOf(let subject, let branches, let otherwise):
      subject.map(isWanted) ?? false || otherwise.map(isWanted) ?? false
        || branches.contains { isWanted($0.condition) || isWanted($0.result) }
    case .listComprehension(_, let list, let predicate, let result):
      isWanted(list) || predicate.map(isWanted) ?? false || result.map(isWanted) ?? false
    case .reduce(_, let initial, _, let list, let step):
      isWanted(initial) || isWanted(list) || isWanted(step)
    case .mapProjection(let subject, let items):
      isWanted(subject)
        || items.contains { if case .entry(_, let value) = $0 { isWanted(value) } else { false } }
    }
  }

  /// The slots that must be bound before this expression can be evaluated.
  package var readSlots: SlotSet {
    var slots: SlotSet = []
    collectSlots(&slots)
    return slots
  }

  fileprivate func collectSlots(_ slots: inout SlotSet) {
    switch kind {
    case .literal, .parameter: break
    case .slot(let slot): slots.insert(slot)
    case .property(let subject, _): subject.collectSlots(&slots)
    case .subquery(let subquery): slots.formUnion(subquery.outerSlots)
    case .listComprehension(let element, _, _, _), .quantifier(_, let element, _, _):
      slots.formUnion(slotsOfChildren.subtracting([element]))
    case .reduce(let accumulator, _, let element, _, _):
      slots.formUnion(slotsOfChildren.subtracting([accumulator, element]))
    default: slots.formUnion(slotsOfChildren)
    }
  }

  private var slotsOfChildren: SlotSet {
    var slots: SlotSet = []
    _ = anyChild {
      $0.collectSlots(&slots)
      return false
    }
    return slots
  }

  /// The subqueries in this expression, outermost only.
  package var subqueries: [BoundSubquery] {
    var found: [BoundSubquery] = []
    collectSubqueries(&found)
    return found
  }

  private func collectSubqueries(_ found: inout [BoundSubquery]) {
    if case .subquery(let subquery) = kind { found.append(subquery) }
    _ = anyChild {
      $0.collectSubqueries(&found)
      return false
    }
  }

  /// Whether it is a parameter or a literal: the same for all rows, and without an error.
  package var isConstant: Bool {
    switch kind {
    case .parameter, .literal: true
    default: false
    }
  }

  /// The slot that this expression simply is.
  package var plainSlot: Slot? {
    if case .slot(let slot) = kind { return slot }
    return nil
  }
}

extension Sequence<BoundExpression> {
  /// The slots that any of the expressions reads.
  package var readSlots: SlotSet { reduce(into: []) { $1.collectSlots(&$0) } }
}
