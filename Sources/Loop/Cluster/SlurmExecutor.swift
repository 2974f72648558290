// The executor of campaigns whose runs are jobs of Slurm. It submits our own runner, follows the
// job, and brings the result home. Everything it needs to go on after its own death is in the
// package's folder, so jobs outlive the loop that submitted them.

import Base
import Glibc
import Models
package import Sandbox
import Synchronization

/// Runs orders as jobs.
package final class SlurmExecutor: RunExecutor {
  /// Slurm ends a job so much later than our own runner ends the program.
  static let ceilingMilliseconds = 120_000
  /// What our runner needs beside the program.
  static let runnerBytes = 256 << 20
  private static let lookMilliseconds = 250
  /// A cancelled job is waited for so long before its run counts as ended.
  private static let cancelMilliseconds = 60_000

  private let declaration: SlurmDeclaration
  private let program: String
  private let allowedWeaknesses: Set<String>
  /// `stemma-<store>-<campaign>-`, which every job's name starts with.
  private let prefix: String
  /// Where the campaign's packages lie.
  private let folder: String
  private let objects: any ObjectStore
  package var leftObjects: PendingObjects? { local.leftObjects }
  /// Carries out here what is no job.
  private let local: SandboxExecutor
  private let board: SlurmBoard
  private let isDetached = Atomic<Bool>(false)
  private let writing = Mutex<Void>(())
  private let facts = Mutex<MachineFacts?>(nil)
  private let programOfRuns: String

  /// - Parameter store: what tells the store from others, in a few letters.
  package init(
    _ campaign: Campaign, _ declaration: SlurmDeclaration, store: String,
    objects: any ObjectStore, local: SandboxExecutor
  ) throws {
    self.declaration = declaration
    self.objects = objects
    self.local = local
    allowedWeaknesses = campaign.run.allowedWeaknesses
    programOfRuns = campaign.environment.program(campaign.run.command.first ?? "")
    prefix = "stemma-\(store)-\(campaign.name)-"
    folder = "\(declaration.directory)/\(store)-\(campaign.name)"
    try TreeFolder.makeFolders(folder)
    chmod(folder, 0o700)
    program = try declaration.program ?? Self.copyOfThisProgram(in: folder)
    board = SlurmBoard(
      SlurmCommands(folder: declaration.commands, user: getuid()),
      periodMilliseconds: declaration.pollMilliseconds)
  }

  /// The nodes run the very program that the loop is.
  private static func copyOfThisProgram(in folder: String) throws -> String {
    let bytes = try FileBytes.read("/proc/self/exe", limitBytes: 1 << 30)
    let path = "\(folder)/stemma-\(SHA256.hash(bytes).hex.prefix(16))"
    if !FilePaths.isExecutable(path) { try FileBytes.write(bytes, to: path, mode: 0o700) }
    return path
  }

  private func package(_ name: String) -> JobPackage { JobPackage(path: "\(folder)/\(name)") }

  // MARK: Orders

  package func run(
    _ order: RunOrder, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> RunReport {
    let (outcome, place) = try carryOut(.run(order), named: order.name, isCancelled)
    var report = try local.report(on: outcome)
    report.place = place
    return report
  }

  package func evaluate(
    _ order: EvaluationOrder, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> SandboxOutcome {
    guard declaration.evaluatesOnNodes else {
      return try local.evaluate(order, isCancelled: isCancelled)
    }
    return try carryOut(.evaluation(order), named: order.name, isCancelled).outcome
  }

  /// Agents work beside the loop: they are what asks, not what is measured.
  package func work(
    _ order: AgentOrder, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> SandboxOutcome { try local.work(order, isCancelled: isCancelled) }

  private func carryOut(
    _ order: JobOrder, named name: String, _ isCancelled: @escaping @Sendable () -> Bool
  ) throws -> (outcome: SandboxOutcome, place: String?) {
    let package = package(name)
    // One at a time: packages share their inputs.
    if !package.exists { try writing.withLock { _ in try package.write(order, from: objects) } }
    guard let job = try submitted(package, order, isCancelled) else {
      return (SandboxOutcome(status: .cancelled), nil)
    }
    switch try follow(job, package, order, isCancelled) {
    case .outcome(let outcome, let node):
      return (outcome, "job \(job)" + (node.map { " on \($0)" } ?? ""))
    case .refused(let error, let node):
      throw StemmaError(
        error.code, "node \(node): \(error.message)", at: error.place, advice: error.advice)
    case .machine: throw JobFields.damaged("outcome")
    }
  }

  // MARK: Submitting

  /// The job of a package: the one that it has already, or a new one; `nil` where it was cancelled
  /// before there was any.
  private func submitted(
    _ package: JobPackage, _ order: JobOrder, _ isCancelled: () -> Bool
  ) throws -> String? {
    // A loop that died between submitting and noting the number finds the job by its name.
    if let known = package.job
      ?? board.jobs(named: prefix + package.name)
      .first(where: { $0.name == prefix + package.name })?.job
    {
      return known
    }
    while !isCancelled() {
      let script = "#!/bin/sh\nexec \(quoted(program)) sandbox job \(quoted(package.path))\n"
      if let job = try board.commands.submit(script, options: options(package, order.budget)) {
        try package.note(job: job)
        return job
      }
      pause(declaration.pollMilliseconds, isCancelled)
    }
    return nil
  }

  /// What is asked of Slurm. Limits are held by our own runner; Slurm's are ceilings above them.
  func options(_ package: JobPackage, _ budget: SandboxBudget) -> [String] {
    let minutes = (budget.wallMilliseconds + Self.ceilingMilliseconds + 59_999) / 60_000
    let mebibytes = (budget.memoryBytes + Self.runnerBytes + (1 << 20) - 1) >> 20
    return declaration.options + [
      "--job-name=\(prefix)\(package.name)", "--nodes=1", "--ntasks=1",
      "--cpus-per-task=\(max(1, Int(budget.cpus.rounded(.up))))", "--mem=\(mebibytes)M",
      "--time=\(minutes)", "--output=\(package.logPath)", "--error=\(package.logPath)",
      "--chdir=/", "--no-requeue", "--export=PATH=/usr/local/bin:/usr/bin:/bin",
    ]
  }

  private func quoted(_ word: String) -> String {
    "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }

  // MARK: Following

  private enum End {
    case outcome(SandboxOutcome, node: String?)
    case machine(MachineFacts)
    case refused(StemmaError, node: String)
  }

  private func follow(
    _ job: String, _ package: JobPackage, _ order: JobOrder, _ isCancelled: () -> Bool
  ) throws -> End {
    while !isCancelled() {
      if let result = try package.result(of: order) {
        guard case .outcome(let outcome) = result.content, outcome.status == .cancelled else {
          return end(result)
        }
        // Slurm asked our runner to end: its own word says why.
        return .outcome(ended(job, waitForEnd(of: job), package, order), node: result.node)
      }
      if let state = board.state(of: job), state.isOver {
        // Shared storage may show the result a moment after the queue shows the end.
        pause(3 * declaration.pollMilliseconds, isCancelled, until: { isThere(package, order) })
        if let result = try package.result(of: order) { return end(result) }
        return .outcome(ended(job, state, package, order), node: nil)
      }
      pause(Self.lookMilliseconds, isCancelled)
    }
    if !isDetached.load(ordering: .relaxed) {
      board.commands.cancel(job)
      _ = waitForEnd(of: job)
      // What a run used that was asked to end is known where our runner could still say it.
      if let result = try? package.result(of: order) { return end(result) }
    }
    return .outcome(SandboxOutcome(status: .cancelled), node: nil)
  }

  private func end(_ result: JobResult) -> End {
    switch result.content {
    case .outcome(let outcome): .outcome(outcome, node: result.node)
    case .machine(let facts): .machine(facts)
    case .refused(let error): .refused(error, node: result.node)
    }
  }

  private func isThere(_ package: JobPackage, _ order: JobOrder) -> Bool {
    (try? package.result(of: order)) ?? nil != nil
  }

  private func ended(
    _ job: String, _ state: SlurmState, _ package: JobPackage, _ order: JobOrder
  ) -> SandboxOutcome {
    let said = (try? FileBytes.read(package.logPath, limitBytes: 1 << 20)) ?? []
    return state.outcome(
      job: job, budget: order.budget, hasStarted: package.claim == job,
      said: RunEnding.lastLine(said))
  }

  private func waitForEnd(of job: String) -> SlurmState {
    let end = MonotonicTime.milliseconds() + Self.cancelMilliseconds
    while MonotonicTime.milliseconds() < end {
      if let state = board.state(of: job), state.isOver { return state }
      pause(Self.lookMilliseconds) { false }
    }
    return .unknown
  }

  private func pause(
    _ milliseconds: Int, _ isCancelled: () -> Bool, until isEnough: () -> Bool = { false }
  ) {
    let end = MonotonicTime.milliseconds() + milliseconds
    while MonotonicTime.milliseconds() < end, !isCancelled(), !isEnough() { usleep(50_000) }
  }

  // MARK: The machine

  /// What the nodes are and hold, asked of one of them by a job; once per loop.
  private func machine() throws -> MachineFacts {
    if let known = facts.withLock({ $0 }) { return known }
    let order = JobOrder.machine(program: programOfRuns, allowedWeaknesses: allowedWeaknesses)
    let package = package("machine-\(getpid())")
    package.remove()
    try package.write(order, from: objects)
    defer { package.remove() }
    let isDetached = { [self] in self.isDetached.load(ordering: .relaxed) }
    guard let job = try submitted(package, order, isDetached) else {
      throw StemmaError(.limitCancelled, "the loop was interrupted before a node was asked")
    }
    switch try follow(job, package, order, isDetached) {
    case .machine(let found):
      facts.withLock { $0 = found }
      return found
    case .refused(let error, let node):
      throw StemmaError(error.code, "node \(node): \(error.message)", advice: error.advice)
    case .outcome(let outcome, _):
      throw StemmaError(
        .sandboxUnavailable,
        "no node could be asked what it holds: \(outcome.message ?? "the job was cancelled")",
        advice: "`sacct` and the nodes' logs say more; docs/slurm.md has what a node needs.")
    }
  }

  package func proveGuards(allowedWeaknesses: Set<String>) throws -> [GuardCheck] {
    try machine().checks
  }

  package func inexactGuards() throws -> [InexactGuard] { try machine().inexact }

  package func describeEnvironment(program: String) -> RunEnvironment {
    (try? machine().environment) ?? local.describeEnvironment(program: program)
  }

  // MARK: Jobs that outlive a loop

  package func isUnderWay(_ name: String) -> Bool { package(name).exists }

  package func detach() { isDetached.store(true, ordering: .relaxed) }

  package func discard(_ name: String) {
    let package = package(name)
    guard package.exists else { return }
    if let job = package.job, board.state(of: job)?.isOver == false { board.commands.cancel(job) }
    package.remove()
  }

  package func removeLeftovers(except underWay: Set<String>) throws {
    try local.removeLeftovers(except: underWay)
    for line in board.jobs(named: prefix)
    where !line.state.isOver && !underWay.contains(String(line.name.dropFirst(prefix.count))) {
      board.commands.cancel(line.job)
    }
    for name in try TreeFolder.names(in: folder)
    where !underWay.contains(name) && !["objects", JobPackage.keptName].contains(name)
      && !name.hasPrefix("stemma-")
    { FolderRemoval.remove(folder + "/" + name) }
  }

  package func removeKept(where isOver: (_ run: String) -> Bool) {
    SandboxExecutor.removeKept(in: folder + "/" + JobPackage.keptName, where: isOver)
  }
}
