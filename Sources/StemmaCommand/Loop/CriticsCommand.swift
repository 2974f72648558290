// `stemma critics`: how well critics judged, once outcomes were known.

import ArgumentParser

struct CriticsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "critics",
    abstract: "How well critics judged: Brier scores, objections, missed failures.",
    discussion: """
      One row per critic, model and version of its prompt, with the weight that
      the rule "weighted" of a campaign gives it.

      Examples:
        stemma critics
        stemma critics ngram
        stemma critics --format json
      """)

  @OptionGroup var table: CampaignTableOptions

  func run() throws { try table.print("critics") }
}
