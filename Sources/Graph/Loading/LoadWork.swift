// Threads for whoever reads the files of a load or writes those of an export: Store has them, and
// only Graph sees Store.

import Store

/// Work on many parts of files.
package enum LoadWork {
  /// What `body` gives for 0 up to `count`, in that order, made on all processors.
  package static func map<Part: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) -> Part
  ) -> [Part] {
    Parallel.map(count, body)
  }

  /// Calls `take` with what `make` gives for 0 up to `count`, in that order and on this thread,
  /// while other threads make some that come next: at most `window`.
  package static func inOrder<Part: Sendable>(
    _ count: Int, window: Int = 4 * Parallel.threads, make: @escaping @Sendable (Int) -> Part,
    take: (Part, _ index: Int) throws -> Void
  ) throws {
    var index = 0
    try Pipeline.run(count, window: window, make: make) { part in
      try take(part, index)
      index += 1
    }
  }

  /// Runs `other` on a thread of its own while `body` runs here; returns when both are done.
  package static func both<Here, Other: Sendable>(
    _ other: @escaping @Sendable () -> Other, _ body: () throws -> Here
  ) rethrows -> (Here, Other) {
    try Parallel.both(other, body)
  }
}
