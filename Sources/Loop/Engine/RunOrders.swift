// Fills a campaign's command lines for one run or one evaluation. Pure.

import Base
import Models
import Sandbox

struct RunOrders {
  private let campaign: Campaign

  init(_ campaign: Campaign) { self.campaign = campaign }

  /// The command line of a proposal's run.
  func command(_ proposal: MirrorNode, seed: Int64) throws -> [String] {
    var values = ["seed": String(seed), "output": campaign.run.output]
    let parameters = ProposalBuilder<PendingObjects>.parameters(of: proposal)
    for entry in parameters.entries { values[entry.key.string] = ProposalDraft.plain(entry.value) }
    return try campaign.run.command.map { try Placeholders.fill($0, with: values) }
  }

  /// What a run is allowed, in words, and which of its budgets are held only nearly.
  func grants(_ inexact: [InexactGuard]) -> String {
    let mounts =
      campaign.run.readOnly.isEmpty ? "none" : campaign.run.readOnly.joined(separator: ", ")
    let weaker = inexact.map { "\($0.name) (\($0.weakness))" }.joined(separator: ", ")
    return "network: none; read-only: \(mounts)" + (weaker.isEmpty ? "" : "; not exact: \(weaker)")
  }

  func order(_ run: MirrorNode, _ proposal: MirrorNode, attempt: Int) throws -> RunOrder {
    let seed = Int64(run.integer("seed") ?? 0)
    let parameters = ProposalBuilder<PendingObjects>.parameters(of: proposal)
    let own: [(name: String, value: String)] = [
      (name: "STEMMA_SEED", value: String(seed)),
      (name: "STEMMA_OUTPUT", value: campaign.run.output),
      (name: "STEMMA_PARAMETERS", value: JSONWriter.write(.map(parameters))),
    ]
    return RunOrder(
      name: "\(run.key)-\(attempt)", tree: run.string("tree"), parameters: parameters, seed: seed,
      command: try command(proposal, seed: seed),
      environment: Self.base + campaign.run.environment + own, readOnly: campaign.run.readOnly,
      output: campaign.run.output, budget: campaign.run.budget,
      allowedWeaknesses: campaign.run.allowedWeaknesses)
  }

  func evaluation(
    _ run: MirrorNode, outputTree: String, evaluatorTree: String
  ) throws -> EvaluationOrder {
    let isHoldout = run.text("kind") == "holdout"
    let evaluation = campaign.evaluation
    let hidden = isHoldout ? campaign.holdout?.hidden ?? [] : evaluation.hidden
    return EvaluationOrder(
      name: "\(run.key)-evaluation", outputTree: outputTree, evaluatorTree: evaluatorTree,
      command: evaluation.command, environment: Self.base + evaluation.environment,
      hidden: hidden, readOnly: evaluation.readOnly,
      split: isHoldout ? "holdout" : "validation", seed: Int64(run.integer("seed") ?? 0),
      budget: evaluation.budget, allowedWeaknesses: campaign.run.allowedWeaknesses)
  }

  /// What programs need to start at all.
  static let base: [(name: String, value: String)] = [
    (name: "PATH", value: "/usr/local/bin:/usr/bin:/bin"), (name: "LANG", value: "C.UTF-8"),
    (name: "HOME", value: "/tmp"), (name: "PYTHONDONTWRITEBYTECODE", value: "1"),
  ]
}
