// What an optimiser or an agent needs to know to choose the next proposal: the space, what is
// believed, what is left, and every trial with its value.

import Base
import Models
public import Stemma

extension Outside {
  /// The campaign's question as JSON: the request to a proposer (docs/provider-protocol.md) with
  /// `trials` in place of its history. With `after`, only trials that came after that proposal.
  public static func question(
    of campaign: String, after key: String? = nil, in database: Database
  ) throws -> [UInt8] {
    let open = try OpenCampaign(campaign, in: database)
    let state = open.state
    guard let round = state.lastRound else {
      throw StemmaError(.loopState, "the campaign '\(campaign)' has not begun")
    }
    let start = try key.map { try open.proposal($0).id }
    let writer = RequestWriter(
      state: state, parts: RequestParts(open.campaign), historyLimit: 0)
    let ordinal = state.questions("proposer") + state.submissions.count
    let common = writer.common(
      "proposer", round: round, ordinal: ordinal,
      seed: Int64(truncatingIfNeeded: open.campaign.seed &+ UInt64(ordinal)), open.incumbent)
    let trials = state.proposals.filter { $0.id > (start ?? NodeID(0)) || start == nil }
    let members: [(Text, Value?)] = [
      ("status", .text(state.status)), ("refusal", open.refusal.map { .text($0.text) }),
      ("trials", .list(trials.map { writer.trial($0) })),
    ]
    return WrittenJSON.object(common + .init(members)).bytes
  }
}

extension RequestWriter {
  /// A proposal with the mean of the metric over the valid runs that were to decide about it; the
  /// starting point was not decided about, so its noise runs count.
  fileprivate func trial(_ proposal: MirrorNode) -> Value {
    let deciding = ["train", "confirm"].flatMap {
      state.runs(of: proposal, kind: $0, purpose: proposal.key)
    }
    let values = (deciding.isEmpty ? state.noiseRuns(of: proposal) : deciding).compactMap {
      state.value(of: $0, metric: campaign.primary.metric)
    }
    let mean = values.reduce(0, +) / Double(values.count)
    return object([
      ("key", .string(proposal.key)), ("status", proposal["status"]),
      ("isOver", .boolean(!LoopPolicy.isUnfinished(proposal))),
      ("parameters", .map(ProposalBuilder<PendingObjects>.parameters(of: proposal))),
      (
        "patches",
        .list(ProposalBuilder<PendingObjects>.patches(of: proposal).map { .text($0) })
      ),
      ("value", values.isEmpty ? nil : .float(mean)), ("runs", .integer(Int64(values.count))),
    ])
  }
}
