// The commands of Slurm: sbatch, squeue, scontrol, sacct, scancel. Only these are spoken to, since
// every cluster has them; nothing here decides what a job is worth.

import Base
import Models

/// Slurm on this machine.
struct SlurmCommands: Sendable {
  /// One job of the queue.
  struct Line: Sendable {
    var job: String
    var state: SlurmState
    var name: String
  }

  /// The folder of the programs; `nil` for those of PATH.
  let folder: String?
  /// The number of the user whose jobs are listed.
  let user: UInt32

  /// A controller that is restarted is away for so long at most.
  private static let timeoutMilliseconds = 60_000

  /// Submits a script.
  ///
  /// - Returns: the job's number; `nil` where Slurm cannot take jobs just now.
  /// - Throws: `sandbox.unavailable` with Slurm's words where it refuses the job.
  func submit(_ script: String, options: [String]) throws -> String? {
    switch ask("sbatch", ["--parsable"] + options, input: script) {
    case .answered(let bytes):
      // With several clusters it is `number;cluster`.
      let text = String(decoding: bytes, as: UTF8.self)
      let number = text.prefix { $0.isASCII && $0.isNumber }
      guard !number.isEmpty else { throw refusal("sbatch said no number: \(text.prefix(200))") }
      return String(number)
    case .timedOut: return nil
    case .refused(let reasons): throw refusal(reasons.joined(separator: "; "))
    case .failed(let reason):
      guard Self.passes.contains(where: { reason.contains($0) }) else { throw refusal(reason) }
      return nil
    }
  }

  /// What Slurm says where a later try may succeed.
  private static let passes = [
    "Unable to contact", "Socket timed out", "Connection refused", "temporarily unable",
    "Resource temporarily unavailable", "Zero Bytes were transmitted", "SubmitJobLimit",
    "QOSMaxSubmitJob",
  ]

  private func refusal(_ words: String) -> StemmaError {
    StemmaError(
      .sandboxUnavailable,
      "Slurm does not take the job: "
        + words.split(whereSeparator: \.isNewline).joined(separator: "; "),
      advice: "Look at [slurm] in the campaign file and at `sinfo`; docs/slurm.md has what is sent."
    )
  }

  /// All jobs of the user that the controller remembers; `nil` where it does not answer.
  func queue() -> [Line]? {
    let answer = ask(
      "squeue",
      ["--noheader", "--states=all", "--user=\(user)", "--format=%i|%T|%j"])
    guard case .answered(let bytes) = answer else { return nil }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return nil }
      return Line(job: String(parts[0]), state: SlurmState(parts[1]), name: String(parts[2]))
    }
  }

  /// A job that the queue does not list any more: asked of the controller, then of the accounts.
  func state(of job: String) -> SlurmState? {
    if case .answered(let bytes) = ask("scontrol", ["--oneliner", "show", "job", job]),
      let range = String(decoding: bytes, as: UTF8.self).firstRange(of: "JobState=")
    {
      return SlurmState(String(decoding: bytes, as: UTF8.self)[range.upperBound...])
    }
    let words = ["--noheader", "--parsable2", "--allocations", "--jobs=\(job)", "--format=State"]
    guard case .answered(let bytes) = ask("sacct", words) else { return nil }
    let state = SlurmState(String(decoding: bytes, as: UTF8.self))
    return state.name.isEmpty ? nil : state
  }

  func cancel(_ job: String) { _ = ask("scancel", [job]) }

  /// A program that reads and writes is asked as one that proposes is.
  private func ask(_ program: String, _ words: [String], input: String = "") -> ProviderReply {
    let path = folder.map { $0 + "/" + program } ?? program
    return CommandProvider(
      command: [path] + words, directory: "/", timeoutMilliseconds: Self.timeoutMilliseconds,
      outputLimitBytes: 64 << 20
    ).reply(to: ProviderRequest(role: .proposer, ordinal: 0, body: Array(input.utf8)))
  }
}
