// What Slurm says of a job, and what that means for a run whose result is not there.

import Sandbox

/// How far a job is, in Slurm's words.
struct SlurmState: Sendable, Hashable {
  /// `PENDING`, `RUNNING`, `COMPLETED`, ...; what `CANCELLED by 1000` says besides is dropped.
  let name: String

  init(_ text: some StringProtocol) {
    name = String(text.prefix { $0.isLetter || $0 == "_" }).uppercased()
  }

  private static let ended: Set<String> = [
    "COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "DEADLINE", "OUT_OF_MEMORY", "NODE_FAIL",
    "BOOT_FAIL", "PREEMPTED", "REVOKED", "LAUNCH_FAILED", "UNKNOWN",
  ]

  /// Nobody knows the job any more.
  static let unknown = SlurmState("UNKNOWN")

  /// Whether nothing of it goes on; everything else is waited for, such as PENDING, RUNNING,
  /// SUSPENDED, COMPLETING or REQUEUED.
  var isOver: Bool { Self.ended.contains(name) }

  /// What became of a run whose job is over and left no result.
  ///
  /// - Parameters:
  ///   - hasStarted: whether our runner had begun: before that nothing is the program's fault.
  ///   - said: what the job printed.
  func outcome(
    job: String, budget: SandboxBudget, hasStarted: Bool, said: String
  ) -> SandboxOutcome {
    var outcome = SandboxOutcome(status: .failed)
    let tail = said.isEmpty ? "" : ": \(said)"
    outcome.message = "job \(job) ended as \(name) and left no result\(tail)"
    guard hasStarted else { return outcome }
    switch name {
    case "TIMEOUT", "DEADLINE":
      outcome.status = .killed
      outcome.exceeded = .wall
      outcome.wallMilliseconds = budget.wallMilliseconds
      outcome.message = "Slurm ended job \(job) at its time limit"
    case "OUT_OF_MEMORY":
      outcome.status = .killed
      outcome.exceeded = .memory
      outcome.memoryPeakBytes = budget.memoryBytes
      outcome.message = "Slurm ended job \(job) because its memory was used up"
    default: break
    }
    return outcome
  }
}
