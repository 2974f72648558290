// The named queries as a table.

import Base
import Lineage
import Rendering

enum NamedQueryList {
  static var text: String {
    let columns = [
      TableText.Column("name"), TableText.Column("parameters"), TableText.Column("purpose"),
    ]
    let rows = NamedQueries.shipped.all.map { query in
      ["@" + query.name, parameters(of: query), query.purpose]
    }
    let table = TableText(columns: columns, rows: rows)
    return table.render(maximumWidth: Terminal.width, style: Terminal.style)
  }

  /// `key, limit = 20`.
  private static func parameters(of query: NamedQuery) -> String {
    query.parameters.map { parameter in
      parameter.defaultValue.map { parameter.name + " = " + $0.description } ?? parameter.name
    }.joined(separator: ", ")
  }
}
