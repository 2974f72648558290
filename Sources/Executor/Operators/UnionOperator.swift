// UNION ALL: the rows of each input, one after the other, with columns moved to common slots.

import Base
package import Graph

/// Concatenates inputs that have the same number of columns.
package final class UnionOperator: Operator {
  /// An input and, for each column, the slot that it has there.
  package struct Branch {
    package var input: any Operator
    package var slots: [Int]
    package init(input: any Operator, slots: [Int]) {
      self.input = input
      self.slots = slots
    }
  }

  private let branches: [Branch]
  private let slots: [Int]
  @exclusivity(unchecked) private var scratch: Batch
  @exclusivity(unchecked) private var current = 0

  /// `slots` receive the columns.
  package init(branches: [Branch], slots: [Int], slotCount: Int) {
    self.branches = branches
    self.slots = slots
    scratch = Batch(slotCount: slotCount)
  }

  package func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool {
    batch.clear()
    while current < branches.count {
      let branch = branches[current]
      guard try branch.input.next(into: &scratch, limit: limit, graph, run) else {
        current += 1
        continue
      }
      for (target, source) in zip(slots, branch.slots) {
        batch.columns[target] = scratch.columns[source]
      }
      batch.rowCount = scratch.rowCount
      batch.selection = scratch.selection
      return true
    }
    return false
  }

  package func rewind() {
    current = 0
    for branch in branches { branch.input.rewind() }
  }
}
