// `stemma budget`: where the budget of a campaign went, by resource, step, proposer and model.

import ArgumentParser
import Lineage
import Rendering
import Stemma

struct BudgetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "budget",
    abstract: "Where the budget went: by resource, step, proposer and model.",
    discussion: """
      Examples:
        stemma budget
        stemma budget ngram
        stemma query @budget-by-step --format json      each table as data
      """)

  @Argument(help: "The campaign's name; without one, all of them.")
  var campaign: String?

  @OptionGroup var store: StoreOptions

  /// The tables: their headings and the named queries behind them.
  private static let tables = [
    ("Limits", "budget"), ("By step", "budget-by-step"), ("By proposer", "budget-by-proposer"),
    ("Questions to models and built-ins", "costs-by-model"),
  ]

  func run() throws {
    let database = try store.openForReading()
    let key = try CampaignTable.key(of: campaign, in: database)
    for (heading, name) in Self.tables {
      let result = try NamedQueries.shipped.named(name).run(on: database, ["campaign": key])
      try Terminal.print(Terminal.style.bold(heading) + "\n" + CampaignTable.text(result) + "\n")
    }
  }
}
