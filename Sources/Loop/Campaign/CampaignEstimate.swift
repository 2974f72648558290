// What a campaign may come to, before anything runs: from its file alone. Pure.

import Sandbox

/// Bounds of what a campaign will use.
public struct CampaignEstimate: Sendable, Hashable {
  /// Where every proposal fails its screening.
  public var fewestRuns: Int
  /// Where every proposal is confirmed, the noise of each new incumbent measured too; what the
  /// budget allows, if that is less.
  public var mostRuns: Int
  /// What one run with its evaluation may use at most.
  public var wallSecondsPerRun: Double
  /// What all of them may use, one after the other; what the budget allows, if that is less.
  public var mostWallSeconds: Double
  /// The same with all slots busy.
  public var mostSecondsInSlots: Double

  public init(_ campaign: Campaign) {
    let rule = campaign.confirmation
    let proposals = campaign.budgets.rounds * campaign.proposalsPerRound
    let limits = campaign.budgets.campaign
    let screened = rule.stopQuantile == nil ? rule.screenRuns : 1
    // The confirmation's own runs of a winner count towards its noise.
    let noiseAgain = max(0, campaign.noise.runs - rule.pairs)
    let each = rule.screenRuns + 2 * rule.pairs + noiseAgain
    let holdout = 2 * (campaign.holdout?.pairs ?? 0)
    let all = campaign.noise.runs + proposals * each + holdout
    let wall = campaign.run.budget.wallMilliseconds + campaign.evaluation.budget.wallMilliseconds
    wallSecondsPerRun = Double(wall) / 1_000
    mostRuns = min(all, limits.runs ?? all)
    let reserved = Double(mostRuns) * wallSecondsPerRun
    mostWallSeconds = min(reserved, limits.wallSeconds ?? reserved)
    mostSecondsInSlots = mostWallSeconds / Double(max(1, campaign.slots))
    fewestRuns = min(campaign.noise.runs + proposals * screened, mostRuns)
  }
}
