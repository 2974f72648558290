// The time that waits are measured by: it goes on evenly whatever the machine's date is set to. It
// must never be stored, since it means nothing after a restart.

import Glibc

/// The monotonic clock of the machine.
package enum MonotonicTime {
  /// Milliseconds since some moment before the process started.
  package static func milliseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
  }
}
