// The executor of real campaigns: lays trees out of the object store, runs them in the sandbox,
// keeps what they left as objects. Work folders live under the store and are removed with their
// run.

import Base
import Glibc
package import Sandbox
import Synchronization

/// Runs orders on this machine.
package final class SandboxExecutor: RunExecutor {
  private let sandbox = Sandbox()
  private let objects: PendingObjects
  /// Evaluators that are laid out, by the hash of their tree: nobody can write there but us, and
  /// sandboxes see them read-only.
  private let evaluators = Mutex<Set<String>>([])
  /// Where work folders are made, absolute.
  private let workspace: String
  private let limitBytesOfOutput = 256 << 20

  package init(objects: PendingObjects, workspace: String) {
    self.objects = objects
    self.workspace = workspace
  }

  package func removeLeftovers() throws {
    sandbox.removeLeftovers()
    evaluators.withLock { known in
      known = []
      TreeFolder.remove(workspace)
    }
  }

  package func proveGuards(allowedWeaknesses: Set<String>) throws -> [GuardCheck] {
    try sandbox.proveGuards(thoroughly: false, allowedWeaknesses: allowedWeaknesses)
  }

  package func inexactGuards() throws -> [InexactGuard] { try sandbox.inexactGuards() }

  package func describeEnvironment(program: String) -> RunEnvironment {
    .current(program: program)
  }

  // MARK: Runs

  package func run(
    _ order: RunOrder, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> RunReport {
    let folder = try freshFolder(order.name)
    defer { TreeFolder.remove(folder) }
    let work = folder + "/work"
    try TreeFolder.materialise(load(order.tree), at: work, from: objects)
    try TreeFolder.makeFolders(work + "/" + order.output)
    var specification = SandboxSpecification(
      command: order.command, workDirectory: work, budget: order.budget)
    specification.environment = order.environment
    specification.readOnly = order.readOnly
    specification.allowedWeaknesses = order.allowedWeaknesses
    specification.writesBack = false
    specification.collection = SandboxCollection(
      source: order.output, maximumBytes: min(order.budget.diskBytes, limitBytesOfOutput))
    let outcome = try contained { try sandbox.run(specification, isCancelled: isCancelled) }
    guard outcome.status == .exited, outcome.exitCode == 0 else {
      return RunReport(outcome: outcome, outputTree: nil, outputBytes: 0)
    }
    return try keep(outcome)
  }

  /// A fault of the machine is an outcome, so that it is recorded and tried again; a sandbox that
  /// cannot be used at all stops the loop.
  private func contained(_ body: () throws -> SandboxOutcome) throws -> SandboxOutcome {
    do { return try body() } catch let error as StemmaError where error.code == .sandboxFailed {
      var outcome = SandboxOutcome(status: .failed)
      outcome.message = error.message
      return outcome
    }
  }

  /// Stores what the run left in its output folder.
  private func keep(_ outcome: SandboxOutcome) throws -> RunReport {
    let kept = outcome.files.filter { TreePath.isValid($0.path) }
    let files = kept.map { file in
      Tree.File(
        path: file.path, isExecutable: file.isExecutable, hash: SHA256.hash(file.bytes).hex,
        size: file.bytes.count)
    }
    // The files and the list of them side by side: each would wait for the disk by itself.
    let tree = Tree(files).manifest
    let hashes = try objects.store(all: kept.map(\.bytes) + [tree])
    return RunReport(
      outcome: outcome, outputTree: hashes.last, outputBytes: files.reduce(0) { $0 + $1.size })
  }

  // MARK: Evaluations

  package func evaluate(
    _ order: EvaluationOrder, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> SandboxOutcome {
    let folder = try freshFolder(order.name)
    defer { TreeFolder.remove(folder) }
    let run = folder + "/run"
    let evaluator = try evaluatorFolder(order.evaluatorTree)
    try TreeFolder.materialise(load(order.outputTree), at: run, from: objects)
    let hidden = order.hidden.first ?? ""
    let values = [
      "evaluator": evaluator, "run": run, "hidden": hidden, "split": order.split,
      "seed": String(order.seed),
    ]
    var evaluation = EvaluationSpecification(
      command: try order.command.map { try Placeholders.fill($0, with: values) },
      workDirectory: run, evaluatorDirectories: [evaluator] + order.hidden, budget: order.budget)
    evaluation.readOnly = order.readOnly
    evaluation.allowedWeaknesses = order.allowedWeaknesses
    evaluation.environment =
      order.environment + [
        (name: "STEMMA_RUN", value: run), (name: "STEMMA_HIDDEN", value: hidden),
        (name: "STEMMA_SPLIT", value: order.split), (name: "STEMMA_SEED", value: "\(order.seed)"),
      ]
    return try contained { try sandbox.evaluate(evaluation, isCancelled: isCancelled).sandbox }
  }

  // MARK: Folders

  /// Where an evaluator's tree lies; laid out once.
  private func evaluatorFolder(_ hash: String) throws -> String {
    let folder = workspace + "/evaluator-" + hash.prefix(16)
    return try evaluators.withLock { known in
      guard !known.contains(hash) else { return folder }
      TreeFolder.remove(folder)
      try TreeFolder.makeFolders(workspace)
      chmod(workspace, 0o711)
      try TreeFolder.materialise(load(hash), at: folder, from: objects)
      known.insert(hash)
      return folder
    }
  }

  private func freshFolder(_ name: String) throws -> String {
    let folder = workspace + "/" + name
    TreeFolder.remove(folder)
    try TreeFolder.makeFolders(folder)
    // Another user inside the sandbox has to reach the mounted folders below.
    chmod(workspace, 0o711)
    chmod(folder, 0o711)
    return folder
  }

  private func load(_ hash: String) throws -> Tree {
    try Tree(manifest: objects.load(hash))
  }
}
