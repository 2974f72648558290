// The operations that plans are made of.

package import Base
import Cypher

/// What one step of a plan does.
package indirect enum PlanOperation: Sendable, Hashable {
  // Where rows begin.
  /// One row: empty at the top, the outer row (with these slots) in an inner plan.
  case argument([Slot])

  // Matching.
  case nodeScan(Slot, label: Text?)
  case columnScan(ColumnScanStep)
  case keySeek(Slot, key: BoundExpression)
  case identitySeek(Slot, identity: BoundExpression)
  case indexSeek(IndexSeekStep)
  case edgeScan(EdgeEndsStep)
  case edgeEnds(EdgeEndsStep)
  case expand(ExpandStep)
  /// How many edges a step would follow, times a weight, as the weight; a row without one is
  /// dropped.
  case degree(ExpandStep, weight: Slot, times: Slot?)
  /// Drops the rows from which a step would follow no edge.
  case semiExpand(ExpandStep)
  /// A number that statistics keep.
  case storedCount(Slot, StoredCount)
  case variableExpand(VariableExpandStep)
  /// The distinct ends of a variable-length relationship; no edges come out.
  case reach(VariableExpandStep)
  case shortestPath(VariableExpandStep, wantsAll: Bool)
  case repeatGroup(RepeatStep)
  case selectPaths(SelectPathsStep)
  /// Numbers the rows.
  case number(Slot)
  case path(PathStep)

  // Rows.
  case filter([BoundExpression])
  /// Drops rows for which a predicate is certainly not true; one that cannot be evaluated yet keeps
  /// its row. A `filter` follows.
  case prefilter([BoundExpression])
  case project([SlotExpression])
  case aggregate(BoundAggregation)
  case distinct([Slot])
  /// `limits` add up to the number of rows that are wanted; empty for all. With `isPresorted` the
  /// rows come in the order of the first key already.
  case sort([BoundSortKey], limits: [BoundExpression], isPresorted: Bool)
  case slice(skip: BoundExpression?, limit: BoundExpression?)
  case unwind(BoundExpression, Slot)
  /// One row per distinct element that is not null: the values of `IN` for a seek.
  case elements(BoundExpression, Slot)
  case call(BoundCall)
  /// Inputs: rows, inner plan. The inner plan's new slots are null where it yields nothing.
  case optional(nulls: [Slot], number: Slot)
  /// Inputs: the rows that stream, and those that are held by their keys.
  case hashJoin(HashJoinStep)
  /// Inputs: the branches, whose outputs are moved to the slots.
  case union([Slot], outputs: [[Slot]])

  // Writing.
  case create(BoundCreate)
  /// Inputs: rows, and the plan that matches the pattern.
  case merge(BoundMerge)
  case set([BoundSetItem])
  case remove([BoundRemoveItem])
  case delete(BoundDelete)
  /// Inputs: rows, and the plan of the body.
  case forEach(Slot, list: BoundExpression)

  package var isWriting: Bool {
    switch self {
    case .create, .merge, .set, .remove, .delete, .forEach: true
    case .call(let call): call.procedure.isWriting
    default: false
    }
  }
}

/// An expression and the slot that receives it.
package struct SlotExpression: Sendable, Hashable {
  package var slot: Slot
  package var expression: BoundExpression

  package init(slot: Slot, expression: BoundExpression) {
    self.slot = slot
    self.expression = expression
  }
}
