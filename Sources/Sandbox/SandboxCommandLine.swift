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
    let status = try arguments.statusFile.map { try StatusPlace(path: $0) }
    csandbox_catch_termination()
    let sandbox = Sandbox()
    // Nobody else may come by to remove what a command left that was killed.
    sandbox.removeLeftoversNearby()
    do {
      let outcome = try sandbox.run(
        arguments.specification, isCancelled: isTerminated, onOutput: passThrough)
      try status?.write(SandboxStatusFile.text(outcome, budget))
      return (exitStatus(of: outcome), outcome)
    } catch let error as StemmaError {
      try status?.write(SandboxStatusFile.text(error))
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
    let status = try statusFile.map { try StatusPlace(path: $0) }
    csandbox_catch_termination()
    let sandbox = Sandbox()
    sandbox.removeLeftoversNearby()
    let outcome = try sandbox.evaluate(
      evaluation, isCancelled: isTerminated,
      onOutput: { _, bytes in passThrough(.errors, bytes) })
    try status?.write(SandboxStatusFile.text(outcome.sandbox, evaluation.budget))
    guard let answer = outcome.answer else {
      let code = exitStatus(of: outcome.sandbox)
      return (code == 0 ? 1 : code, nil, outcome.refusal)
    }
    return (answer.isValid ? 0 : 1, SandboxStatusFile.text(answer), nil)
  }

  /// Notes signals that ask this process to end instead of ending; what comes back says whether one
  /// came.
  public static func catchTermination() -> @Sendable () -> Bool {
    csandbox_catch_termination()
    return isTerminated
  }

  /// Whether somebody asked this process to end; the run is then ended as a whole.
  private static let isTerminated: @Sendable () -> Bool = { csandbox_is_terminated() != 0 }

  public static func exitStatus(of outcome: SandboxOutcome) -> Int32 {
    switch outcome.status {
    case .exited, .signalled: outcome.exitCode ?? failedExitStatus
    case .killed: outcome.exceeded == .wall ? wallExitStatus : budgetExitStatus
    case .cancelled, .stopped: cancelledExitStatus
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
}

/// Where a status file goes. Its folder is opened before the run, and the file is made under a
/// fresh name and renamed, so that a link that the run puts there is replaced and not followed.
private struct StatusPlace {
  private let folder: Descriptor
  private let name: String

  init(path: String) throws {
    let slash = path.lastIndex(of: "/")
    name = String(slash.map { path[path.index(after: $0)...] } ?? path[...])
    let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    guard !name.isEmpty, name != ".", name != ".." else {
      throw StemmaError(.argumentInvalid, "`\(path)` is no name for a status file")
    }
    func unwritable(_ code: Int32) -> StemmaError {
      StemmaError(
        .fileUnreadable, "cannot write \(path): \(SystemFailure(action: "", code: code).reason)",
        at: .file(path: path, line: nil, column: nil))
    }
    let number = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else { throw unwritable(errno) }
    folder = Descriptor(number)
    // What cannot be written later is refused before anything runs.
    guard faccessat(number, ".", W_OK, 0) == 0 else { throw unwritable(errno) }
    var status = stat()
    let isThere = fstatat(number, name, &status, AT_SYMLINK_NOFOLLOW) == 0
    if isThere, status.st_mode & S_IFMT == S_IFDIR { throw unwritable(EISDIR) }
  }

  func write(_ text: String) throws {
    let fresh = ".stemma-status-\(getpid())"
    unlinkat(folder.number, fresh, 0)
    let file = try Descriptor(
      checking: csandbox_open_beneath(folder.number, fresh, O_WRONLY | O_CREAT | O_EXCL, 0o644),
      "cannot make the status file")
    try file.write(Array((text + "\n").utf8))
    guard renameat(folder.number, fresh, folder.number, name) == 0 else {
      let failure = SystemFailure(action: "cannot write the status file", code: errno)
      unlinkat(folder.number, fresh, 0)
      throw failure.error
    }
  }
}
