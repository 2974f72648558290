// The rules by which the loop decides by itself, in words, as nodes that its comparisons and
// decisions point to. A change of a rule is a new version here.

import Base
import Models

struct PolicyText {
  static let belief = "belief"
  static let gates = "gates"
  static let rubric = "rubric"

  var name: String
  var version: String
  var text: String

  static func all(_ campaign: Campaign) -> [PolicyText] {
    let confirm = campaign.confirmation
    let noise = campaign.noise
    var texts = [
      PolicyText(
        name: belief, version: "1",
        text: "Noise from \(noise.runs) runs, again after each promotion. Screen: one run beyond "
          + "the \(confirm.screenQuantile) quantile. Confirm: \(confirm.pairs) pairs on the same "
          + "fresh seeds, a look after every second, futile below zero, one-sided at "
          + "\(confirm.alpha) at the last look only; the wider of seed and item intervals governs. "
          + "docs/life-of-a-round.md has the reasons."),
      PolicyText(
        name: gates, version: "3",
        text: "proposal: \(campaign.gates.proposal.rawValue); duplicate: "
          + "\(DuplicateGate.rule(campaign.judge)); critique: "
          + "\(campaign.gates.critique.rawValue), \(CritiqueVerdict.rule(campaign.critique)); "
          + "evaluation: \(campaign.gates.evaluation.rawValue); report: "
          + "\(campaign.gates.report.rawValue)."),
    ]
    if let scored = campaign.critique.rubric {
      texts.append(PolicyText(name: rubric, version: "1", text: JSONWriter.write(scored)))
    }
    return texts
  }
}
