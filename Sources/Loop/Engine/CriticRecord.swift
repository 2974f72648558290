// What critics said against what came of it: Brier scores, objections that came true, failures that
// they missed, and the weight that follows. Pure; the named query `critics` gives the same numbers
// from the graph, and a test holds the two together.

import Base

extension CampaignState {
  /// Ends of proposals that ran and brought no confirmed improvement.
  static let unsuccessful: [Text] = [
    "refuted", "indistinguishable", "screened", "failed", "invalid",
  ]
  /// All ends but the one that is wanted.
  static let lost = Set(unsuccessful + ["rejected", "terminated"])

  /// 1 where a proposal was confirmed, 0 where it ran and was not; `nil` where nothing is known.
  func outcome(of proposal: MirrorNode) -> Double? {
    let status = proposal.text("status") ?? ""
    if status == "confirmed" { return 1 }
    return Self.unsuccessful.contains(status) ? 0 : nil
  }

  /// What the same critic (its name, model and version of the prompt) has said so far of proposals
  /// whose outcome is known. O(n) in the critiques.
  func record(ofCriticOf critique: MirrorNode) -> CriticRecord {
    let critic = means(of: critique)
    var record = CriticRecord()
    for other in mirror.all("Critique") where means(of: other) == critic {
      guard other["origin"] == nil, let proposal = mirror.target(of: other.id, "CRITIQUES"),
        let outcome = outcome(of: proposal)
      else { continue }
      record.add(other, outcome: outcome, status: proposal.text("status") ?? "")
    }
    return record
  }

  /// Who said something and with what: actor, model, prompt.
  private func means(of critique: MirrorNode) -> [NodeID] {
    let used = mirror.targets(of: critique.id, "USES")
      .filter { $0.label == "Model" || $0.label == "Prompt" }.map(\.id)
    return mirror.ends(of: critique.id, "BY") + used.sorted()
  }
}

/// A critic's words held against outcomes.
struct CriticRecord: Sendable, Hashable {
  private(set) var predictions = 0
  /// Sum of squared differences between probability and outcome.
  private(set) var loss = 0.0
  private(set) var objections = 0
  /// Objections to what was not confirmed.
  private(set) var upheld = 0
  private(set) var approvals = 0
  /// Approved, and it crashed, could not be scored or came out worse.
  private(set) var missed = 0

  /// So many outcomes foretold like a coin's, and half as many objections upheld, are what a critic
  /// starts with.
  static let prior = 4.0

  mutating func add(_ critique: MirrorNode, outcome: Double, status: Text) {
    if let probability = critique.number("predictedProbability") {
      predictions += 1
      loss += (probability - outcome) * (probability - outcome)
    }
    let objected = critique.texts("objections").count
    objections += objected
    if outcome == 0 { upheld += objected }
    guard critique.text("verdict") == "approve" else { return }
    approvals += 1
    if ["failed", "invalid", "refuted"].contains(status) { missed += 1 }
  }

  /// Precision over Brier score, both drawn towards a coin's while little is known: 2 at first. A
  /// critic counts for more where its probabilities were right and its objections came true.
  var weight: Double {
    let precision = (Double(upheld) + Self.prior / 2) / (Double(objections) + Self.prior)
    let brier = (loss + Self.prior * 0.25) / (Double(predictions) + Self.prior)
    return precision / brier
  }
}
