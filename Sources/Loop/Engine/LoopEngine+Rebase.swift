// What happens to the other proposals of a round when one of them is confirmed: their base is no
// longer what is believed, so the same change is made of the new incumbent. Otherwise a gain would
// be measured together with the loss of the gain that was just confirmed.

import Base
import Graph
import Models

extension LoopEngine {
  /// Replaces a proposal by the same change of the incumbent; where that cannot be done, says why
  /// and keeps it as it is.
  func rebase(_ proposal: MirrorNode, onto incumbent: MirrorNode) throws {
    guard let round = state.round(of: proposal) else { return }
    let old = state.mirror.target(of: proposal.id, "BASED_ON")?.key.string ?? "its base"
    var draft: ProposalDraft?
    var reason = "\(old) was replaced by \(incumbent.key); the same change is made of that"
    do {
      draft = try ProposalBuilder(campaign: campaign, state: state, objects: objects)
        .rebased(proposal, onto: incumbent)
    } catch let error as StemmaError where error.code == .providerAnswer {
      reason = "\(old) was replaced by \(incumbent.key), of which this change cannot be made "
      reason += "(\(error.message)); it is compared with \(incumbent.key) as it is"
    }
    try recorder.record(
      .rebased, [proposal.key.string, incumbent.key.string],
      reason: Text("\(proposal.key): \(reason)")
    ) { transaction in
      let action: Text = draft == nil ? "keep" : "modify"
      let decision = try decide(
        "proposal", .id(proposal.id), action, reason, round, &transaction)
      guard let draft else { return }
      let made = draft.create(in: &transaction, at: recorder.now)
      transaction.connect(made, "IN", .id(round.id))
      // The change and its prediction stay those of who proposed it.
      if let speaker = state.mirror.ends(of: proposal.id, "BY").first {
        transaction.connect(made, "BY", .id(speaker))
      }
      transaction.connect(made, "SUPERSEDES", .id(proposal.id))
      transaction.connect(
        made, "DERIVED_FROM", .id(proposal.id), [("role", .text("inspiration"))])
      transaction.connect(decision, "RESULTED_IN", made)
      transaction.set(proposal, "status", .text("terminated"))
      if campaign.gates.proposal == .auto {
        try decide(
          "proposal", made, "approve", "policy: proposals are judged by critics", round,
          &transaction)
      }
    }
    guard draft != nil else { return }
    onEvent(.ended(proposal: proposal.key.string, status: "terminated", reason: reason))
    if let made = state.mirror.lastSource(of: proposal.id, "SUPERSEDES", label: "Proposal") {
      onEvent(.proposal(key: made.key.string, title: made.string("title")))
    }
  }
}

extension ProposalBuilder {
  /// The change that a proposal makes of its base, made of another proposal instead.
  ///
  /// - Throws: `provider.answer` where that is impossible: patches that exclude each other, a file
  ///   that both have changed, or nothing left to change.
  func rebased(_ proposal: MirrorNode, onto incumbent: MirrorNode) throws -> ProposalDraft {
    let names = proposal.texts("changed").map(\.string)
    let values = Self.parameters(of: proposal)
    let changed = names.filter { !$0.contains(":") }.compactMap { name in
      values[Text(name)].map { (Text(name), $0) }
    }
    var prediction: [(Text, Value)] = []
    for (name, property) in [
      ("effect", "predictedEffect"), ("probability", "predictedProbability"),
    ] {
      if let number = proposal.number(Text(property)) {
        prediction.append((Text(name), .float(number)))
      }
    }
    var answer: [(Text, Value)] = [
      ("version", .integer(1)), ("title", .string(proposal.text("title") ?? "")),
      ("hypothesis", .string(proposal.text("hypothesis") ?? "")),
      ("base", .string(incumbent.key)), ("parameters", .map(ValueMap(changed))),
      ("prediction", .map(ValueMap(prediction))),
      ("statedDifference", .text("the change of \(proposal.key), made of \(incumbent.key)")),
      ("files", .list(try files(names, of: proposal, onto: incumbent))),
    ]
    if let patches = patches(names, of: proposal, onto: incumbent) {
      answer.append(("patches", .list(patches.map { .text($0) })))
    }
    for name in ["kind", "killCriterion"] as [Text] {
      if let text = proposal[name] { answer.append((name, text)) }
    }
    if let cost = proposal["costEstimateSeconds"] { answer.append(("costSeconds", cost)) }
    return try draft(ProposalAnswer(.map(ValueMap(answer))), incumbent: incumbent)
  }

  /// The incumbent's patches with those put on and taken off that the proposal put on and took off;
  /// `nil` where it touched none.
  private func patches(
    _ names: [String], of proposal: MirrorNode, onto incumbent: MirrorNode
  ) -> [String]? {
    let touched = names.filter { $0.hasPrefix("patch:") }.map { String($0.dropFirst(6)) }
    guard !touched.isEmpty else { return nil }
    let mine = Self.patches(of: proposal)
    var patches = Self.patches(of: incumbent).filter { !touched.contains($0) || mine.contains($0) }
    for name in touched where mine.contains(name) && !patches.contains(name) {
      patches.append(name)
    }
    return patches
  }

  /// The files that the proposal wrote itself; each must be the same in both bases.
  private func files(
    _ names: [String], of proposal: MirrorNode, onto incumbent: MirrorNode
  ) throws -> [Value] {
    let paths = names.filter { $0.hasPrefix("file:") }.map { String($0.dropFirst(5)) }
    guard !paths.isEmpty else { return [] }
    func tree(_ name: Text, of node: MirrorNode) throws -> [String: String] {
      let files = try Tree.load(node.string(name), from: objects).files
      return Dictionary(files.map { ($0.path, $0.hash) }) { first, _ in first }
    }
    let old = try tree("baseTree", of: proposal)
    let mine = try tree("tree", of: proposal)
    let theirs = try tree("tree", of: incumbent)
    return try paths.map { path in
      guard old[path] == theirs[path] else {
        throw StemmaError(.providerAnswer, "\(incumbent.key) has changed \(path) as well")
      }
      return TreeChange.answer(path, try mine[path].map { try objects.load($0) })
    }
  }
}
