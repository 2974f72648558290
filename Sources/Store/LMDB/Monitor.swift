// A mutex with a condition, for what `Mutex` cannot do: waiting for a state, and a lock that is
// held over a whole write transaction by one thread.

internal import Glibc

/// A lock that threads can wait on.
@safe final class Monitor: @unchecked Sendable {
  // @unchecked: both are made for sharing between threads, and their addresses never change.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    unsafe pthread_mutex_init(mutex, nil)
    // The clock of the wall may be set while somebody waits.
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(condition, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  func lock() { unsafe pthread_mutex_lock(mutex) }
  func unlock() { unsafe pthread_mutex_unlock(mutex) }
  func broadcast() { unsafe pthread_cond_broadcast(condition) }

  /// Waits for a broadcast, at most `milliseconds`; false when the time is up. Call it locked.
  func wait(milliseconds: Int) -> Bool {
    var until = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &until)
    until.tv_sec += milliseconds / 1000
    until.tv_nsec += (milliseconds % 1000) * 1_000_000
    if until.tv_nsec >= 1_000_000_000 {
      until.tv_sec += 1
      until.tv_nsec -= 1_000_000_000
    }
    return unsafe pthread_cond_timedwait(condition, mutex, &until) == 0
  }

  func withLock<Result>(_ body: () throws -> Result) rethrows -> Result {
    lock()
    defer { unlock() }
    return try body()
  }
}
