// Checks a specification before anything is made, and resolves its paths. A path that a C function
// would cut at a zero byte, or a budget of nothing, must never reach the machine.

import Base
import Glibc

enum SpecificationCheck {
  static let maximumReadOnly = 48
  static let maximumWords = 4_096

  /// The specification with absolute, link-free paths.
  static func resolve(_ specification: SandboxSpecification) throws -> SandboxSpecification {
    var result = specification
    try checkWords(specification)
    try checkBudget(specification.budget)
    result.workDirectory = try place(
      specification.workDirectory, isLaidOut: specification.layout != nil)
    result.readOnly = try specification.readOnly.map { try resolved($0, isFolder: false) }
    for (number, mount) in specification.placed.enumerated() {
      result.placed[number].source = try resolved(mount.source, isFolder: false)
      result.placed[number].target = try place(mount.target, isLaidOut: true)
    }
    if let kept = specification.kept {
      result.kept?.target = try place(kept.target, isLaidOut: true)
      try checkPlace(kept.target)
    }
    for (number, inspected) in specification.inspected.enumerated() {
      result.inspected[number].path = try place(
        inspected.path, isLaidOut: inspected.layout != nil)
    }
    let places =
      result.inspected.map(\.path) + [result.workDirectory] + result.readOnly
      + result.placed.flatMap { [$0.source, $0.target] }
    for path in places { try checkPlace(path) }
    return result
  }

  /// A folder of this machine, or the place of a layout, which exists inside only.
  private static func place(_ path: String, isLaidOut: Bool) throws -> String {
    guard isLaidOut else { return try resolved(path, isFolder: true) }
    let parts = path.split(separator: "/")
    guard path.hasPrefix("/"), !path.utf8.contains(0), !parts.contains("."), !parts.contains("..")
    else { throw StemmaError(.argumentInvalid, "\(path) is not an absolute path") }
    return "/" + parts.joined(separator: "/")
  }

  /// What judges must not lie in what is judged, nor the reverse: a run would have seen it.
  static func checkApart(_ evaluation: EvaluationSpecification) throws {
    guard evaluation.layout == nil else { return }
    let work = try resolved(evaluation.workDirectory, isFolder: true)
    for path in evaluation.evaluatorDirectories {
      let judge = try resolved(path, isFolder: false)
      guard judge == work || judge.hasPrefix(work + "/") || work.hasPrefix(judge + "/") else {
        continue
      }
      throw StemmaError(
        .argumentInvalid, "the evaluation folder and the working folder overlap: \(judge), \(work)",
        advice: "Keep what judges apart from what is judged: move one out of the other.")
    }
  }

  private static func checkWords(_ specification: SandboxSpecification) throws {
    let words =
      specification.command + specification.environment.flatMap { [$0.name, $0.value] }
      + specification.readOnly + [specification.workDirectory, specification.startDirectory ?? ""]
      + specification.placed.flatMap { [$0.source, $0.target] }
    guard let program = specification.command.first, !program.isEmpty else {
      throw StemmaError(.argumentInvalid, "there is no command to run in the sandbox")
    }
    let mounts = specification.readOnly.count + specification.placed.count
    guard words.count <= maximumWords, mounts <= maximumReadOnly else {
      throw StemmaError(.argumentInvalid, "too many words or mounts for one sandbox")
    }
    if let source = specification.collection?.source,
      source.hasPrefix("/") || source.split(separator: "/").contains("..")
    {
      throw StemmaError(
        .argumentInvalid, "`\(source)` is not inside the working folder",
        advice: "Name what to collect by its path from the working folder on.")
    }
    if words.contains(where: { $0.utf8.contains(0) }) {
      throw StemmaError(.argumentInvalid, "a word of the command or a path holds a zero byte")
    }
    for name in specification.environment.map(\.name)
    where name.isEmpty || name.utf8.contains(UInt8(ascii: "=")) {
      throw StemmaError(.argumentInvalid, "`\(name)` is not the name of an environment variable")
    }
  }

  private static func checkBudget(_ budget: SandboxBudget) throws {
    typealias Range = SandboxBudget.Range
    let limits: [(String, Int, ClosedRange<Int>)] = [
      ("wall time", budget.wallMilliseconds, Range.wallMilliseconds),
      ("processor time", budget.cpuMilliseconds, Range.cpuMilliseconds),
      ("memory", budget.memoryBytes, Range.memoryBytes),
      ("processes", budget.processes, Range.processes),
      ("disk", budget.diskBytes, Range.diskBytes), ("inodes", budget.inodes, Range.inodes),
      ("log", budget.logBytes, Range.logBytes), ("open files", budget.openFiles, Range.openFiles),
    ]
    for (name, value, range) in limits where !range.contains(value) {
      throw StemmaError(
        .argumentInvalid,
        "a budget of \(value) for \(name) is outside \(range.lowerBound) to \(range.upperBound)")
    }
    guard Range.cpus.contains(budget.cpus) else {
      throw StemmaError(
        .argumentInvalid,
        "a budget of \(budget.cpus) for cpus is outside \(Range.cpus.lowerBound) to "
          + "\(Range.cpus.upperBound)")
    }
  }

  private static func resolved(_ path: String, isFolder: Bool) throws -> String {
    guard let real = realpath(path, nil) else {
      throw StemmaError(
        .fileUnreadable, "there is no \(path): \(SystemFailure(action: "", code: errno).reason)",
        at: .file(path: path, line: nil, column: nil))
    }
    defer { free(real) }
    var status = stat()
    guard stat(real, &status) == 0, !isFolder || status.st_mode & S_IFMT == S_IFDIR else {
      throw StemmaError(
        .fileUnreadable, "\(path) is not a folder", at: .file(path: path, line: nil, column: nil))
    }
    return String(cString: real)
  }

  /// False for places that would hide or open what the sandbox itself needs.
  static func isMountable(_ path: String) -> Bool {
    let reserved = [
      "/", "/proc", "/dev", "/sys", "/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc",
    ]
    return !reserved.contains(path) && !path.hasPrefix("/proc/") && !path.hasPrefix("/dev/")
      && !path.hasPrefix("/sys/")
  }

  private static func checkPlace(_ path: String) throws {
    guard isMountable(path) else {
      throw StemmaError(
        .argumentInvalid, "\(path) cannot be mounted into a sandbox", advice: Sandbox.mountAdvice)
    }
  }
}
