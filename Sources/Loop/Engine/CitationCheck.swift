// Checks what a critic's objections cite: an objection stands only on records that exist, are not
// the proposal itself, and bear out what its kind claims. Pure but for the look-up it is given.

import Base
import Models

/// The objections of a critique, sorted into those that stand and those that are struck.
struct CitationCheck {
  private(set) var kept: [(objection: CritiqueAnswer.Objection, cites: [MirrorNode])] = []
  private(set) var struck: [(text: Text, reason: Text)] = []
  /// Citations of objections that stand on others, such as `objection 0: there is no P99`.
  private(set) var falseCitations: [Text] = []

  private let proposal: MirrorNode
  /// What was put before whoever answers, where it may cite nothing else.
  private let shown: Set<Text>?

  /// The kinds of records that the schema lets a critique cite.
  static let citable: Set<Text> = [
    "Campaign", "Round", "Proposal", "Critique", "Decision", "Run", "Eval", "Comparison", "Noise",
    "Finding", "Report", "Source", "GuardCheck",
  ]

  /// `find` gives the record with a key, of this campaign or of another part of the store.
  init(
    _ answer: CritiqueAnswer, of proposal: MirrorNode, shown: Set<Text>? = nil,
    find: (Text) throws -> MirrorNode?
  ) rethrows {
    self.proposal = proposal
    self.shown = shown
    for objection in answer.objections {
      var cites: [MirrorNode] = []
      var wrong: [String] = []
      for key in objection.cites {
        let node = try find(key)
        if let fault = fault(node, key) {
          wrong.append(fault)
        } else if let node, !cites.contains(where: { $0.id == node.id }) {
          cites.append(node)
        }
      }
      if cites.isEmpty {
        struck.append((objection.text, Text(wrong.first ?? "it cites nothing")))
      } else if let fault = contradiction(objection.kind, cites) {
        struck.append((objection.text, Text(fault)))
      } else {
        falseCitations += wrong.map { Text("objection \(kept.count): \($0)") }
        kept.append((objection, cites))
      }
    }
  }

  private func fault(_ node: MirrorNode?, _ key: Text) -> String? {
    guard let node else { return "there is no \(key.string.prefix(64))" }
    if node.id == proposal.id { return "\(node.key) is the proposal itself" }
    if let shown, !shown.contains(node.key) { return "it was not asked about \(node.key)" }
    return Self.citable.contains(node.label)
      ? nil : "\(node.key) is a \(node.label.string), which shows nothing"
  }

  /// Why the records do not show what an objection of this kind claims; `nil` where they may.
  private func contradiction(_ kind: Text, _ cites: [MirrorNode]) -> String? {
    let proposals = cites.filter { $0.label == "Proposal" }
    switch kind {
    case "exact-duplicate":
      let hash = proposal["changeHash"]
      return proposals.contains { $0["changeHash"] == hash }
        ? nil : "none of what it cites is the same change"
    case "near-duplicate":
      return proposals.isEmpty ? "it cites no proposal that would be nearly the same" : nil
    case "failed-neighbour":
      let hasFailed = cites.contains {
        $0.label != "Proposal" || CampaignState.lost.contains($0.text("status") ?? "")
      }
      return hasFailed ? nil : "nothing that it cites has failed"
    default: return nil
    }
  }
}
