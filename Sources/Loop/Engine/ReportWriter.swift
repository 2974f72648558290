// Reports as Markdown: what was asked, predicted, measured, and what is now known. Deterministic,
// from the mirror alone; text that came from others is quoted, never interpreted.

import Base

struct ReportWriter {
  let state: CampaignState

  struct Report {
    var title: String
    var markdown: String
    var known: [String]
    var anomalies: [String] = []
    var followUps: [String] = []
  }

  private var campaign: Campaign { state.campaign }
  private var unit: String { campaign.primary.unit }

  /// One line of somebody else's text.
  private func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != 0x60 && $0 != 0x7C }
    if isPlain, text.utf8.count <= 500 { return text }
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return String(line.prefix(500)).replacing("`", with: "'").replacing("|", with: "/")
  }

  private func amount(_ value: Double?) -> String {
    guard let value else { return "-" }
    return NumberText.signed(value) + (unit.isEmpty ? "" : " \(unit)")
  }

  /// A measured gain, with what it was measured against where that is not what was changed.
  private func gain(_ comparison: MirrorNode?) -> String {
    let gain = amount(comparison?.number("effect"))
    guard let comparison, let rival = state.rivalBesideBase(of: comparison) else { return gain }
    return gain + " against \(rival)"
  }

  // MARK: Proposals

  func proposal(_ proposal: MirrorNode) -> Report {
    let comparison = state.comparisons(of: proposal, stage: "confirm").last
    let screen = state.comparisons(of: proposal, stage: "screen").last
    let status = proposal.string("status")
    var text = "# \(proposal.key): \(quoted(proposal.string("title")))\n\n"
    text += "**\(outcome(proposal, comparison))**\n\n"
    text += "- Hypothesis: \(quoted(proposal.string("hypothesis")))\n"
    if let base = state.mirror.target(of: proposal.id, "BASED_ON") {
      text += "- Changes \(base.key) in: "
      text +=
        proposal.texts("changed").map { "`\(quoted($0.string))`" }.joined(separator: ", ") + "\n"
    }
    if let predicted = proposal.number("predictedEffect") {
      let came = (comparison ?? screen)?.number("effect").map { $0 * campaign.primary.sign }
      text += "- Predicted change of \(campaign.primary.metric): \(amount(predicted)); "
      text += came.map { "measured: \(amount($0))\n" } ?? "not measured\n"
    }
    if let successor = state.mirror.lastSource(of: proposal.id, "SUPERSEDES", label: "Proposal") {
      text += "- Replaced by \(successor.key): the same change of what is believed now\n"
    }
    for decision in state.mirror.sources(of: proposal.id, "DECIDES", label: "Decision")
    where decision.text("action") == "keep" {
      text += "- Stale base: \(quoted(decision.string("reason")))\n"
    }
    text += critiqueLines(proposal)
    if let screen { text += "- Screen \(screen.key): \(quoted(screen.string("reason")))\n" }
    if let comparison { text += confirmation(comparison) }
    text += runTable(proposal)
    let anomalies = anomalies(proposal)
    if !anomalies.isEmpty {
      text += "\n## Anomalies\n\n" + anomalies.map { "- \(quoted($0))\n" }.joined()
    }
    return Report(
      title: "\(proposal.key): \(outcome(proposal, comparison))", markdown: text,
      known: [outcome(proposal, comparison)], anomalies: anomalies,
      followUps: followUps(status, comparison))
  }

  private func outcome(_ proposal: MirrorNode, _ comparison: MirrorNode?) -> String {
    let gain = gain(comparison)
    let status = proposal.string("status")
    return switch status {
    case "confirmed": "confirmed improvement of \(gain)"
    case "refuted": "worse: \(gain)"
    case "indistinguishable":
      comparison?.boolean("isEquivalent") == true
        ? "equivalent within the margin" : "indistinguishable from its baseline (\(gain))"
    case "screened": "did not pass the screen"
    case "invalid": "invalid: may not be scored"
    case "failed": "failed on its own"
    case "rejected": "rejected before it ran"
    case "terminated": "terminated" + terminationReason(proposal)
    default: status
    }
  }

  private func terminationReason(_ proposal: MirrorNode) -> String {
    guard let decision = state.decision(on: proposal, gate: "proposal"),
      decision.text("action") == "terminate"
    else { return "" }
    return ": " + quoted(decision.string("reason"))
  }

  private func critiqueLines(_ proposal: MirrorNode) -> String {
    state.critiques(of: proposal).map { critique in
      "- Critique \(critique.key) (\(critique.string("verdict"))): "
        + "\(quoted(critique.string("summary")))\n"
    }.joined()
  }

  private func confirmation(_ comparison: MirrorNode) -> String {
    let against = state.mirror.targets(of: comparison.id, "AGAINST").first?.key.string ?? "?"
    var text =
      "- Comparison \(comparison.key) with \(against), \(comparison.integer("pairs") ?? 0) pairs: "
    text += "gain \(amount(comparison.number("effect"))), 90 % interval "
    text += "\(amount(comparison.number("lower"))) to \(amount(comparison.number("upper")))"
    if let p = comparison.number("pValue") { text += ", p = \(NumberText.short(p))" }
    text += "; \(quoted(comparison.string("reason")))\n"
    if let shrunk = comparison.number("shrunkEffect") {
      text += "- Shrunk over all confirmations: \(amount(shrunk))\n"
    }
    return text
  }

  private func runTable(_ proposal: MirrorNode) -> String {
    let runs = state.runs(of: proposal).filter { $0.text("kind") != "holdout" }
    guard !runs.isEmpty else { return "" }
    var text =
      "\n| run | kind | seed | status | \(campaign.primary.metric) | wall |\n"
      + "|---|---|---|---|---|---|\n"
    for run in runs.prefix(100) {
      let value = state.value(of: run, metric: campaign.primary.metric).map(NumberText.short) ?? "-"
      let wall = run.number("wallSeconds").map { NumberText.short($0) + " s" } ?? "-"
      text += "| \(run.key) | \(run.string("kind")) | \(run.integer("seed") ?? 0) "
      text += "| \(run.string("status")) | \(value) | \(wall) |\n"
    }
    if runs.count > 100 { text += "\nshown 100 of \(runs.count) runs\n" }
    return text
  }

  private func anomalies(_ proposal: MirrorNode) -> [String] {
    state.runs(of: proposal).compactMap { run in
      if let failure = run.text("failure") {
        return "\(run.key) \(run.string("status")): \(failure)"
      }
      let eval = state.evals(of: run).first { $0.text("status") != "valid" }
      return eval.map { "\($0.key) \($0.string("status")): \($0.string("failure"))" }
    }
  }

  private func followUps(_ status: String, _ comparison: MirrorNode?) -> [String] {
    switch status {
    case "indistinguishable": ["Only a larger change in the same direction could be told apart."]
    case "confirmed": ["Build on it; ablate it once others stand on it."]
    case "invalid": ["Read why the evaluator refuses it before anything like it is tried."]
    default: []
    }
  }

  // MARK: Rounds and campaigns

  func round(_ round: MirrorNode) -> Report {
    let number = round.integer("number") ?? 0
    var text = "# Round \(number) of \(campaign.name)\n\n"
    text += "| proposal | outcome | gain | 90 % interval | report |\n|---|---|---|---|---|\n"
    var known: [String] = []
    for proposal in state.proposals(in: round) where proposal.text("kind") != "baseline" {
      text += line(proposal)
      let comparison = state.comparisons(of: proposal, stage: "confirm").last
      known.append("\(proposal.key): \(outcome(proposal, comparison))")
    }
    let incumbent = state.incumbent
    text += "\nBest so far: \(incumbent?.key.string ?? "-")"
    text += " (\(quoted(incumbent?.string("title") ?? "")))\n"
    return Report(title: "Round \(number)", markdown: text, known: known)
  }

  private func line(_ proposal: MirrorNode) -> String {
    let comparison = state.comparisons(of: proposal, stage: "confirm").last
    let interval = comparison.map {
      "\(amount($0.number("lower"))) to \(amount($0.number("upper")))"
    }
    return "| \(proposal.key) \(quoted(proposal.string("title"))) "
      + "| \(outcome(proposal, comparison)) | \(gain(comparison)) | \(interval ?? "-") "
      + "| \(state.report(on: proposal)?.key.string ?? "-") |\n"
  }

  func campaign(reason: String) -> Report {
    let tried = state.proposals.filter { $0.text("kind") != "baseline" }
    var text = "# Campaign \(campaign.name)\n\n\(quoted(campaign.goal))\n\n"
    let rounds = state.mirror.count("Round") - 1
    text += "Ended: \(quoted(reason)). \(rounds) rounds, \(tried.count) proposals, "
    text += "\(state.mirror.count("Run")) runs, "
    text += "\(NumberText.short(state.spent("wallSeconds"))) s of run and evaluation time.\n\n"
    text += holdoutLine()
    text += "\n## What was tried\n\n"
    text += "| proposal | outcome | gain | 90 % interval | report |\n|---|---|---|---|---|\n"
    text += tried.map(line).joined()
    text += "\n## What stands\n\n"
    var known: [String] = []
    for comparison in state.confirmations where comparison.text("verdict") == "better" {
      guard let candidate = state.candidate(of: comparison) else { continue }
      let fact =
        "\(candidate.key) improves \(campaign.primary.metric) by "
        + "\(gain(comparison)) "
        + "(\(comparison.key), shrunk \(amount(comparison.number("shrunkEffect"))))"
      known.append(fact)
      text += "- \(fact): \(candidate.string("status"))\n"
    }
    if known.isEmpty { text += "Nothing better than the starting point was confirmed.\n" }
    return Report(title: "Campaign \(campaign.name)", markdown: text, known: known)
  }

  private func holdoutLine() -> String {
    guard let check = state.mirror.all("Comparison").last(where: { $0.text("stage") == "holdout" })
    else { return "No sealed check was made.\n" }
    let passed = check.boolean("passed") == true
    let winner = state.candidate(of: check)?.key.string ?? "?"
    return "Sealed check of \(winner) (\(check.key)): **\(passed ? "passed" : "not passed")**.\n"
  }
}
