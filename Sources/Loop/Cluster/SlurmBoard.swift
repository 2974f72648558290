// One look at the queue for all slots: a controller is asked once per period, however many jobs
// there are.

import Base
import Models
import Synchronization

/// The states of all jobs, at most one period old.
final class SlurmBoard: Sendable {
  private struct Look {
    var at = -1
    var lines: [String: SlurmCommands.Line] = [:]
    /// How often a job was neither in the queue nor known to anybody.
    var missed: [String: Int] = [:]
  }

  /// Accounts lag behind the queue: so many looks in a row have to miss a job.
  private static let missesUntilUnknown = 3

  let commands: SlurmCommands
  private let periodMilliseconds: Int
  private let look = Mutex(Look())

  init(_ commands: SlurmCommands, periodMilliseconds: Int) {
    self.commands = commands
    self.periodMilliseconds = periodMilliseconds
  }

  /// How far a job is; `nil` for no news.
  func state(of job: String) -> SlurmState? {
    look.withLock { look in
      guard refresh(&look) else { return look.lines[job]?.state }
      if let line = look.lines[job] {
        look.missed[job] = nil
        return line.state
      }
      if let state = commands.state(of: job) { return state }
      look.missed[job, default: 0] += 1
      return look.missed[job, default: 0] >= Self.missesUntilUnknown ? .unknown : nil
    }
  }

  /// The jobs whose names start with `prefix`, as they are now.
  func jobs(named prefix: String) -> [SlurmCommands.Line] {
    look.withLock { look in
      look.at = -1
      _ = refresh(&look)
      return look.lines.values.filter { $0.name.hasPrefix(prefix) }
        .sorted { $0.job.utf8.lexicographicallyPrecedes($1.job.utf8) }
    }
  }

  /// Asks the controller where the last look is too old. True where it answered now.
  private func refresh(_ look: inout Look) -> Bool {
    let now = MonotonicTime.milliseconds()
    guard look.at < 0 || now - look.at >= periodMilliseconds else { return false }
    guard let lines = commands.queue() else {
      look.at = now
      return false
    }
    look.at = MonotonicTime.milliseconds()
    look.lines = Dictionary(lines.map { ($0.job, $0) }) { _, last in last }
    return true
  }
}
