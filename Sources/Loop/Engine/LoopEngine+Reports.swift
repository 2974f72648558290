// Reports on proposals as nodes with their Markdown; the policy's decision at the report gate comes
// with them.

import Base
import Graph

extension LoopEngine {
  func report(on proposal: MirrorNode) throws {
    guard let round = state.round(of: proposal) else { return }
    let text = ReportWriter(state: state).proposal(proposal)
    let comparison = state.comparisons(of: proposal, stage: "confirm").last
    try recorder.record(
      .reported, [proposal.key.string], reason: "a report on \(proposal.key)"
    ) { transaction in
      let node = transaction.create(
        "Report",
        [
          ("kind", .text("proposal")), ("title", .text(text.title)),
          ("question", proposal["hypothesis"]), ("predictedEffect", proposal["predictedEffect"]),
          ("effect", comparison?["effect"]), ("lower", comparison?["lower"]),
          ("upper", comparison?["upper"]),
          ("verdict", comparison?["verdict"] ?? proposal["status"]),
          ("costSeconds", .float(cost(of: proposal))),
          ("anomalies", texts(text.anomalies)), ("known", texts(text.known)),
          ("followUps", texts(text.followUps)), ("text", .text(text.markdown)),
          ("at", recorder.now),
        ])
      transaction.connect(node, "REPORTS", .id(proposal.id))
      transaction.connect(node, "IN", .id(round.id))
      transaction.connect(node, "BY", try actor("loop", kind: "program", in: &transaction))
      for cited in state.comparisons(of: proposal, stage: "screen")
        + [comparison].compactMap(\.self)
      {
        transaction.connect(node, "CITES", .id(cited.id))
      }
      for critique in state.critiques(of: proposal) {
        transaction.connect(node, "CITES", .id(critique.id))
      }
      if campaign.gates.report == .auto {
        try decide(
          "report", node, "approve", "policy: nothing speaks against it", round, &transaction)
      }
    }
    announceReport(on: proposal)
  }

  private func texts(_ lines: [String]) -> Value? {
    lines.isEmpty ? nil : .list(lines.map { .text($0) })
  }

  /// Seconds of runs and evaluations, the incumbent's share of confirmations included.
  private func cost(of proposal: MirrorNode) -> Double {
    state.runs(for: proposal.key)
      .flatMap { state.mirror.sources(of: $0.id, "CHARGES", label: "Charge") }
      .filter { $0.text("resource") == "wallSeconds" }
      .reduce(0) { $0 + ($1.number("spent") ?? 0) }
  }
}
