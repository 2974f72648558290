// The operators of a query, and what becomes of them: they wait for the next run of the same plan,
// or are freed. To free millions of values takes longer than a query may take to stop, so that
// nobody waits for it.

import Executor
import Graph
import Store

/// The operators of a query under way.
///
/// A run stays on one thread, and its end comes before the thread that frees what is left.
final class Remains: @unchecked Sendable {
  private var instance: PlanInstance?
  let run: ExecutionRun

  /// Less than this is freed at once.
  private static let largeBytes = 8 << 20

  init(_ instance: PlanInstance) {
    self.instance = instance
    run = instance.shared
  }

  /// Pulls all rows; see `PlanInstance.run`.
  func pull(_ graph: borrowing GraphView, _ consume: (Batch) throws -> Bool) throws {
    try instance?.run(graph, consume: consume)
  }

  /// Keeps the operators with their plan, unless they hold much.
  func give(to ready: ReadyPlan) {
    guard let instance, run.mostMemoryBytes <= PlanInstance.keptBytes else { return }
    self.instance = nil
    ready.giveBack(instance)
  }

  /// Frees what was not given away; elsewhere where it is much.
  func free() {
    guard instance != nil else { return }
    if run.mostMemoryBytes < Self.largeBytes {
      instance = nil
    } else {
      Parallel.detach { self.instance = nil }
    }
  }
}
