// `stemma budget`: where the budget of a campaign went, by resource, step, proposer and model.

import ArgumentParser
import Lineage
import Loop
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
      if name == "budget" { try printTurns(database) }
    }
  }

  /// The limits of rounds and days, which are in the campaign's file and not in its record.
  private func printTurns(_ database: Database) throws {
    let rows = try (campaign.map { [$0] } ?? Loop.campaigns(in: database)).flatMap { name in
      let summary = try CampaignTable.summary(of: name, in: database)
      return summary.uses.filter { $0.scope != "campaign" }.map { use in
        [summary.key, use.scope, use.resource]
          + [use.used, use.limit, use.limit - use.used].map { NumberText.short($0) }
      }
    }
    guard !rows.isEmpty else { return }
    let columns: [TableText.Column] =
      ["campaign", "of", "resource"].map { .init($0) }
      + ["used or reserved", "budget", "left"].map { .init($0, alignRight: true) }
    try Terminal.print(
      Terminal.style.bold("This round and today (UTC)") + "\n"
        + TableText(columns: columns, rows: rows).render(
          maximumWidth: Terminal.width, style: Terminal.style) + "\n")
  }
}
