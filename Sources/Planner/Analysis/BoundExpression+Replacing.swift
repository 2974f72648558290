// Expressions with other expressions in the place of slots: how a condition on what a WITH computes
// becomes one on what it was computed from.

import Base
import Cypher

extension BoundExpression {
  /// This expression with each slot of `replacements` written out; `nil` where a subquery reads one
  /// of them, which would have to be bound anew.
  func replacing(_ replacements: [Slot: BoundExpression]) -> BoundExpression? {
    let replaced = SlotSet(replacements.keys)
    guard subqueries.allSatisfy({ replaced.isDisjoint(with: SlotSet($0.outerSlots)) }) else {
      return nil
    }
    return replacements.isEmpty ? self : written(replacements)
  }

  private func written(_ replacements: [Slot: BoundExpression]) -> BoundExpression {
    if case .slot(let slot) = kind {
      guard var replacement = replacements[slot] else { return self }
      replacement.range = range
      return replacement
    }
    return mappingChildren { $0.written(replacements) }
  }

  /// The same expression over other children.
  func mappingChildren(_ change: (BoundExpression) -> BoundExpression) -> BoundExpression {
    var result = self
    result.kind = operatorOver(change) ?? compoundOver(change)
    return result
  }

  private func operatorOver(
    _ change: (BoundExpression) -> BoundExpression
  ) -> BoundExpressionKind? {
    switch kind {
    case .property(let subject, let name): .property(change(subject), name)
    case .hasLabels(let subject, let labels): .hasLabels(change(subject), labels)
    case .not(let operand): .not(change(operand))
    case .negate(let operand): .negate(change(operand))
    case .plus(let operand): .plus(change(operand))
    case .and(let operands): .and(operands.map(change))
    case .or(let operands): .or(operands.map(change))
    case .xor(let left, let right): .xor(change(left), change(right))
    case .comparison(let comparison, let left, let right):
      .comparison(comparison, change(left), change(right))
    case .comparisonChain(let first, let rest):
      .comparisonChain(
        first: change(first),
        rest: rest.map { BoundComparisonStep($0.comparison, change($0.operand)) })
    case .arithmetic(let operation, let left, let right):
      .arithmetic(operation, change(left), change(right))
    case .arithmeticChain(let first, let rest):
      .arithmeticChain(
        first: change(first),
        rest: rest.map { BoundArithmeticStep($0.operation, change($0.operand)) })
    case .isNull(let operand): .isNull(change(operand))
    case .isNotNull(let operand): .isNotNull(change(operand))
    case .isIn(let element, let list): .isIn(change(element), list: change(list))
    case .startsWith(let left, let right): .startsWith(change(left), change(right))
    case .endsWith(let left, let right): .endsWith(change(left), change(right))
    case .contains(let left, let right): .contains(change(left), change(right))
    case .matchesRegularExpression(let left, let right):
      .matchesRegularExpression(change(left), change(right))
    default: nil
    }
  }

  private func compoundOver(
    _ change: (BoundExpression) -> BoundExpression
  ) -> BoundExpressionKind {
    switch kind {
    case .list(let elements): .list(elements.map(change))
    case .map(let entries):
      .map(entries.map { BoundMapEntry(key: $0.key, value: change($0.value)) })
    case .subscripted(let subject, let index): .subscripted(change(subject), index: change(index))
    case .slice(let subject, let from, let to):
      .slice(change(subject), from: from.map(change), to: to.map(change))
    case .call(let function, let arguments): .call(function, arguments.map(change))
    case .caseOf(let subject, let branches, let otherwise):
      .caseOf(
        subject: subject.map(change),
        branches: branches.map { branch in
          var branch = branch
          branch.condition = change(branch.condition)
          branch.result = change(branch.result)
          return branch
        }, otherwise: otherwise.map(change))
    case .listComprehension(let element, let list, let predicate, let result):
      .listComprehension(
        element: element, list: change(list), predicate: predicate.map(change),
        result: result.map(change))
    case .quantifier(let quantifier, let element, let list, let predicate):
      .quantifier(quantifier, element: element, list: change(list), predicate: change(predicate))
    case .reduce(let accumulator, let initial, let element, let list, let step):
      .reduce(
        accumulator: accumulator, initial: change(initial), element: element,
        list: change(list), step: change(step))
    case .mapProjection(let subject, let items):
      .mapProjection(
        change(subject),
        items: items.map { item in
          if case .entry(let key, let value) = item { return .entry(key, change(value)) }
          return item
        })
    default: kind
    }
  }
}
