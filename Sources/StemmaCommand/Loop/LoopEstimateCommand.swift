// `stemma loop estimate`: what a campaign may come to, before anything runs.

import ArgumentParser
import Loop

struct LoopEstimateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "estimate",
    abstract: "What a campaign may cost, before anything runs.",
    discussion: """
      Reads the campaign's file as `stemma loop run` would, and runs nothing.
      Budgets are what is promised; programs mostly use less.

      Examples:
        stemma loop estimate campaign.toml
      """)

  @Argument(help: "The campaign's file.")
  var file: String

  func run() throws {
    let campaign = try Campaign.read(at: file)
    let estimate = CampaignEstimate(campaign)
    let runs =
      estimate.fewestRuns == estimate.mostRuns
      ? "\(estimate.mostRuns)" : "\(estimate.fewestRuns) to \(estimate.mostRuns)"
    try Terminal.print(
      """
      runs           \(runs), each with its evaluation
      one of them    at most \(Self.text(estimate.wallSecondsPerRun))
      all of them    at most \(Self.text(estimate.mostWallSeconds)) of wall time
      in \(campaign.slots) slot(s)   at most \(Self.text(estimate.mostSecondsInSlots)), questions \
      to proposers and critics aside

      """)
  }

  private static func text(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    if whole < 120 { return "\(whole) s" }
    if whole < 7_200 { return "\(whole / 60) min" }
    return "\(whole / 3_600) h \(whole / 60 % 60) min"
  }
}
