// Checkpoints that nobody has to think of: a loop signs one at its end, or after every round, with
// the log's key of whoever runs it.

import ArgumentParser
import Audit
import Base
import Loop
import Stemma

/// When checkpoints are signed without being asked for.
enum CheckpointRhythm: String, CaseIterable, ExpressibleByArgument, Sendable {
  case never, round, end
}

/// Signs checkpoints while a loop runs.
final class AutomaticCheckpoints {
  private let rhythm: CheckpointRhythm
  private let trail: AuditTrail

  init(_ rhythm: CheckpointRhythm, _ database: Database) {
    self.rhythm = rhythm
    trail = AuditTrail(database)
  }

  func take(_ event: LoopEvent) {
    if rhythm == .round, case .report(_, "round", _) = event { sign() }
  }

  func end() {
    if rhythm != .never { sign() }
  }

  /// What goes wrong here must not end a loop: whatever is stored can be signed later.
  private func sign() {
    do {
      let key = try LogKey.existing(trail, path: nil)
      _ = try trail.makeCheckpoint(key: key, actor: Text(Account.actor))
    } catch {
      Terminal.printError("no checkpoint was signed: \(error)")
    }
  }
}
