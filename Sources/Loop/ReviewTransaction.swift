// Writes one reviewer's decision: the signed statement, who signed it, and the proposal that a
// modification makes.

import Base
import Graph
import Models
import Signing
import Stemma

struct ReviewTransaction {
  let database: Database
  let pending: Review.Pending
  let action: String
  let reason: String
  let reviewer: SigningKey
  let surroundings: Surroundings

  func append(_ answer: Review.Answer) throws -> TransactionReceipt {
    try LineageCheck.grow(database, surroundings: surroundings)
    let seen = try database.lastTransaction()
    let mirror = try Mirror.load(campaign: pending.campaign, from: database, at: seen)
    guard let campaign = mirror.all("Campaign").first,
      let decision = mirror.node(key: Text(pending.decision)),
      let subject = mirror.node(key: Text(pending.subject))
    else { throw StemmaError(.reviewInvalid, "\(pending.decision) is gone") }
    let statement = DecisionStatement(
      campaign: campaign.string("specificationHash"), subject: pending.subject,
      gate: pending.gate, action: action, reason: reason, transaction: seen)
    var transaction = StepTransaction()
    let actor = try transaction.actor(
      "reviewer:\(reviewer.publicKey.name)", kind: "person", publicKey: reviewer.publicKey.text,
      in: database)
    let values: [(Text, Value)] = [
      ("action", .text(action)), ("reason", .text(reason)), ("madeBy", .text("person")),
      ("signature", .text(try statement.signature(by: reviewer))),
      ("signedText", .text(statement.text)), ("publicKey", .text(reviewer.publicKey.text)),
      ("at", now),
    ]
    for (name, value) in values { transaction.set(decision, name, value) }
    transaction.connect(.id(decision.id), "BY", actor)
    if case .modify(let parameters, let patches) = answer {
      try addModification(
        of: subject, parameters, patches, decision, actor, mirror, in: &transaction)
    }
    // The decision's key makes the request unique: of two reviewers the second changes nothing.
    let receipt = try database.append(
      TransactionRequest(
        requestID: .derived(review: pending.decision, campaign: pending.campaign),
        actor: Text("reviewer:\(reviewer.publicKey.name)"), reason: Text(reason),
        operations: transaction.operations))
    guard !receipt.wasRepeated else {
      throw StemmaError(
        .reviewInvalid, "\(pending.decision) was decided by somebody else meanwhile",
        advice: "`stemma show \(pending.decision)` has the decision.")
    }
    return receipt
  }

  private var now: Value { .dateTime(ZonedDateTime(surroundings.now())) }

  /// The modified proposal joins the round of the one it replaces and goes through the same gates,
  /// but for the proposal gate: the reviewer made it.
  private func addModification(
    of subject: MirrorNode, _ parameters: [String: String], _ patches: [String]?,
    _ decision: MirrorNode, _ actor: NodeReference, _ mirror: Mirror,
    in transaction: inout StepTransaction
  ) throws {
    let original =
      subject.label == "Proposal" ? subject : mirror.targets(of: subject.id, "CRITIQUES").first
    guard let original, original.label == "Proposal",
      let round = mirror.targets(of: original.id, "IN").first,
      let node = mirror.all("Campaign").first
    else {
      throw StemmaError(
        .reviewInvalid, "\(subject.key) cannot be modified, only a proposal can",
        advice: "Approve it, or reject it with a reason.")
    }
    let campaign = try Campaign.stored(node, name: pending.campaign)
    let state = CampaignState(campaign: campaign, mirror: mirror)
    var answer: [(Text, Value)] = [
      ("version", .integer(1)),
      ("title", .text("\(original.key) modified by \(reviewer.publicKey.name)")),
      ("hypothesis", .text(reason.isEmpty ? original.string("hypothesis") : reason)),
      ("base", .string(original.key)),
      ("parameters", .map(try campaign.values(of: parameters, orThrow: .reviewInvalid))),
    ]
    if let patches { answer.append(("patches", .list(patches.map { .text($0) }))) }
    do {
      let draft = try ProposalBuilder(
        campaign: campaign, state: state, objects: DatabaseObjects(database: database)
      ).draft(ProposalAnswer(.map(ValueMap(answer))), incumbent: original)
      let made = draft.create(in: &transaction, at: now)
      transaction.connect(made, "IN", .id(round.id))
      transaction.connect(made, "BY", actor)
      transaction.connect(.id(decision.id), "RESULTED_IN", made)
      transaction.connect(made, "SUPERSEDES", .id(original.id))
      let approval = transaction.create(
        "Decision",
        [
          ("gate", .text("proposal")), ("action", .text("approve")),
          ("reason", .text("made by the reviewer in \(decision.key)")), ("madeBy", .text("policy")),
          ("at", now),
        ])
      transaction.connect(approval, "DECIDES", made)
      transaction.connect(approval, "IN", .id(round.id))
    } catch let error as StemmaError {
      throw StemmaError(.reviewInvalid, error.message, advice: error.advice)
    }
  }
}
