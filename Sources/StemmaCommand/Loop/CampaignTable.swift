// Named queries about campaigns, shown as tables for people or given as data.

import ArgumentParser
import Base
import Lineage
import Loop
import Rendering
import Stemma

/// What the commands take that show one.
struct CampaignTableOptions: ParsableArguments {
  @Argument(help: "The campaign's name; without one, all of them.")
  var campaign: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  func print(_ query: String) throws {
    let database = try store.openForReading()
    let key = try CampaignTable.key(of: campaign, in: database)
    let result = try NamedQueries.shipped.named(query).run(on: database, ["campaign": key])
    guard output.format != .table else { return try Terminal.print(CampaignTable.text(result)) }
    var writer = output.writer()
    try writer.append(columns: result.columns, rows: result.rows, entities: result.entities)
    try writer.finish(result)
  }
}

/// The answer of a named query whose parameter `campaign` may narrow it down.
enum CampaignTable {
  /// The key of a campaign for the parameter; null for all of them. Throws `loop.state`.
  static func key(of campaign: String?, in database: Database) throws -> Value {
    guard let campaign else { return .null }
    return .text(try summary(of: campaign, in: database).key)
  }

  /// How a campaign stands. Throws `loop.state` where there is none of this name.
  static func summary(of campaign: String, in database: Database) throws -> CampaignSummary {
    guard let summary = try Loop.status(of: campaign, in: database, surroundings: .system)
    else {
      throw Loop.unknown(campaign, in: database)
    }
    return summary
  }

  static func text(_ result: QueryResult) -> String {
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

  private static func cell(_ value: Value) -> String {
    switch value {
    case .string(let text): DisplayWidth.harmless(text.string)
    case .integer(let number): NumberText.grouped(Int(number))
    case .float(let number): NumberText.short(number)
    default: ""
    }
  }
}
