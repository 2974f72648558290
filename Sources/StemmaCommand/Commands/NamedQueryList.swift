// The named queries, as a table for people or as data for programs.

import Base
import Lineage
import Rendering

enum NamedQueryList {
  static var text: String {
    let table = TableText(columns: titles.map { .init($0) }, rows: rows)
    return table.render(maximumWidth: Terminal.width, style: Terminal.style)
  }

  /// Prints the list in the format that was asked for; JSON is an array of objects.
  static func print(as format: OutputFormat) throws {
    switch format {
    case .table: try Terminal.print(text)
    case .csv: try Terminal.print(([titles] + rows).map(CSVText.line).joined())
    case .json: try Terminal.print("[" + rows.map(object).joined(separator: ",\n ") + "]\n")
    case .jsonl: try Terminal.print(rows.map { object($0) + "\n" }.joined())
    }
  }

  private static let titles = ["name", "parameters", "purpose"]

  private static var rows: [[String]] {
    NamedQueries.shipped.all.map { ["@" + $0.name, parameters(of: $0), $0.purpose] }
  }

  private static func object(_ row: [String]) -> String {
    var json = JSONText()
    json.beginObject()
    for (title, cell) in zip(titles, row) {
      json.name(title)
      json.string(cell)
    }
    json.endObject()
    return json.text
  }

  /// `key, limit = 20`.
  private static func parameters(of query: NamedQuery) -> String {
    query.parameters.map { parameter in
      parameter.defaultValue.map { parameter.name + " = " + $0.description } ?? parameter.name
    }.joined(separator: ", ")
  }
}
