// Two parts of a pattern that only equal values connect are not tried in every combination: the
// rows of the smaller part are held by their values, those of the other stream past them.
//
// What is proven:
// 1. The part begins with a source that reads nothing of the rows before it, and its operations
//    read only what it assigns itself, so that it yields the same for every row; nothing in it is
//    random.
// 2. A filter above it has `left = right` where one side reads only the part and the other side
//    only what was there before; neither can fail nor is random nor asks a subquery. Values that
//    are equal are equivalent, so that no pair is lost; the filter stays, since null and NaN are
//    equivalent to themselves and equal nothing.
// 3. What an index yields in the order of a sort keeps its order, so there the rule stays away;
//    what a WITH has sorted streams. Inner plans, which run again for every row, are left alone.

import Base
import Cypher

/// Joins by hashing what only equal values connect.
package struct HashJoinRule: PlanRule {
  package let name = "hash-join"

  package init() {}

  package func apply(to plan: Plan, output: SlotSet, _ catalog: any Catalog) -> Plan? {
    rewrite(plan)
  }

  private func rewrite(_ plan: Plan) -> Plan? {
    var result = plan
    var isChanged = false
    let inputs: Range<Int>
    switch plan.operation {
    case .sort(_, _, isPresorted: true): inputs = 0..<0
    case .union: inputs = plan.inputs.indices
    default: inputs = 0..<min(1, plan.inputs.count)
    }
    for index in inputs {
      guard let rewritten = rewrite(plan.inputs[index]) else { continue }
      result.inputs[index] = rewritten
      isChanged = true
    }
    return join(result) ?? (isChanged ? result : nil)
  }

  /// The join that replaces a filter over a product; `nil` where there is none.
  private func join(_ plan: Plan) -> Plan? {
    guard case .filter(let predicates) = plan.operation else { return nil }
    var part: [Plan] = []
    var (assigned, read): (SlotSet, SlotSet) = ([], [])
    var lookedAt = 0
    var before = plan.inputs[0]
    while before.operation.isRepeatableInPart {
      part.append(before)
      let isBeginning = before.operation.isSource
      before = before.inputs[0]
      guard isBeginning, !before.isSingleRow else { continue }
      for operation in part[lookedAt...].lazy.map(\.operation) {
        assigned.formUnion(operation.assigned)
        read.formUnion(operation.read)
      }
      lookedAt = part.count
      guard read.isSubset(of: assigned) else { continue }
      let keys = predicates.compactMap { key($0, assigned) }
      if !keys.isEmpty { return join(plan, predicates, part, assigned, before, keys) }
    }
    return nil
  }

  private func key(_ predicate: BoundExpression, _ assigned: SlotSet) -> HashJoinStep.Key? {
    guard case .comparison(.equal, let left, let right) = predicate.kind, !predicate.mayFail,
      predicate.isRepeatable
    else { return nil }
    for (outer, inner) in [(left, right), (right, left)] {
      let (known, found) = (outer.readSlots, inner.readSlots)
      if !known.isEmpty, known.isDisjoint(with: assigned), !found.isEmpty,
        found.isSubset(of: assigned)
      {
        return HashJoinStep.Key(streamed: outer, held: inner)
      }
    }
    return nil
  }

  private func join(
    _ plan: Plan, _ predicates: [BoundExpression], _ part: [Plan], _ assigned: SlotSet,
    _ before: Plan, _ keys: [HashJoinStep.Key]
  ) -> Plan? {
    let others = before.assignedSlots
    guard others.isDisjoint(with: assigned) else { return nil }
    var side = Plan(.argument([]))
    for operation in part.reversed() {
      var copy = operation
      copy.inputs[0] = side
      copy.rows = operation.rows / max(before.rows, 1)
      side = copy
    }
    // What asks only for the part is asked before the rows are paired.
    let inner = predicates.filter { predicate in
      !predicate.readSlots.isEmpty && predicate.readSlots.isSubset(of: assigned)
        && !predicate.mayFailAsCondition && predicate.isRepeatable
    }
    if !inner.isEmpty {
      side = Plan(.filter(inner), inputs: [side], rows: side.rows * Selectivity.of(inner))
    }
    let holdsPart = side.rows <= before.rows || !before.mayBeHeld
    var step = HashJoinStep(keys: keys, held: assigned)
    if !holdsPart { step = HashJoinStep(keys: keys.map(\.reversed), held: others) }
    let pairs = Plan(
      .hashJoin(step), inputs: holdsPart ? [before, side] : [side, before], rows: plan.rows)
    return Plan(
      .filter(predicates.filter { !inner.contains($0) }), inputs: [pairs], rows: plan.rows)
  }
}

extension PlanOperation {
  /// Whether rows begin here.
  fileprivate var isSource: Bool {
    switch self {
    case .nodeScan, .columnScan, .keySeek, .identitySeek, .indexSeek, .edgeScan: true
    default: false
    }
  }

  /// Whether it can be part of a pattern that is matched once instead of once per row.
  fileprivate var isRepeatableInPart: Bool {
    switch self {
    case .filter(let predicates), .prefilter(let predicates):
      !predicates.contains(where: \.isRandom)
    case .variableExpand(let run), .reach(let run):
      !run.elementPredicates.contains(where: \.isRandom)
    case .expand, .edgeEnds, .semiExpand, .path: true
    default: isSource
    }
  }
}

extension Plan {
  /// Whether there can be no more than one row.
  fileprivate var isSingleRow: Bool {
    switch operation {
    case .argument: true
    case .aggregate(let aggregation): aggregation.keys.isEmpty
    case .keySeek, .identitySeek, .filter, .prefilter, .project, .path, .storedCount:
      inputs[0].isSingleRow
    default: false
    }
  }

  /// Whether the rows may be held and the others stream: nothing is written on the way to them,
  /// and nobody has put them in order.
  fileprivate var mayBeHeld: Bool {
    if operation.isWriting { return false }
    switch operation {
    case .argument(let slots): return slots.isEmpty
    case .sort: return false
    default: return inputs.allSatisfy(\.mayBeHeld)
    }
  }
}
