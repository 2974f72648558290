// Whether a proposal repeats an earlier one of its campaign, as far as can be said without asking
// anybody, and whom to ask about. Pure.

import Base
import Recall

/// The duplicate gate of one proposal.
struct DuplicateGate {
  enum Finding {
    /// The kind of the repetition, and why it is one.
    case repeats(MirrorNode, kind: Text, differing: [Text], reason: String)
    /// Put before the judge.
    case doubtful([MirrorNode])
    /// Nothing to ask about, and why.
    case clear(String)
  }

  let finding: Finding

  /// `found`: what is like the proposal, most like it first.
  init(
    _ state: CampaignState, _ proposal: MirrorNode, _ judge: JudgeDeclaration,
    _ found: [Repetition]
  ) {
    // What never ran says nothing, and other campaigns try other things.
    let tried = found.compactMap { entry -> (entry: Repetition, node: MirrorNode)? in
      guard let node = state.mirror.node(key: entry.key), node.label == "Proposal",
        node.id < proposal.id, node.text("kind") != "baseline",
        !["rejected", "terminated"].contains(node.text("status") ?? "")
      else { return nil }
      return (entry, node)
    }
    if let exact = tried.first(where: \.entry.isExact) {
      finding = .repeats(
        exact.node, kind: "exact", differing: [],
        reason: "exactly the change of \(exact.node.key)")
      return
    }
    let near = tried.first(where: \.entry.isNear)
    if let near, proposal["statedDifference"] == nil {
      let names = near.entry.differing.map(\.string).joined(separator: "; ")
      finding = .repeats(
        near.node, kind: "near", differing: near.entry.differing,
        reason: "nearly \(near.node.key) (\(names.isEmpty ? "no parameter differs" : names)), "
          + "and no difference is stated")
      return
    }
    let candidates = tried.filter {
      !$0.entry.setsOnlyParameters && $0.entry.likeness >= judge.likeness
    }.prefix(judge.candidates)
    if !candidates.isEmpty {
      finding = .doubtful(candidates.map(\.node))
    } else if let near {
      finding = .clear("policy: nearly \(near.node.key), and it says what is different")
    } else {
      finding = .clear("policy: nothing that was tried is like it enough to ask the judge")
    }
  }

  /// In words, for the record.
  static func rule(_ judge: JudgeDeclaration?) -> String {
    guard let judge else { return "no judge says whether two changes mean the same" }
    return "rejects the same change, a near one without a stated difference, and what the judge "
      + "'\(judge.provider.name)' holds for the same, asked about at most \(judge.candidates) with "
      + "\(judge.likeness) of words or changed lines alike"
  }
}
