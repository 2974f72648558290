// A process that wrote and now only waits must not hold pages for ever, nor leave its store to be
// put in order by whoever comes next: a second after its last commit the tables are synced and the
// generation ends. The thread for it lives only from a commit to that rest.

internal import Glibc

/// When the journal of an environment comes to rest.
final class JournalRest: @unchecked Sendable {
  // @unchecked: everything is behind the monitor.
  private static let idleMilliseconds = 1000

  private let monitor = Monitor()
  private var commits = 0
  private var isWaiting = false
  private var isStopped = false
  private var threads = 0

  /// Call it after each commit that left a generation open. `rest` is called once, on a thread of
  /// its own, when no other commit has followed for a second.
  func schedule(_ rest: @escaping @Sendable () -> Void) {
    let starts = monitor.withLock {
      commits += 1
      if isWaiting || isStopped { return false }
      isWaiting = true
      threads += 1
      return true
    }
    guard starts else { return }
    if let thread = Parallel.start({ self.wait(for: rest) }) {
      pthread_detach(thread)
    } else {
      // The next commit tries again.
      monitor.withLock {
        isWaiting = false
        threads -= 1
      }
    }
  }

  private func wait(for rest: () -> Void) {
    let isIdle = monitor.withLock {
      var seen = -1
      while !isStopped, seen != commits {
        seen = commits
        _ = monitor.wait(milliseconds: Self.idleMilliseconds)
      }
      isWaiting = false
      return !isStopped
    }
    if isIdle { rest() }
    monitor.withLock {
      threads -= 1
      monitor.broadcast()
    }
  }

  /// No rest begins after this, and none is under way when it returns.
  func stop() {
    monitor.withLock {
      isStopped = true
      monitor.broadcast()
      while threads > 0 { _ = monitor.wait(milliseconds: 1000) }
    }
  }
}
