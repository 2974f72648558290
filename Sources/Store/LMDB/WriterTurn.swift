// Who may write in this process: one thread at a time, from begin to commit. LMDB's own lock knows
// its owning thread, and a commit from another thread would hang the next writer for ever.

internal import Glibc
internal import Synchronization

/// The lock that a writer holds from begin to commit.
final class WriterTurn: Sendable {
  private let monitor = Monitor()
  /// The thread that has the turn, 0 for none. Others compare it to themselves only, which no write
  /// of another thread can make true.
  private let owner = Atomic<UInt>(0)
  /// Writes that wait to share a commit.
  let queue = GroupQueue()

  /// Takes the turn; throws `nestedWrite` where this thread has it already.
  func take() throws(StoreError) {
    try requireFree()
    monitor.lock()
    owner.store(UInt(pthread_self()), ordering: .relaxed)
  }

  /// Throws `nestedWrite` where this thread has the turn.
  func requireFree() throws(StoreError) {
    if owner.load(ordering: .relaxed) == UInt(pthread_self()) { throw StoreError(.nestedWrite) }
  }

  func giveBack() {
    owner.store(0, ordering: .relaxed)
    monitor.unlock()
  }
}
