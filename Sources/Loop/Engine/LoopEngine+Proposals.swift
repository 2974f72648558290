// Proposals and critiques, gates, and the ends of proposals. Whatever a provider does is recorded
// and never stops the campaign.

import Base
import Graph
import Models
import Recall

extension LoopEngine {
  // MARK: Proposing

  func propose(in round: MirrorNode) throws {
    guard let incumbent = state.incumbent else { return }
    let ordinal = state.questions("proposer")
    var change = ProposedChange()
    change.base = incumbent.key.string
    let brief = try brief(for: campaign.proposer, .change(change))
    let body = try requests(to: campaign.proposer).proposer(
      round: round, ordinal: ordinal, seed: try seeds().seed("proposer", ordinal),
      incumbent: incumbent, objects: objects, brief: brief?.text)
    let asked = try ask(
      campaign.proposer, ProviderRequest(role: .proposer, ordinal: ordinal, body: body), brief,
      in: round)
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
      guard let draft else { return }
      let proposal = draft.create(in: &transaction, at: recorder.now)
      transaction.connect(proposal, "IN", .id(round.id))
      transaction.connect(call, "PRODUCED", proposal)
      let speaker = try actor(
        "proposer:\(campaign.proposer.name)", kind: "agent", in: &transaction)
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
        let (action, reason) = policyDecision(gate, proposal)
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

  private func policyDecision(_ gate: Text, _ proposal: MirrorNode) -> (Text, String) {
    guard gate == "critique" else { return ("approve", "policy: nothing speaks against it") }
    let rejecting = state.critiques(of: proposal).filter { $0.text("verdict") == "reject" }
    guard let first = rejecting.first else {
      return ("approve", "policy: no critic rejects it")
    }
    return ("reject", "\(first.key): \(first.string("summary"))")
  }

  // MARK: Criticising

  func critique(_ proposal: MirrorNode, critic index: Int) throws {
    guard let incumbent = state.incumbent, let round = state.round(of: proposal) else { return }
    let declaration = campaign.critics[index]
    let ordinal = state.questions("critic")
    let brief = try brief(for: declaration, .proposal(proposal.key.string))
    let body = try requests(to: declaration).critic(
      round: round, ordinal: ordinal, seed: try seeds().seed("critic", ordinal),
      incumbent: incumbent, proposal: proposal, objects: objects, brief: brief?.text)
    let asked = try ask(
      declaration, ProviderRequest(role: .critic, ordinal: ordinal, body: body), brief, in: round)
    try recorder.group { try record(asked, ordinal, about: proposal, critic: index, in: round) }
  }

  /// Records a question to a critic with the critique that came of it.
  private func record(
    _ asked: Asked, _ ordinal: Int, about proposal: MirrorNode, critic index: Int,
    in round: MirrorNode
  ) throws {
    let declaration = campaign.critics[index]
    var asked = asked
    var answer: CritiqueAnswer?
    if let bytes = asked.answer {
      do {
        answer = try CritiqueAnswer(JSONReader.read(bytes, limitBytes: 8 << 20))
      } catch let error as StemmaError {
        asked.status = "invalid"
        asked.failure = error.message
      }
    }
    try recorder.record(
      .critiqued, [proposal.key.string, "\(index)"], reason: "\(declaration.name) was asked"
    ) { transaction in
      let call = try createCall(
        .critic, declaration, asked, ordinal: ordinal, about: proposal.key, in: &transaction,
        round: round)
      guard let answer else { return }
      let node = try create(answer, of: proposal, by: declaration, in: &transaction)
      transaction.connect(call, "PRODUCED", node)
    }
    if let critique = state.critiques(of: proposal).last, answer != nil {
      onEvent(
        .critique(
          proposal: proposal.key.string, verdict: critique.string("verdict"),
          summary: critique.string("summary")))
    }
    try note(asked, .critic, declaration)
  }

  /// Records a critique; objections that cite nothing that exists are struck.
  private func create(
    _ answer: CritiqueAnswer, of proposal: MirrorNode, by declaration: ProviderDeclaration,
    in transaction: inout StepTransaction
  ) throws -> NodeReference {
    var kept: [(objection: CritiqueAnswer.Objection, cites: [MirrorNode])] = []
    var struck: [Text] = []
    for objection in answer.objections {
      let cited = objection.cites.compactMap { citable($0, besides: proposal) }
      if cited.isEmpty { struck.append(objection.text) } else { kept.append((objection, cited)) }
    }
    // A rejection whose every objection was struck has nothing to stand on.
    let isUnsupported = answer.verdict == .reject && kept.isEmpty && !struck.isEmpty
    let node = transaction.create(
      "Critique",
      [
        ("verdict", .text(isUnsupported ? "revise" : answer.verdict.rawValue)),
        ("summary", .string(answer.summary)),
        ("objections", .list(kept.map { .string($0.objection.text) })),
        ("objectionKinds", .list(kept.map { .string($0.objection.kind) })),
        ("struck", struck.isEmpty ? nil : .list(struck.map { .string($0) })),
        ("rubric", answer.scores.isEmpty ? nil : .text(JSONWriter.write(.map(answer.scores)))),
        ("predictedOutcome", answer.predictedOutcome.map { .string($0) }),
        ("predictedProbability", answer.predictedProbability.map { .float($0) }),
        ("at", recorder.now),
      ])
    transaction.connect(node, "CRITIQUES", .id(proposal.id))
    for (index, entry) in kept.enumerated() {
      for cited in entry.cites {
        transaction.connect(node, "CITES", .id(cited.id), [("item", .integer(Int64(index)))])
      }
      connectDuplicate(entry.objection, entry.cites, of: proposal, declaration, in: &transaction)
    }
    let critic = try actor("critic:\(declaration.name)", kind: "agent", in: &transaction)
    transaction.connect(node, "BY", critic)
    return node
  }

  private static let citableLabels: Set<Text> = [
    "Campaign", "Round", "Proposal", "Critique", "Decision", "Run", "Eval", "Comparison", "Noise",
    "Finding", "Report",
  ]

  private func citable(_ key: Text, besides proposal: MirrorNode) -> MirrorNode? {
    guard let node = state.mirror.node(key: key), node.id != proposal.id,
      Self.citableLabels.contains(node.label)
    else { return nil }
    return node
  }

  /// An objection about a duplicate is also a relation between the two.
  private func connectDuplicate(
    _ objection: CritiqueAnswer.Objection, _ cites: [MirrorNode], of proposal: MirrorNode,
    _ declaration: ProviderDeclaration, in transaction: inout StepTransaction
  ) {
    let kinds: [Text: Text] = ["exact-duplicate": "exact", "near-duplicate": "near"]
    guard let kind = kinds[objection.kind] else { return }
    for earlier in cites where earlier.label == "Proposal" {
      transaction.connect(
        .id(proposal.id), "DUPLICATES", .id(earlier.id),
        [
          ("kind", .string(kind)), ("detector", .text(declaration.name)),
          ("detectorVersion", .text("1")), ("score", .float(kind == "exact" ? 1 : 0.99)),
        ])
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
