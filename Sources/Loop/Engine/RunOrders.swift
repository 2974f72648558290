// Fills a campaign's command lines for one run or one evaluation. Pure.

import Base
import Models
import Sandbox

struct RunOrders {
  private let campaign: Campaign

  init(_ campaign: Campaign) { self.campaign = campaign }

  /// The command line of a proposal's run.
  func command(_ proposal: MirrorNode, seed: Int64) throws -> [String] {
    try command(ProposalBuilder<PendingObjects>.parameters(of: proposal), seed: seed)
  }

  private func command(_ parameters: ValueMap, seed: Int64) throws -> [String] {
    var values = ["seed": String(seed), "output": campaign.run.output]
    for entry in parameters.entries { values[entry.key.string] = ProposalDraft.plain(entry.value) }
    return try campaign.run.command.map { try Placeholders.fill($0, with: values) }
  }

  /// What a run is allowed, in words, and which of its budgets are held only nearly.
  func grants(_ inexact: [InexactGuard]) -> String {
    let paths = campaign.run.readOnly + campaign.mounts(for: .run).map(\.target)
    let mounts = paths.isEmpty ? "none" : paths.joined(separator: ", ")
    let weaker = inexact.map { "\($0.name) (\($0.weakness))" }.joined(separator: ", ")
    let models = campaign.run.models.map { grant in
      "; models: " + grant.models.map(\.name).joined(separator: ", ")
    }
    return "network: none; read-only: \(mounts)\(models ?? "")"
      + (weaker.isEmpty ? "" : "; not exact: \(weaker)")
  }

  /// What an order is called: unique, and the same whenever it is given again.
  static func name(of run: MirrorNode, attempt: Int) -> String { "\(run.key)-\(attempt)" }
  static func name(ofEvaluationOf run: MirrorNode) -> String { "\(run.key)-evaluation" }

  /// `used` is what earlier attempts took of the run's budget.
  func order(
    _ run: MirrorNode, _ proposal: MirrorNode, attempt: Int, used: AttemptUse,
    _ rule: CurveRuleOrder?
  ) throws -> RunOrder {
    var order = try order(
      named: Self.name(of: run, attempt: attempt), tree: run.string("tree"),
      parameters: ProposalBuilder<PendingObjects>.parameters(of: proposal),
      seed: Int64(run.integer("seed") ?? 0))
    order.resume = campaign.run.resumeBytes.map { (run: run.key.string, bytes: $0) }
    order.graceMilliseconds = campaign.run.graceMilliseconds
    order.curveRule = rule
    order.budget.wallMilliseconds = max(1, order.budget.wallMilliseconds - used.wallMilliseconds)
    order.budget.cpuMilliseconds = max(1, order.budget.cpuMilliseconds - used.cpuMilliseconds)
    return order
  }

  func order(
    named name: String, tree: String, parameters: ValueMap, seed: Int64
  ) throws -> RunOrder {
    let own: [(name: String, value: String)] = [
      (name: "STEMMA_SEED", value: String(seed)),
      (name: "STEMMA_OUTPUT", value: campaign.run.output),
      (name: "STEMMA_PARAMETERS", value: JSONWriter.write(.map(parameters))),
    ]
    return RunOrder(
      name: name, tree: tree, parameters: parameters, seed: seed,
      command: try command(parameters, seed: seed),
      environment: Self.base + campaign.environment.variables + campaign.run.environment + own,
      readOnly: campaign.run.readOnly, mounts: campaign.mounts(for: .run),
      output: campaign.run.output, budget: campaign.run.budget,
      allowedWeaknesses: campaign.run.allowedWeaknesses)
  }

  func evaluation(
    _ run: MirrorNode, outputTree: String, evaluatorTree: String
  ) throws -> EvaluationOrder {
    try evaluation(
      named: Self.name(ofEvaluationOf: run), outputTree: outputTree,
      evaluatorTree: evaluatorTree, seed: Int64(run.integer("seed") ?? 0),
      isHoldout: run.text("kind") == "holdout")
  }

  func evaluation(
    named name: String, outputTree: String, evaluatorTree: String, seed: Int64, isHoldout: Bool
  ) throws -> EvaluationOrder {
    let evaluation = campaign.evaluation
    let hidden = isHoldout ? campaign.holdout?.hidden ?? [] : evaluation.hidden
    return EvaluationOrder(
      name: name, outputTree: outputTree, evaluatorTree: evaluatorTree,
      command: evaluation.command,
      environment: Self.base + campaign.environment.variables + evaluation.environment,
      hidden: hidden, readOnly: evaluation.readOnly, mounts: campaign.mounts(for: .evaluate),
      split: isHoldout ? "holdout" : "validation", seed: seed,
      budget: evaluation.budget, allowedWeaknesses: campaign.run.allowedWeaknesses)
  }

  /// What programs need to start at all.
  static let base: [(name: String, value: String)] = [
    (name: "PATH", value: "/usr/local/bin:/usr/bin:/bin"), (name: "LANG", value: "C.UTF-8"),
    (name: "HOME", value: "/tmp"), (name: "PYTHONDONTWRITEBYTECODE", value: "1"),
  ]
}
