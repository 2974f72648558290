// The node's side of a job: our own runner, so that every guard is the same wherever a run happens
// and none depends on the engine. It opens no store: a package is all that it reads and writes.

import Base
import Glibc
import Sandbox

/// A job of a cluster.
public enum ClusterJob {
  /// Carries out the order of the package at `path` and leaves the result there.
  ///
  /// - Parameters:
  ///   - job: the number that the engine gave to the job.
  ///   - isCancelled: whether the engine wants it to end.
  /// - Throws: `sandbox.failed` where the package is damaged or another job has it.
  public static func run(
    package path: String, job: String, isCancelled: @escaping @Sendable () -> Bool
  ) throws {
    let package = JobPackage(path: FilePaths.absolute(path, in: FilePaths.currentDirectory()))
    let order = try package.order()
    guard try package.claim(for: job) else {
      throw StemmaError(
        .sandboxFailed, "job \(package.claim ?? "?") has this package already, not job \(job)",
        at: .file(path: package.path, line: nil, column: nil))
    }
    let executor = SandboxExecutor(
      objects: JobObjects(inputs: package.inputs, results: package.results),
      workspace: package.workspace, keptFolder: package.keptFolder,
      outputLimitBytes: JobPackage.outputLimitBytes)
    let content: JobResult.Content
    do {
      content = try carryOut(order, executor, isCancelled)
    } catch let error as StemmaError { content = .refused(error) }
    try package.finish(
      JobResult(
        order: SHA256.hash(order.bytes).hex, node: executor.describeEnvironment(program: "").name,
        content: content))
    FolderRemoval.remove(package.workspace)
  }

  private static func carryOut(
    _ order: JobOrder, _ executor: SandboxExecutor, _ isCancelled: @escaping @Sendable () -> Bool
  ) throws -> JobResult.Content {
    switch order {
    case .run(let order): .outcome(try executor.outcome(of: order, isCancelled: isCancelled))
    case .evaluation(let order):
      .outcome(try executor.evaluate(order, isCancelled: isCancelled))
    case .machine(let program, let weaknesses):
      .machine(
        MachineFacts(
          environment: executor.describeEnvironment(program: program),
          inexact: try executor.inexactGuards(),
          checks: try executor.proveGuards(allowedWeaknesses: weaknesses)))
    }
  }
}
