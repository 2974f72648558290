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

  /// Calls `take` with what `make` gives for 0 up to `count`, in that order and on this thread,
  /// while other threads make some that come next.
  package static func inOrder<Part: Sendable>(
    _ count: Int, make: @escaping @Sendable (Int) -> Part,
    take: (Part, _ index: Int) throws -> Void
  ) throws {
    var index = 0
    try Pipeline.run(count, window: 4 * Parallel.threads, make: make) { part in
      try take(part, index)
      index += 1
    }
  }
}
