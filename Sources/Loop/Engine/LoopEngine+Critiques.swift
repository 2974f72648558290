// Asking critics, and recording what they answer: what fits no schema is no critique, what cites
// nothing true is struck. Nothing that a critic writes can do more than be recorded.

import Base
import Graph
import Models
import Recall
import Stemma

extension LoopEngine {
  func critique(_ proposal: MirrorNode, critic index: Int) throws {
    guard let incumbent = state.incumbent, let round = state.round(of: proposal) else { return }
    let declaration = campaign.critics[index]
    let ordinal = state.questions("critic")
    let shown = Shown(
      brief: try brief(for: declaration, .proposal(proposal.key.string)),
      prompt: prompt(for: declaration, .critic, ordinal))
    let (body, told) = try requests(to: declaration).critic(
      round: round, ordinal: ordinal, seed: try seeds().seed("critic", ordinal),
      incumbent: incumbent, proposal: proposal, objects: objects, brief: shown.brief?.text,
      prompt: shown.textInRequest(to: declaration))
    var request = ProviderRequest(role: .critic, ordinal: ordinal, body: body)
    request.told = told
    let asked = try ask(declaration, request, shown, in: round)
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
        answer = try read(bytes, from: declaration)
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
      connectMeans(of: asked, declaration, to: node, in: &transaction)
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

  /// Throws `provider.answer`. The built-in critic answers from the history alone and scores
  /// nothing; everybody else has to fit the rubric, whether a model or a program.
  private func read(
    _ bytes: [UInt8], from declaration: ProviderDeclaration
  ) throws -> CritiqueAnswer {
    let value = try JSONReader.read(bytes, limitBytes: 8 << 20)
    let answer = try CritiqueAnswer(value)
    guard let rubric = campaign.critique.rubric, declaration.kind != .historian else {
      return answer
    }
    let faults = JSONSchema(RolePrompts.schema(of: .critic, rubric: rubric)).faults(in: value)
    guard faults.isEmpty else {
      throw StemmaError(.providerAnswer, faults.joined(separator: "; "))
    }
    return answer
  }

  /// Records a critique; objections that cite nothing true are struck, with the reason.
  private func create(
    _ answer: CritiqueAnswer, of proposal: MirrorNode, by declaration: ProviderDeclaration,
    in transaction: inout StepTransaction
  ) throws -> NodeReference {
    let check = try CitationCheck(answer, of: proposal) { key in
      // Literature and other campaigns are not in the mirror.
      try state.mirror.node(key: key) ?? MirrorNode.find(key, in: database)
    }
    let node = CritiqueRecord(answer: answer, check: check).create(
      of: proposal.id, score: campaign.critique.score(answer.scores), at: recorder.now,
      in: &transaction)
    for entry in check.kept {
      connectDuplicate(entry.objection, entry.cites, of: proposal, declaration, in: &transaction)
    }
    for policy in state.mirror.all("Policy") where policy.string("name") == PolicyText.rubric {
      transaction.connect(node, "USES", .id(policy.id))
    }
    let critic = try actor("critic:\(declaration.name)", kind: "agent", in: &transaction)
    transaction.connect(node, "BY", critic)
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
}
