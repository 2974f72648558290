// The executor of real campaigns: lays trees of the object store into sandboxes, runs them, keeps
// what they left as objects. Only evaluators lie in folders, under the store.

import Base
import Glibc
package import Sandbox
import Synchronization

/// Runs orders on this machine.
package final class SandboxExecutor: RunExecutor {
  let sandbox = Sandbox()
  private let objects: any ObjectStore
  /// Evaluators that are laid out, by the hash of their tree: nobody can write there but us, and
  /// sandboxes see them read-only.
  private let evaluators = Mutex<Set<String>>([])
  private let environments = Mutex<[String: RunEnvironment]>([:])
  /// Where runs believe to work, and where evaluators lie; absolute.
  let workspace: String
  /// What attempts keep; one name per run.
  private let keptFolder: String
  /// Journals of calls of models, and their sockets; one name per order.
  let callsFolder: String
  /// The most that is taken of what a run leaves, whatever its disk holds.
  private let outputLimitBytes: Int
  /// Where runs see what they keep.
  private static let resumeFolder = "/run/stemma/resume"

  package var leftObjects: PendingObjects? { objects as? PendingObjects }

  package init(
    objects: any ObjectStore, workspace: String, keptFolder: String = "",
    callsFolder: String = "", outputLimitBytes: Int = .max
  ) {
    self.outputLimitBytes = outputLimitBytes
    self.objects = objects
    self.workspace = workspace
    self.keptFolder = keptFolder
    self.callsFolder = callsFolder
  }

  package func removeLeftovers(except underWay: Set<String>) throws {
    sandbox.removeLeftovers()
    evaluators.withLock { known in
      known = []
      FolderRemoval.remove(workspace)
    }
  }

  package func proveGuards(allowedWeaknesses: Set<String>) throws -> [GuardCheck] {
    try sandbox.proveGuards(thoroughly: false, allowedWeaknesses: allowedWeaknesses)
  }

  package func inexactGuards() throws -> [InexactGuard] { try sandbox.inexactGuards() }

  /// Read once per program: its file is hashed for it.
  package func describeEnvironment(program: String) -> RunEnvironment {
    environments.withLock { known in
      if let environment = known[program] { return environment }
      let environment = RunEnvironment.current(program: program)
      known[program] = environment
      return environment
    }
  }

  // MARK: Runs

  package func run(
    _ order: RunOrder, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> RunReport {
    try report(on: outcome(of: order, isCancelled: isCancelled))
  }

  /// Carries out a run and stores nothing of it.
  func outcome(
    of order: RunOrder, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> SandboxOutcome {
    var specification = try specification(of: order)
    let rule = try order.curveRule?.rule(from: objects)
    let watch = Mutex(rule.map(CurveWatch.init))
    if rule != nil {
      specification.watch = SandboxWatch(path: "\(order.output)/\(CurveReader.metricsFile)") {
        bytes in
        watch.withLock { $0?.take(bytes) ?? false }
      }
    }
    var outcome = try withModels(order.models, named: order.name, &specification) { whole in
      try contained { try sandbox.run(whole, isCancelled: isCancelled) }
    }
    Self.apply(rule, to: &outcome)
    return outcome
  }

  /// Applies the rule to all that the run said, so that what becomes of it does not depend on when
  /// it was looked at.
  private static func apply(_ rule: CurveRule?, to outcome: inout SandboxOutcome) {
    guard let rule, outcome.status == .stopped || outcome.status == .exited,
      let file = outcome.files.first(where: { $0.path == CurveReader.metricsFile })
    else { return }
    var watch = CurveWatch(rule)
    guard watch.take(file.bytes) else { return }
    outcome.status = .stopped
    outcome.message = watch.reason
  }

  package func removeKept(where isOver: (_ run: String) -> Bool) {
    Self.removeKept(in: keptFolder, where: isOver)
  }

  static func removeKept(in folder: String, where isOver: (_ run: String) -> Bool) {
    let names = (try? TreeFolder.names(in: folder)) ?? []
    for run in Set(names.map { String($0.prefix { $0 != "." }) }) where isOver(run) {
      KeptFolder.remove(folder + "/" + run)
    }
  }

  /// What a run gets, whoever carries it out.
  func specification(of order: RunOrder) throws -> SandboxSpecification {
    var specification = SandboxSpecification(
      command: order.command, workDirectory: workspace + "/" + order.name + "/work",
      budget: order.budget)
    specification.layout = try layout(order.tree)
    specification.layout?.folders = [order.output]
    specification.environment =
      order.environment + [
        (
          name: "STEMMA_METRICS",
          value: "\(specification.workDirectory)/\(order.output)/\(CurveReader.metricsFile)"
        )
      ]
    specification.graceMilliseconds = order.graceMilliseconds
    if let resume = order.resume {
      try TreeFolder.makeFolders(keptFolder)
      chmod(keptFolder, 0o700)
      specification.kept = KeptFolder(
        place: keptFolder + "/" + resume.run, target: Self.resumeFolder, bytes: resume.bytes)
      specification.environment.append((name: "STEMMA_RESUME_DIR", value: Self.resumeFolder))
    }
    specification.readOnly = order.readOnly
    specification.placed = order.mounts.map { $0.inside(specification.workDirectory) }
    specification.allowedWeaknesses = order.allowedWeaknesses
    specification.collection = SandboxCollection(
      source: order.output, maximumBytes: min(order.budget.diskBytes, outputLimitBytes),
      maximumFiles: order.budget.inodes)
    let objects = self.objects
    // Curves are read from what is held.
    specification.largeFiles = LargeFiles(
      holds: { path, bytes in CurveReader.reads(path) && bytes <= CurveReader.fileLimitBytes },
      keep: { next in try objects.store(pieces: next) })
    return specification
  }

  /// What an outcome comes to, once what the run left is stored.
  func report(on outcome: SandboxOutcome) throws -> RunReport {
    let curves = CurveReader.series(in: outcome.files)
    guard outcome.status == .exited, outcome.exitCode == 0 else {
      return RunReport(outcome: outcome, outputTree: nil, outputBytes: 0, curves: curves)
    }
    var report = try keep(outcome)
    report.curves = curves
    return report
  }

  /// A fault of the machine is an outcome, so that it is recorded and tried again; a sandbox that
  /// cannot be used at all stops the loop.
  func contained(_ body: () throws -> SandboxOutcome) throws -> SandboxOutcome {
    do { return try body() } catch let error as StemmaError where error.code == .sandboxFailed {
      var outcome = SandboxOutcome(status: .failed)
      outcome.message = error.message
      return outcome
    }
  }

  /// Stores what the run left in its output folder.
  func keep(_ outcome: SandboxOutcome) throws -> RunReport {
    let kept = outcome.files.filter { TreePath.isValid($0.path) }
    let files = kept.map { file in
      Tree.File(
        path: file.path, isExecutable: file.isExecutable,
        hash: file.keptAs ?? SHA256.hash(file.bytes).hex, size: file.byteCount)
    }
    // The files and the list of them side by side: each would wait for the disk by itself.
    let tree = Tree(files).manifest
    let held = kept.filter { $0.keptAs == nil }
    let hashes = try objects.store(all: held.map(\.bytes) + [tree])
    var report = RunReport(
      outcome: outcome, outputTree: hashes.last, outputBytes: files.reduce(0) { $0 + $1.size })
    report.leftOut = outcome.refusedFiles.map { "\($0.path): \($0.reason)" }
    for file in outcome.files where !TreePath.isValid(file.path) {
      report.leftOut.append("\(file.path): no path of a tree")
    }
    return report
  }

  // MARK: Evaluations

  package func evaluate(
    _ order: EvaluationOrder, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> SandboxOutcome {
    let run = workspace + "/" + order.name + "/run"
    let evaluator = try evaluatorFolder(order.evaluatorTree)
    let hidden = order.hidden.first ?? ""
    let values = [
      "evaluator": evaluator, "run": run, "hidden": hidden, "split": order.split,
      "seed": String(order.seed),
    ]
    var evaluation = EvaluationSpecification(
      command: try order.command.map { try Placeholders.fill($0, with: values) },
      workDirectory: run, evaluatorDirectories: [evaluator] + order.hidden, budget: order.budget)
    evaluation.layout = try layout(order.outputTree)
    evaluation.readOnly = order.readOnly
    evaluation.placed = order.mounts.map { $0.inside(run) }
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
      FolderRemoval.remove(folder)
      try TreeFolder.makeFolders(workspace)
      chmod(workspace, 0o711)
      try TreeFolder.materialise(load(hash), at: folder, from: objects)
      known.insert(hash)
      return folder
    }
  }

  /// A tree as files that are written straight into a sandbox, below a folder that ends in `/`.
  func layout(_ hash: String, below folder: String = "") throws -> SandboxLayout {
    let objects = self.objects
    return SandboxLayout(
      files: try load(hash).files.map { file in
        SandboxLayout.File(
          path: folder + file.path, isExecutable: file.isExecutable, byteCount: file.size
        ) { take in
          // Small ones are mostly at hand.
          if file.size < 1 << 20 {
            try take(objects.load(file.hash))
          } else {
            try objects.load(file.hash, take)
          }
        }
      })
  }

  private func load(_ hash: String) throws -> Tree {
    try Tree(manifest: objects.load(hash))
  }
}
