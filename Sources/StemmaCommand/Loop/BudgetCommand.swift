// `stemma budget`: where the budget of a campaign went, by resource, step, proposer and model.

import ArgumentParser
import Base
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
    let key = try campaign.map { name -> Value in
      guard let summary = try Loop.status(of: name, in: database) else {
        throw StemmaError(
          .loopState, "there is no campaign \(name) in this store",
          advice: "`stemma loop status` lists them")
      }
      return .text(summary.key)
    }
    for (heading, name) in Self.tables {
      let result = try NamedQueries.shipped.named(name).run(
        on: database, ["campaign": key ?? .null])
      try Terminal.print(Terminal.style.bold(heading) + "\n" + table(result) + "\n")
    }
  }

  private func table(_ result: QueryResult) -> String {
    guard !result.rows.isEmpty else { return "nothing yet\n" }
    let columns = result.columns.enumerated().map { index, name in
      let isNumber = result.rows.contains { row in
        switch row[index] {
        case .integer, .float: true
        default: false
        }
      }
      return TableText.Column(name, alignRight: isNumber)
    }
    let rows = result.rows.map { row in row.map(cell) }
    return TableText(columns: columns, rows: rows).render(
      maximumWidth: Terminal.width, style: Terminal.style)
  }

  private func cell(_ value: Value) -> String {
    switch value {
    case .string(let text): DisplayWidth.harmless(text.string)
    case .integer(let number): NumberText.grouped(Int(number))
    case .float(let number): NumberText.short(number)
    default: ""
    }
  }
}
