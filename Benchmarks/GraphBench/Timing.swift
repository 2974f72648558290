// Measuring: medians of many rounds, printed one line each.

import Glibc

/// Times closures and prints what they took.
enum Timing {
  /// Seconds on a clock that never goes back.
  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Seconds of processor time that this process has used; unlike `now`, blind to its neighbours.
  static func processor() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Prints the median and the best of `rounds` runs, divided by `count`.
  static func report(
    _ name: String, rounds: Int, per count: Int = 1, _ body: () throws -> Void
  ) rethrows {
    var seconds: [Double] = []
    let used = processor()
    for _ in 0..<rounds {
      let start = now()
      try body()
      seconds.append((now() - start) / Double(count))
    }
    let each = (processor() - used) / Double(rounds * count)
    seconds.sort()
    print(
      "\(name): median \(shown(seconds[rounds / 2])), best \(shown(seconds[0])), "
        + "processor \(shown(each))")
  }

  static func shown(_ seconds: Double) -> String {
    if seconds < 1e-6 { return "\((seconds * 1e10).rounded() / 10) ns" }
    if seconds < 1e-3 { return "\((seconds * 1e8).rounded() / 100) us" }
    return "\((seconds * 1e5).rounded() / 100) ms"
  }
}
