// A count over a pattern need not meet every match: relationships whose far ends nobody looks at
// multiply the count by how many there are, which is known at the near end. Over many-to-many
// relationships that is the difference between a sum and a product of their numbers.
//
// What is proven, for `count(*)`, and `count(x)` of what the pattern binds, grouped by anything:
// 1. The relationship is single, leads to a node that is not bound otherwise, and neither it nor
//    that node is read above: by no key, condition, other relationship or path.
// 2. No relationship of its clause must differ from it, nor it from any.
// 3. What lies between it and the count treats rows one by one: no grouping, cutting, sorting, no
//    optional part, and nothing random, which would be asked less often.
// 4. Nothing in the plan writes.
// A row for which there is none is dropped, so that no group comes of it; the count is the sum of
// the products.

import Base

/// Replaces expansions below counts by degrees.
package struct FactorisedCountRule: PlanRule {
  package let name = "factorised-count"

  package init() {}

  package func apply(to plan: Plan, output: SlotSet, _ catalog: any Catalog) -> Plan? {
    if plan.isWriting { return nil }
    return plan.rewriting { plan in
      guard case .aggregate(var aggregation) = plan.operation, !aggregation.calls.isEmpty,
        let input = plan.inputs.first
      else { return nil }
      let certain = input.certainSlots
      guard aggregation.calls.allSatisfy({ $0.countsRows(certain) }) else { return nil }
      let read = aggregation.keys.map(\.expression).readSlots
      guard let (weighed, weight) = Self.weigh(input, read) else { return nil }
      for index in aggregation.calls.indices {
        aggregation.calls[index].function = .sum
        aggregation.calls[index].arguments = [
          BoundExpression(.slot(weight), type: .integer, range: aggregation.calls[index].range)
        ]
      }
      var result = plan
      result.operation = .aggregate(aggregation)
      result.inputs[0] = weighed
      return result
    }
  }

  /// The plan with degrees in place of expansions, and the slot with the weight of each row; the
  /// slot of a node that nobody reads serves for it.
  static func weigh(_ plan: Plan, _ read: SlotSet) -> (plan: Plan, weight: Slot)? {
    guard plan.operation.takesRowsOneByOne, let input = plan.inputs.first else { return nil }
    let below = weigh(input, read.union(plan.operation.read))
    var result = plan
    if let below { result.inputs[0] = below.plan }
    guard case .expand(let step) = plan.operation, step.leadsNowhere(read) else {
      return below.map { (result, $0.weight) }
    }
    result.operation = .degree(step.counted, weight: step.to, times: below?.weight)
    result.rows = min(plan.rows, input.rows)
    return (result, step.to)
  }
}

extension ExpandStep {
  /// Whether nobody can tell its edges apart but by counting them.
  func leadsNowhere(_ read: SlotSet) -> Bool {
    !isInto && distinctFrom.isEmpty && !read.contains(to) && !(edge.map(read.contains) ?? false)
      && to != from
  }

  /// The step without an edge slot.
  var counted: ExpandStep {
    var result = self
    result.edge = nil
    return result
  }
}

extension Plan {
  /// Slots that hold something in every row: what matching has bound.
  fileprivate var certainSlots: SlotSet {
    guard operation.takesRowsOneByOne else { return [] }
    let mine: SlotSet =
      switch operation {
      case .expand, .nodeScan, .columnScan, .indexSeek, .keySeek, .identitySeek, .edgeScan:
        operation.assigned
      default: []
      }
    return mine.union(inputs.first?.certainSlots ?? [])
  }
}

extension BoundAggregateCall {
  fileprivate func countsRows(_ certain: SlotSet) -> Bool {
    if function == .countAll { return true }
    guard function == .count, !isDistinct, let slot = arguments.first?.plainSlot else {
      return false
    }
    return certain.contains(slot)
  }
}

extension PlanOperation {
  /// Whether each row of the input is taken by itself, whatever the others are.
  fileprivate var takesRowsOneByOne: Bool {
    switch self {
    case .filter(let predicates), .prefilter(let predicates):
      !predicates.contains(where: \.isRandom)
    case .project(let items): !items.contains { $0.expression.isRandom }
    case .unwind(let list, _), .elements(let list, _): !list.isRandom
    case .variableExpand(let run), .reach(let run):
      !run.elementPredicates.contains(where: \.isRandom)
    case .nodeScan, .columnScan, .keySeek, .identitySeek, .indexSeek, .edgeScan, .edgeEnds,
      .expand, .path:
      true
    default: false
    }
  }
}
