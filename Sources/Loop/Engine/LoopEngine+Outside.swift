// Proposals that were made elsewhere: what a coding agent gets to start from, and what somebody
// outside has handed in.

import Base
import Graph
import Models
import Recall

extension LoopEngine {
  /// What a coding agent works on: the incumbent's tree, and how a run of it is tried out.
  func desk(_ incumbent: MirrorNode, _ brief: Brief?) throws -> AgentDesk? {
    guard case .agent = campaign.proposer.kind else { return nil }
    let parameters = ProposalBuilder<PendingObjects>.parameters(of: incumbent)
    return AgentDesk(
      tree: incumbent.string("tree"), brief: brief?.text,
      command: try RunOrders(campaign).command(incumbent, seed: 0),
      parameters: JSONWriter.write(.map(parameters)))
  }

  /// What was handed in, as the answer to a question that nobody had to be asked.
  func taken(_ submission: MirrorNode, _ ordinal: Int) throws -> Asked {
    let request: [(Text, Value)] = [
      ("version", .integer(1)), ("role", .text("proposer")), ("ordinal", .integer(Int64(ordinal))),
      ("submission", .string(submission.key)),
    ]
    return Asked(
      request: JSONWriter.bytes(.map(ValueMap(request))),
      answer: try objects.load(submission.string("contentHash")), status: "answered",
      failure: nil, milliseconds: 0, transcript: ModelTranscript(), shown: Shown(),
      submission: submission)
  }

  /// Says that what was handed in was taken, or why it could not be.
  func settle(_ asked: Asked, in transaction: inout StepTransaction) {
    guard let submission = asked.submission else { return }
    transaction.set(submission, "handledAt", recorder.now)
    if let failure = asked.failure { transaction.set(submission, "failure", .text(failure)) }
  }

  /// Who answered: whoever handed it in, or the one who was asked.
  func speaker(
    of asked: Asked, _ role: ProviderRole, _ declaration: ProviderDeclaration,
    in transaction: inout StepTransaction
  ) throws -> NodeReference {
    if let id = asked.submission.flatMap({ state.mirror.ends(of: $0.id, "BY").first }) {
      return .id(id)
    }
    return try actor("\(role.rawValue):\(declaration.name)", kind: "agent", in: &transaction)
  }
}
