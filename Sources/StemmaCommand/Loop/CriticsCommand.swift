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

  @Argument(help: "The campaign's name; without one, all of them.")
  var campaign: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try CampaignTable.print("critics", of: campaign, in: try store.openForReading(), as: output)
  }
}
