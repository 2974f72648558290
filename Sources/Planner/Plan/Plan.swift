// Plans: trees of operations over slots, from the first row to the last. One type serves as logical
// and physical plan; rules replace logical operations by physical ones until none is left.

import Base

/// An operation with its inputs and what is expected of it.
package struct Plan: Sendable, Hashable {
  package var operation: PlanOperation
  /// The first is where rows come from; the others are inner plans or further branches.
  package var inputs: [Plan]
  /// Expected number of rows.
  package var rows: Double
  /// The slots of the input that are read by this operation's consumers; set by the last pass.
  package var carried: [Slot]
  /// The operation's number in its prepared plan; set by the last pass.
  package var identifier = 0

  package init(_ operation: PlanOperation, inputs: [Plan] = [], rows: Double = 1) {
    self.operation = operation
    self.inputs = inputs
    self.rows = rows
    self.carried = []
  }

  /// Whether this operation or one below it writes.
  package var isWriting: Bool { operation.isWriting || inputs.contains(where: \.isWriting) }

  /// Whether this operation or one below it is such a one.
  func contains(_ isWanted: (PlanOperation) -> Bool) -> Bool {
    isWanted(operation) || inputs.contains { $0.contains(isWanted) }
  }
}

/// A statement ready to be run.
package struct PreparedPlan: Sendable {
  package var root: Plan
  package var columns: [BoundColumn]
  /// Slots of the statement and those that the planner added.
  package var slotCount: Int
  /// The plans of subqueries inside expressions.
  package var subqueries: [BoundSubquery: Plan]
  /// The same in the order of the text, outer ones first: how they are numbered and shown.
  package var subqueryOrder: [BoundSubquery]
  /// Where a row of a subquery that counts stands for several: how many.
  package var weights: [BoundSubquery: Slot]
  /// Slots that number the rows that an EXISTS is asked of, where its plan can be run for many rows
  /// at once: what it yields comes in their order.
  package var rowNumbers: [BoundSubquery: Slot] = [:]
  package var isWriting: Bool
  /// The rules that changed the plan, in order.
  package var appliedRules: [String]

  package init(
    root: Plan, columns: [BoundColumn], slotCount: Int, subqueries: [BoundSubquery: Plan],
    subqueryOrder: [BoundSubquery], weights: [BoundSubquery: Slot] = [:], isWriting: Bool,
    appliedRules: [String]
  ) {
    self.root = root
    self.columns = columns
    self.slotCount = slotCount
    self.subqueries = subqueries
    self.subqueryOrder = subqueryOrder
    self.weights = weights
    self.isWriting = isWriting
    self.appliedRules = appliedRules
  }

  /// The subqueries with their plans, in the order of the text.
  var orderedSubqueries: [(BoundSubquery, Plan)] {
    subqueryOrder.compactMap { subquery in subqueries[subquery].map { (subquery, $0) } }
  }
}
