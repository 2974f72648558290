// Whether anything is left to do about a proposal: its report, and the decision about that.

import Base

/// How far a proposal is that is over.
struct ProposalEnd {
  let report: MirrorNode?
  let decision: MirrorNode?
  let isUnfinished: Bool
  /// Whether a reviewer took back what had been confirmed.
  let isWithdrawn: Bool

  init(_ mirror: Mirror, _ proposal: MirrorNode) {
    isUnfinished = LoopPolicy.isUnfinished(proposal)
    let report = mirror.lastSource(of: proposal.id, "REPORTS", label: "Report")
    let decision = report.flatMap { report in
      mirror.lastSource(of: report.id, "DECIDES", label: "Decision") {
        $0.text("gate") == "report"
      }
    }
    let action = decision?.string("action") ?? ""
    isWithdrawn =
      ["reject", "retract", "quarantine"].contains(action)
      && proposal.text("status") == "confirmed"
    self.report = report
    self.decision = decision
  }

  /// Nothing is left to do about it.
  var isSettled: Bool {
    guard let decision, !isUnfinished, !isWithdrawn else { return false }
    return decision.text("action") != "pending"
  }
}
