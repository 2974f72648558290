// The clock that budgets are measured with: it never jumps.

import CSandbox

enum MonotonicClock {
  static func nanoseconds() -> UInt64 { csandbox_monotonic_nanoseconds() }
  static func milliseconds() -> Int { Int(nanoseconds() / 1_000_000) }
}
