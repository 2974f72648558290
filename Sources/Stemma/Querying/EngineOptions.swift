// Other ways to come to the same answers, for differential tests.

import Executor

/// How the engine works inside; answers never depend on it.
package struct EngineOptions: Sendable, Hashable {
  /// The largest number of rows in a batch.
  package var batchRows: Int
  /// Whether plans are improved by rules; where not, statistics are not looked at either.
  package var appliesRules: Bool

  package init(batchRows: Int = Batch.capacity, appliesRules: Bool = true) {
    self.batchRows = batchRows
    self.appliesRules = appliesRules
  }
}
