// The sandbox commands as functions on values: what a command line gives comes in, what it prints
// and its exit status go out. Parsing of arguments and terminals belong to the program.

import Base
import CSandbox
import Glibc

/// `sandbox run`: a program under budgets.
public struct SandboxRunArguments: Sendable {
  public var specification: SandboxSpecification
  /// Where the status is written as JSON; `nil` for nowhere.
  public var statusFile: String?

  public init(specification: SandboxSpecification, statusFile: String? = nil) {
    self.specification = specification
    self.statusFile = statusFile
  }
}

/// The commands of the sandbox.
public enum SandboxCommandLine {
  /// Exit statuses of `timeout`, `sh` and isolate: 124 for wall time, 137 for any other budget.
  public static let wallExitStatus: Int32 = 124
  public static let budgetExitStatus: Int32 = 137
  public static let cancelledExitStatus: Int32 = 130
  /// Our own fault or the machine's.
  public static let failedExitStatus: Int32 = 125

  /// Runs a program; its output goes to this process's own standard output and error as it comes.
  ///
  /// - Returns: the exit status for the process and the outcome.
  /// - Throws: as `Sandbox.run`, after the status file was written.
  public static func run(
    _ arguments: SandboxRunArguments
  ) throws -> (exitStatus: Int32, outcome: SandboxOutcome) {
    let budget = arguments.specification.budget
    csandbox_catch_termination()
    do {
      let outcome = try Sandbox().run(
        arguments.specification, isCancelled: isTerminated, onOutput: passThrough)
      try writeStatus(SandboxStatusFile.text(outcome, budget), arguments.statusFile)
      return (exitStatus(of: outcome), outcome)
    } catch let error as StemmaError {
      try writeStatus(SandboxStatusFile.text(error), arguments.statusFile)
      throw error
    }
  }

  /// Evaluates a run; the evaluator's own output goes to standard error.
  ///
  /// - Returns: the exit status, the accepted scores as one line of JSON (`nil` for none), and why
  ///   there are none.
  public static func evaluate(
    _ evaluation: EvaluationSpecification, statusFile: String? = nil
  ) throws -> (exitStatus: Int32, scores: String?, refusal: String?) {
    csandbox_catch_termination()
    let outcome = try Sandbox().evaluate(
      evaluation, isCancelled: isTerminated,
      onOutput: { _, bytes in passThrough(.errors, bytes) })
    try writeStatus(SandboxStatusFile.text(outcome.sandbox, evaluation.budget), statusFile)
    guard let report = outcome.report else {
      let status = exitStatus(of: outcome.sandbox)
      return (status == 0 ? 1 : status, nil, outcome.refusal)
    }
    return (report.invalidReason == nil ? 0 : 1, SandboxStatusFile.text(report), nil)
  }

  /// Whether somebody asked this process to end; the run is then ended as a whole.
  private static let isTerminated: @Sendable () -> Bool = { csandbox_is_terminated() != 0 }

  public static func exitStatus(of outcome: SandboxOutcome) -> Int32 {
    switch outcome.status {
    case .exited, .signalled: outcome.exitCode ?? failedExitStatus
    case .killed: outcome.exceeded == .wall ? wallExitStatus : budgetExitStatus
    case .cancelled: cancelledExitStatus
    case .failed: failedExitStatus
    }
  }

  private static func passThrough(_ stream: SandboxStream, _ bytes: ArraySlice<UInt8>) {
    let number: Int32 = stream == .errors ? 2 : 1
    var rest = Array(bytes)
    while !rest.isEmpty {
      let count = write(number, rest, rest.count)
      if count < 0 {
        if errno == EINTR { continue }
        return  // Nobody reads any more; the run goes on, its log is kept.
      }
      rest.removeFirst(count)
    }
  }

  private static func writeStatus(_ text: String, _ path: String?) throws {
    guard let path else { return }
    let file = try Descriptor.open(trusted: path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
    try file.write(Array((text + "\n").utf8))
  }
}
