// The one interface of all operators. Rows are pulled: the consumer asks for a batch and says how
// many rows it can use, so that a point query pays for one row and a scan gets full batches. There
// is one `any` call per batch; nothing dynamic happens per row.
//
// What an operator keeps is marked `@exclusivity(unchecked)`: an operator belongs to one run, a run
// to one thread, and no operator is called while it is at work, so that two accesses cannot meet.
// The checks at run time would be a sixth of the instructions of a small query, since an operator
// holds its buffers open while its input runs.

import Base
package import Graph

/// A step of a running plan. An operator owns its input and its buffers; it never keeps the view.
package protocol Operator: AnyObject {
  /// Fills `batch` (cleared by the operator) with at least one and at most `limit` rows that count.
  /// Returns `false` where no row is left; the batch is then empty.
  func next(
    into batch: inout Batch, limit: Int, _ graph: borrowing GraphView, _ run: ExecutionRun
  ) throws -> Bool

  /// Starts again before the first row, keeping buffers; inputs are rewound as well.
  func rewind()
}

/// How many rows are asked for: one, then 64, then full batches.
package struct BatchGrowth {
  private var limit = 1
  private let most: Int

  package init(most: Int) { self.most = most }

  /// The size of the next batch.
  package mutating func advance() -> Int {
    defer { limit = limit < 64 ? 64 : Batch.capacity }
    return min(limit, most)
  }
}
