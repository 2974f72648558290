// How much memory the process has of its own while something runs: not what it maps of files, which
// the machine takes back when it wants to.

import Foundation
import Synchronization

/// Looks at the process every millisecond.
enum AnonymousMemory {
  /// Runs `body` and returns the most that was seen meanwhile, in MiB.
  static func most(during body: () throws -> Void) rethrows -> Int {
    let most = Atomic<Int>(now())
    let isDone = Atomic<Bool>(false)
    let watcher = Thread {
      while !isDone.load(ordering: .relaxed) {
        _ = most.max(now(), ordering: .relaxed)
        usleep(1_000)
      }
    }
    try withExtendedLifetime(watcher) {
      watcher.start()
      defer {
        isDone.store(true, ordering: .relaxed)
        while !watcher.isFinished { usleep(100) }
      }
      try body()
    }
    return max(most.load(ordering: .relaxed), now()) >> 10
  }

  /// In KiB.
  private static func now() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
    return line.flatMap { Int($0.dropFirst(8).filter(\.isNumber)) } ?? 0
  }
}
