// The duplicate gate of a campaign with a judge: what can be said without asking is said, the judge
// is asked about what is only like it, and what it answers is checked and recorded. Where it says
// nothing, the gate says that and lets the proposal pass.

import Base
import Graph
import Models
import Recall

extension LoopEngine {
  func searchDuplicates(of proposal: MirrorNode) throws {
    guard let judge = campaign.judge, let round = state.round(of: proposal) else { return }
    let gate = DuplicateGate(state, proposal, judge, try recall.repetitions(of: proposal.key))
    switch gate.finding {
    case .clear(let reason):
      try settle(proposal, "approve", reason, in: round)
    case .repeats(let earlier, let kind, let differing, let reason):
      try settle(proposal, "reject", "policy: \(reason)", citing: [earlier], in: round) {
        connect(proposal, earlier, kind, score: kind == "exact" ? 1 : 0.99, differing, in: &$0)
      }
    case .doubtful(let candidates):
      if let refusal = state.refusal(ofQuestionTo: judge.provider, round: round)
        ?? state.dayRefusal(ofQuestionTo: judge.provider)
      {
        return try settle(
          proposal, "approve",
          "policy: not judged whether it means the same as "
            + "\(Self.keys(candidates)): \(refusal)", in: round)
      }
      try ask(judge.provider, about: proposal, candidates, in: round)
    }
  }

  private static func keys(_ nodes: [MirrorNode]) -> String {
    nodes.map(\.key.string).joined(separator: ", ")
  }

  /// Records what the gate came to.
  private func settle(
    _ proposal: MirrorNode, _ action: Text, _ reason: String, citing cited: [MirrorNode] = [],
    in round: MirrorNode, _ more: (inout StepTransaction) throws -> Void = { _ in }
  ) throws {
    try recorder.record(
      .duplicatesSearched, [proposal.key.string],
      reason: "whether \(proposal.key) repeats an earlier proposal"
    ) { transaction in
      try more(&transaction)
      let decision = try decide(
        "duplicate", .id(proposal.id), action, reason, round, &transaction)
      for node in cited { transaction.connect(decision, "CITES", .id(node.id)) }
    }
  }

  private func connect(
    _ proposal: MirrorNode, _ earlier: MirrorNode, _ kind: Text, score: Double,
    _ differing: [Text] = [], by detector: String = "gate", in transaction: inout StepTransaction
  ) {
    var properties: [(Text, Value?)] = [
      ("kind", .string(kind)), ("detector", .text(detector)), ("detectorVersion", .text("1")),
      ("score", .float(score)),
    ]
    if !differing.isEmpty {
      properties.append(("differing", .list(differing.map { .string($0) })))
    }
    transaction.connect(.id(proposal.id), "DUPLICATES", .id(earlier.id), properties)
  }

  // MARK: The judge

  private func ask(
    _ judge: ProviderDeclaration, about proposal: MirrorNode, _ candidates: [MirrorNode],
    in round: MirrorNode
  ) throws {
    guard let incumbent = state.incumbent else { return }
    let ordinal = state.questions("judge")
    let shown = Shown(brief: nil, prompt: prompt(for: judge, .judge, ordinal))
    let body = try requests(to: judge).judge(
      round: round, ordinal: ordinal, seed: try seeds().seed("judge", ordinal),
      incumbent: incumbent, proposal: proposal, candidates: candidates, objects: objects,
      prompt: shown.textInRequest(to: judge))
    var asked = try ask(
      judge, ProviderRequest(role: .judge, ordinal: ordinal, body: body), shown, in: round)
    var answer: JudgeAnswer?
    if let bytes = asked.answer {
      do {
        answer = try JudgeAnswer(JSONReader.read(bytes, limitBytes: 8 << 20))
      } catch let error as StemmaError {
        asked.status = "invalid"
        asked.failure = error.message
      }
    }
    let check = answer.map { answer in
      CitationCheck(answer.critique, of: proposal, shown: Set(candidates.map(\.key))) {
        state.mirror.node(key: $0)
      }
    }
    let same = (check?.kept ?? []).flatMap(\.cites)
    let reason = Self.reason(judge, check, about: candidates, failure: asked.failure)
    try settle(
      proposal, same.isEmpty ? "approve" : "reject", reason, citing: same, in: round
    ) { transaction in
      let call = try createCall(
        .judge, judge, asked, ordinal: ordinal, about: proposal.key, in: &transaction, round: round)
      guard let answer, let check else { return }
      let critique = CritiqueRecord(answer: answer.critique, check: check).create(
        of: proposal.id, origin: "judge", at: recorder.now, in: &transaction)
      connectMeans(of: asked, judge, to: critique, in: &transaction)
      transaction.connect(call, "PRODUCED", critique)
      transaction.connect(
        critique, "BY", try speaker(of: asked, .judge, judge, in: &transaction))
      for earlier in same {
        connect(
          proposal, earlier, "semantic", score: answer.probability(of: earlier.key),
          by: judge.name, in: &transaction)
      }
    }
    try note(asked, .judge, judge)
  }

  private static func reason(
    _ judge: ProviderDeclaration, _ check: CitationCheck?, about candidates: [MirrorNode],
    failure: String?
  ) -> String {
    let name = "the judge '\(judge.name)'"
    guard let check else {
      return "policy: not judged whether it means the same as \(keys(candidates)): \(name) gave no "
        + "usable answer: \(failure ?? "no reason is known")"
    }
    guard let first = check.kept.first, let key = first.cites.first?.key else {
      let struck = check.struck.first.map { "; struck: \($0.reason)" } ?? ""
      return "\(name) holds none of \(keys(candidates)) for the same\(struck)"
    }
    return "\(name) holds it for the same as \(key): \(first.objection.text)"
  }
}
