// Threads for whoever reads the files of a load: Store has them, and only Graph sees Store.

import Store

/// Work on files before a load.
package enum LoadWork {
  /// What `body` gives for 0 up to `count`, in that order, made on all processors.
  package static func map<Part: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) -> Part
  ) -> [Part] {
    Parallel.map(count, body)
  }
}
