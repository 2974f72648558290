// What lies above an operation, as far as rules must know it to prove that nobody can tell the
// difference.

import Base

/// The consumers of an operation's rows.
struct Consumer {
  /// Whether they cannot tell equal rows apart.
  var dropsDuplicates: Bool
  /// The slots that are read above.
  var read: SlotSet
  /// The edge slots from which other relationships must differ.
  var distinctEdges: SlotSet = []

  /// The consumers of one of the inputs of `plan`.
  func below(_ plan: Plan, input index: Int) -> Consumer {
    var below = self
    if case .aggregate(let aggregation) = plan.operation {
      below.dropsDuplicates = aggregation.ignoresDuplicates
      below.read = aggregation.expressions.readSlots
      return below
    }
    below.read.formUnion(plan.operation.read)
    below.read.formUnion(plan.innerSlots)
    switch plan.operation {
    case .distinct: below.dropsDuplicates = true
    case .sort(_, let limits, _): if !limits.isEmpty { below.dropsDuplicates = false }
    case .filter(let predicates), .prefilter(let predicates):
      if !predicates.allSatisfy(\.isRepeatable) { below.dropsDuplicates = false }
    case .project(let items):
      if !items.allSatisfy(\.expression.isRepeatable) { below.dropsDuplicates = false }
    case .unwind(let list, _): if !list.isRepeatable { below.dropsDuplicates = false }
    case .expand(let step): below.distinctEdges.formUnion(step.distinctFrom)
    case .variableExpand(let run), .reach(let run), .shortestPath(let run, _):
      below.distinctEdges.formUnion(run.step.distinctFrom)
    case .edgeScan(let step), .edgeEnds(let step):
      below.distinctEdges.formUnion(step.distinctFrom)
    case .union(_, let outputs): below.read.formUnion(outputs[index])
    case .optional(let nulls, _):
      if index == 1 { below.read.formUnion(nulls.filter(read.contains)) }
    case .elements, .nodeScan, .columnScan, .keySeek, .identitySeek, .indexSeek, .path,
      .argument, .semiExpand, .storedCount:
      break
    default: below.dropsDuplicates = false
    }
    return below
  }
}

extension Plan {
  /// Whether something in it drops duplicates. Most plans have no such thing, and looking at what
  /// each operation reads is not free.
  var dropsDuplicates: Bool {
    contains {
      switch $0 {
      case .distinct: true
      case .aggregate(let aggregation): aggregation.ignoresDuplicates
      default: false
      }
    }
  }
}

extension BoundAggregation {
  /// Whether equal rows count once in every call.
  fileprivate var ignoresDuplicates: Bool {
    calls.allSatisfy { call in
      call.isDistinct || call.function == .min || call.function == .max
    } && expressions.allSatisfy(\.isRepeatable)
  }
}

extension BoundExpression {
  /// Whether equal rows give equal results; what subqueries do is not looked at.
  package var isRepeatable: Bool {
    if case .subquery = kind { return false }
    return !variesBetweenCalls && !anyChild { !$0.isRepeatable }
  }

  /// Whether a function is called whose results vary between calls, such as `rand()`.
  package var isRandom: Bool { variesBetweenCalls || anyChild(\.isRandom) }

  private var variesBetweenCalls: Bool {
    guard case .call(let function, _) = kind else { return false }
    return !function.signature.isDeterministic
  }
}
