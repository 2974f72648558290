// Parts that other threads make while this one uses them up in their order: memory holds no more of
// them than a window. What comes out depends on the parts alone, never on which thread was first.

/// Makes parts on other threads and takes them on this one.
package enum Pipeline {
  /// Calls `take` with what `make` gives for 0 up to `count`, in that order and on this thread,
  /// while other threads make those that come next, at most `window` ahead. Returns when all are
  /// taken; where `take` throws, when no thread is left.
  package static func run<Part: Sendable>(
    _ count: Int, window: Int, make: @escaping @Sendable (Int) -> Part,
    take: (Part) throws -> Void
  ) rethrows {
    let line = PipelineState<Part>(count: count, window: max(1, window))
    let threads = min(count, Parallel.threads)
    let started = (0..<threads).compactMap { _ in
      Parallel.start { while let index = line.next() { line.put(make(index), at: index) } }
    }
    defer {
      line.stop()
      for thread in started { Parallel.join(thread) }
    }
    for index in 0..<count {
      // Where there is no thread to be had, this one makes the parts.
      let part = started.isEmpty ? make(index) : line.wait(for: index)
      try take(part)
    }
  }
}

/// What the threads of a pipeline share.
private final class PipelineState<Part: Sendable>: @unchecked Sendable {
  // @unchecked: everything below is touched only with `monitor` locked.
  private let monitor = Monitor()
  private let count: Int
  private let window: Int
  private var made: [Int: Part] = [:]
  private var nextToMake = 0
  private var taken = 0
  private var isStopped = false

  init(count: Int, window: Int) {
    self.count = count
    self.window = window
  }

  /// The next part to be made; waits while the window is full, `nil` when there is no more to do.
  func next() -> Int? {
    monitor.withLock {
      while !isStopped, nextToMake < count, nextToMake >= taken + window {
        _ = monitor.wait(milliseconds: 1_000)
      }
      guard !isStopped, nextToMake < count else { return nil }
      nextToMake += 1
      return nextToMake - 1
    }
  }

  func put(_ part: Part, at index: Int) {
    monitor.withLock {
      made[index] = part
      monitor.broadcast()
    }
  }

  func wait(for index: Int) -> Part {
    monitor.withLock {
      while true {
        if let part = made.removeValue(forKey: index) {
          taken = index + 1
          monitor.broadcast()
          return part
        }
        _ = monitor.wait(milliseconds: 1_000)
      }
    }
  }

  func stop() {
    monitor.withLock {
      isStopped = true
      monitor.broadcast()
    }
  }
}
