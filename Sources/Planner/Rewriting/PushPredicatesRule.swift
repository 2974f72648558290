// WHERE after WITH becomes WHERE of the MATCH before it, where a key or an index may answer it.
//
// What is proven:
// 1. The WITH neither sorts away nor cuts rows (no SKIP, no LIMIT): a row that the condition drops
//    afterwards can be dropped before. DISTINCT and grouping keep or lose all equal rows together;
//    over a grouping a condition may read keys only, and there are keys (without any, there is a
//    group even of no rows).
// 2. What the condition reads is handed on as it is, or computed by expressions that give the same
//    value each time they are asked, written out in its place.
// 3. The MATCH is not optional: there a row without a match stays.

import Base

/// Moves conditions down through projections.
package struct PushPredicatesRule: QueryRule {
  package let name = "push-predicates"

  package init() {}

  package func apply(to clauses: [BoundClause]) -> [BoundClause]? {
    var result = clauses
    var isChanged = false
    // From the last to the first, so that a condition falls as far as it can.
    for index in result.indices.dropFirst().reversed() {
      guard case .project(var projection) = result[index] else { continue }
      var open: [BoundExpression] = []
      for predicate in projection.predicates {
        if let moved = projection.below(predicate),
          let receiver = result[index - 1].receiving(moved)
        {
          result[index - 1] = receiver
          isChanged = true
        } else {
          open.append(predicate)
        }
      }
      projection.predicates = open
      result[index] = .project(projection)
    }
    return isChanged ? result : nil
  }
}

extension BoundProjection {
  /// The condition as it reads before the projection; `nil` where it must stay behind it.
  fileprivate func below(_ predicate: BoundExpression) -> BoundExpression? {
    guard skip == nil, limit == nil, !predicate.isRandom else { return nil }
    var replacements: [Slot: BoundExpression] = [:]
    for item in items where item.expression.plainSlot != item.slot {
      replacements[item.slot] = item.expression
    }
    guard let inside = predicate.replacing(replacements) else { return nil }
    guard let aggregation else { return isUnchanging(replacements, predicate) ? inside : nil }
    guard !aggregation.keys.isEmpty else { return nil }
    var keys: [Slot: BoundExpression] = [:]
    for key in aggregation.keys { keys[key.slot] = key.expression }
    let read = inside.readSlots
    guard read.isSubset(of: SlotSet(keys.keys)), isUnchanging(keys, inside) else { return nil }
    return inside.replacing(keys.filter { $0.value.plainSlot != $0.key })
  }

  /// Whether what the condition reads is the same however often it is computed.
  private func isUnchanging(
    _ sources: [Slot: BoundExpression], _ predicate: BoundExpression
  ) -> Bool {
    predicate.readSlots.allSatisfy { sources[$0]?.isRepeatable ?? true }
  }
}

extension BoundClause {
  /// The clause with one more condition on its rows; `nil` where it takes none.
  fileprivate func receiving(_ predicate: BoundExpression) -> BoundClause? {
    switch self {
    case .match(var match) where !match.isOptional:
      match.predicates.append(predicate)
      return .match(match)
    case .project(var projection) where projection.isWith:
      projection.predicates.append(predicate)
      return .project(projection)
    default: return nil
    }
  }
}

extension BoundProjection {
  /// Whether conditions behind it are its own to carry.
  fileprivate var isWith: Bool { !isReturn }
}
