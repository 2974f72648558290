// Who may write in this process: one thread at a time, from begin to commit. LMDB's own lock knows
// its owning thread, and a commit from another thread would hang the next writer for ever.

internal import Glibc

/// The lock that a writer holds from begin to commit.
final class WriterTurn: @unchecked Sendable {
  // @unchecked: `owner` is written only by the holder of `monitor`; others compare it to
  // themselves, which no write of another thread can make true.
  private let monitor = Monitor()
  private nonisolated(unsafe) var owner: pthread_t = 0
  /// Writes that wait to share a commit.
  let queue = GroupQueue()

  /// Takes the turn; throws `nestedWrite` where this thread has it already.
  func take() throws(StoreError) {
    if unsafe owner != 0, unsafe pthread_equal(owner, pthread_self()) != 0 {
      throw StoreError(.nestedWrite)
    }
    monitor.lock()
    unsafe owner = pthread_self()
  }

  func giveBack() {
    unsafe owner = 0
    monitor.unlock()
  }
}
