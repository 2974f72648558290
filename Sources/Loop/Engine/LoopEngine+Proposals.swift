// Proposals, gates, and the ends of proposals. Whatever a provider does is recorded and never stops
// the campaign.

import Base
import Graph
import Models
import Recall

extension LoopEngine {
  // MARK: Proposing

  func propose(in round: MirrorNode) throws {
    guard let incumbent = state.incumbent else { return }
    let ordinal = state.questions("proposer")
    if let submission = state.submissions.first {
      let asked = try taken(submission, ordinal)
      return try recorder.group { try record(asked, ordinal, in: round, incumbent) }
    }
    var change = ProposedChange()
    change.base = incumbent.key.string
    let shown = Shown(
      brief: try brief(for: campaign.proposer, .change(change)),
      prompt: prompt(for: campaign.proposer, .proposer, ordinal))
    let body = try requests(to: campaign.proposer).proposer(
      round: round, ordinal: ordinal, seed: try seeds().seed("proposer", ordinal),
      incumbent: incumbent, objects: objects, brief: shown.brief?.text,
      prompt: shown.textInRequest(to: campaign.proposer))
    var request = ProviderRequest(role: .proposer, ordinal: ordinal, body: body)
    request.desk = try desk(incumbent, shown.brief)
    let asked = try ask(campaign.proposer, request, shown, in: round)
    try recorder.group { try record(asked, ordinal, in: round, incumbent) }
  }

  /// Records a question to the proposer with the proposal that came of it.
  private func record(
    _ asked: Asked, _ ordinal: Int, in round: MirrorNode, _ incumbent: MirrorNode
  ) throws {
    var asked = asked
    var draft: ProposalDraft?
    if let answer = asked.answer {
      do { draft = try read(answer, incumbent) } catch let error as StemmaError {
        guard error.code == .providerAnswer else { throw error }
        asked.status = "invalid"
        asked.failure = error.message
      }
    }
    let receipt = try recorder.record(
      .proposed, ["\(ordinal)"], reason: "the proposer was asked"
    ) { transaction in
      let call = try createCall(
        .proposer, campaign.proposer, asked, ordinal: ordinal, about: nil, in: &transaction,
        round: round)
      settle(asked, in: &transaction)
      guard let draft else { return }
      let proposal = draft.create(in: &transaction, at: recorder.now)
      transaction.connect(proposal, "IN", .id(round.id))
      transaction.connect(call, "PRODUCED", proposal)
      connectMeans(of: asked, campaign.proposer, to: proposal, in: &transaction)
      if let submission = asked.submission {
        transaction.connect(.id(submission.id), "RESULTED_IN", proposal)
      }
      let speaker = try speaker(of: asked, .proposer, campaign.proposer, in: &transaction)
      transaction.connect(proposal, "BY", speaker)
      for key in draft.answer?.inspirations ?? [] where key != draft.base?.key {
        guard let other = state.mirror.node(key: key), other.label == "Proposal" else { continue }
        transaction.connect(
          proposal, "DERIVED_FROM", .id(other.id), [("role", .text("inspiration"))])
      }
      if campaign.gates.proposal == .auto {
        try decide(
          "proposal", proposal, "approve", "policy: proposals are judged by critics", round,
          &transaction)
      }
    }
    for key in receipt.keys.compactMap({ $0 }) {
      guard let node = state.mirror.node(key: key), node.label == "Proposal" else { continue }
      onEvent(.proposal(key: key.string, title: node.string("title")))
    }
    try note(asked, .proposer, campaign.proposer)
  }

  private func read(_ answer: [UInt8], _ incumbent: MirrorNode) throws -> ProposalDraft {
    let value = try JSONReader.read(answer, limitBytes: 8 << 20)
    return try ProposalBuilder(campaign: campaign, state: state, objects: objects).draft(
      try ProposalAnswer(value), incumbent: incumbent)
  }

  // MARK: Gates

  /// A decision by policy; unsigned, and counted as such.
  @discardableResult
  func decide(
    _ gate: Text, _ subject: NodeReference, _ action: Text, _ reason: String, _ round: MirrorNode,
    _ transaction: inout StepTransaction
  ) throws -> NodeReference {
    let decision = transaction.create(
      "Decision",
      [
        ("gate", .string(gate)), ("action", .string(action)), ("reason", .text(reason)),
        ("madeBy", .text("policy")), ("at", recorder.now),
      ])
    transaction.connect(decision, "DECIDES", subject)
    transaction.connect(decision, "IN", .id(round.id))
    for policy in state.mirror.all("Policy") where policy.string("name") == PolicyText.gates {
      transaction.connect(decision, "USES", .id(policy.id))
    }
    let policy = try actor("policy:auto", kind: "policy", in: &transaction)
    transaction.connect(decision, "BY", policy)
    return decision
  }

  /// Asks a person, or decides by policy where a gate has no decision yet.
  func openGate(_ gate: Text, subject: MirrorNode, proposal: MirrorNode) throws {
    guard let round = state.round(of: proposal) else { return }
    let mode = campaign.gates.mode(of: gate)
    try recorder.record(
      .gateOpened, [gate.string, subject.key.string], reason: "the \(gate) gate was reached"
    ) { transaction in
      guard mode == .ask else {
        let (action, reason) =
          gate == "critique"
          ? CritiqueVerdict(state, proposal).decision : ("approve", CritiqueVerdict.silence)
        try decide(gate, .id(subject.id), action, reason, round, &transaction)
        return
      }
      let decision = transaction.create(
        "Decision",
        [
          ("gate", .string(gate)), ("action", .text("pending")), ("madeBy", .text("policy")),
          ("asked", .text("ask")), ("askedAt", recorder.now),
        ])
      transaction.connect(decision, "DECIDES", .id(subject.id))
      transaction.connect(decision, "IN", .id(round.id))
      if gate == "proposal" || gate == "critique" {
        transaction.set(proposal, "status", .text("waiting"))
      }
    }
  }

  // MARK: Ends

  func end(_ proposal: MirrorNode, status: Text, reason: String) throws {
    guard let round = state.round(of: proposal) else { return }
    let before = proposal.string("status")
    try recorder.record(
      .ended, [proposal.key.string, before, status.string],
      reason: Text("\(proposal.key): \(reason)")
    ) { transaction in
      transaction.set(proposal, "status", .string(status))
      if status == "terminated" {
        let decision = try decide(
          "proposal", .id(proposal.id), "terminate", reason, round, &transaction)
        // A winner that is withdrawn takes what was concluded from it along.
        if before == "confirmed" { retract(proposal, decision, in: &transaction) }
      }
    }
    onEvent(.ended(proposal: proposal.key.string, status: status.string, reason: reason))
  }
}

extension LoopEngine {
  private func retract(
    _ proposal: MirrorNode, _ decision: NodeReference, in transaction: inout StepTransaction
  ) {
    for comparison in state.comparisons(of: proposal, stage: "confirm")
    where comparison.text("verdict") == "better" {
      transaction.connect(decision, "RETRACTS", .id(comparison.id))
    }
    for finding in state.findings(of: proposal) {
      transaction.connect(decision, "RETRACTS", .id(finding.id))
    }
  }
}

extension Gates {
  func mode(of gate: Text) -> Mode {
    switch gate.string {
    case "proposal": proposal
    case "critique": critique
    case "evaluation": evaluation
    default: report
    }
  }
}
