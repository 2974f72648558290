// A campaign as somebody outside its loop sees it: read from the graph, whatever the loop is doing.

import Base
import Stemma

/// A campaign that has started, for those who do not run it.
struct OpenCampaign {
  let database: Database
  let state: CampaignState

  var campaign: Campaign { state.campaign }
  /// What proposals start from.
  let incumbent: MirrorNode

  /// Throws `loop.state` where there is no such campaign, or nothing to start from yet.
  init(_ name: String, in database: Database) throws {
    try LineageCheck.require(database)
    self.database = database
    let mirror = try Mirror.load(campaign: name, from: database)
    guard let node = mirror.first("Campaign") else {
      throw Loop.unknown(name, in: database)
    }
    let declared = try Campaign.stored(node, name: name)
    state = CampaignState(campaign: declared, mirror: mirror)
    guard let incumbent = state.incumbent else {
      throw StemmaError(
        .loopState, "the campaign '\(name)' has no starting point yet",
        advice: "`stemma loop run FILE` stores it within seconds; try again then.")
    }
    self.incumbent = incumbent
  }

  /// The proposal with a key, or the incumbent. Throws `key.not-found`.
  func proposal(_ key: String?) throws -> MirrorNode {
    guard let key else { return incumbent }
    guard let found = state.mirror.node(key: Text(key)), found.label == "Proposal" else {
      throw StemmaError(
        .keyNotFound, "\(key) is no proposal of the campaign '\(campaign.name)'",
        advice: "`stemma ask \(campaign.name)` lists its proposals.")
    }
    return found
  }

  /// Why nothing more can be handed in; `nil` where it can.
  var refusal: ChangeRefusal? {
    if ["stopped", "finished"].contains(state.status) {
      return ChangeRefusal(.campaign, "'\(campaign.name)' is \(state.status)")
    }
    let all = campaign.budgets.rounds * campaign.proposalsPerRound
    if state.questions("proposer") + state.submissions.count >= all {
      return ChangeRefusal(.budget, "all \(all) proposals of the campaign are made or handed in")
    }
    if let reason = state.refusal(runs: campaign.confirmation.screenRuns, round: nil) {
      return ChangeRefusal(.budget, reason)
    }
    return nil
  }
}
