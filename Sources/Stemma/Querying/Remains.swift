// What a query leaves behind: its operators with their tables of keys and rows. To free millions of
// values takes longer than a query may take to stop, so that nobody waits for it.

import Executor
import Store

/// The operators of a query that has ended.
///
/// A run stays on one thread, and its end comes before the thread that frees what is left.
final class Remains: @unchecked Sendable {
  private var operators: [any Operator] = []

  /// Less than this is freed at once.
  private static let largeBytes = 8 << 20

  func keep(_ root: any Operator) { operators.append(root) }

  /// Frees everything; elsewhere where it is much.
  func free(heldBytes: Int) {
    guard heldBytes >= Self.largeBytes else {
      operators = []
      return
    }
    Parallel.detach { self.operators = [] }
  }
}
