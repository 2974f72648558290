// What several critiques of one proposal come to by the campaign's declared rule. Pure: the same
// graph gives the same decision with the same words.

import Base

/// The policy of the critique gate.
struct CritiqueVerdict {
  private let state: CampaignState
  private let critiques: [MirrorNode]

  static let silence = "policy: nothing speaks against it"

  init(_ state: CampaignState, _ proposal: MirrorNode) {
    self.state = state
    critiques = state.critiques(of: proposal)
  }

  /// The rule in words, for the record.
  static func rule(_ declaration: CritiqueDeclaration) -> String {
    switch declaration.rule {
    case .anyReject: "rejects what a critic rejects with citations"
    case .majority: "rejects what more than half of the critics that answered reject"
    case .weighted:
      "rejects where more than \(declaration.threshold) of the weight of the critics that answered "
        + "rejects; a weight is (upheld + 2) / (objections + 4) over "
        + "(squared errors + 1) / (predictions + 4), of one critic, model and prompt"
    }
  }

  /// `approve` or `reject`, and why.
  var decision: (action: Text, reason: String) {
    let rejecting = critiques.filter { $0.text("verdict") == "reject" }
    guard let first = rejecting.first else { return ("approve", "policy: no critic rejects it") }
    let words = "\(first.key): \(first.string("summary"))"
    switch state.campaign.critique.rule {
    case .anyReject: return ("reject", words)
    case .majority:
      let count = "\(rejecting.count) of \(critiques.count) critics reject it"
      return rejecting.count * 2 > critiques.count
        ? ("reject", "\(words) (majority: \(count))") : ("approve", "policy: only \(count)")
    case .weighted: return weighted(words)
    }
  }

  private func weighted(_ words: String) -> (action: Text, reason: String) {
    var all = 0.0
    var against = 0.0
    var parts: [String] = []
    for critique in critiques {
      let weight = state.record(ofCriticOf: critique).weight
      all += weight
      if critique.text("verdict") == "reject" { against += weight }
      parts.append("\(critique.key) \(critique.string("verdict")) \(NumberText.short(weight))")
    }
    let share = against / all
    let threshold = state.campaign.critique.threshold
    let account =
      "weighted: \(NumberText.short(share)) of the weight rejects, \(threshold) is allowed; "
      + parts.joined(separator: ", ")
    return share > threshold
      ? ("reject", "\(words) (\(account))") : ("approve", "policy: \(account)")
  }
}
