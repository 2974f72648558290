// Writes rows as they come, in one of the formats. A table needs all its rows before the first
// line; it keeps at most `tableLimit` of them and counts the others, and says so.

package import Base
package import Stemma

/// Turns batches of rows into text.
package struct RowWriter {
  private let format: OutputFormat
  private let style: Style
  private let maximumWidth: Int?
  /// Rows that a table keeps; the rest are counted.
  private let tableLimit: Int?
  private var columns: [String] = []
  private var kept: [[String]] = []
  private var numeric: [Bool] = []
  private var seen = 0
  private var hasBegun = false
  private let write: (String) throws -> Void

  package init(
    format: OutputFormat, style: Style = .plain, maximumWidth: Int? = nil,
    tableLimit: Int? = nil, write: @escaping (String) throws -> Void
  ) {
    self.format = format
    self.style = style
    self.maximumWidth = maximumWidth
    self.tableLimit = tableLimit
    self.write = write
  }

  /// The rows so far.
  package var rowCount: Int { seen }

  /// Takes a batch of rows.
  package mutating func append(
    columns: [String], rows: [[Value]], entities: EntityTable
  ) throws {
    try begin(columns)
    let values = ValueText(entities: entities)
    var text = ""
    for row in rows {
      switch format {
      case .table: keep(row, values)
      case .json, .jsonl:
        if format == .json, seen > 0 { text += "," }
        text += Self.object(columns, row, values) + (format == .jsonl ? "\n" : "")
      case .csv: text += CSVText.line(row.map(values.cell))
      }
      seen += 1
    }
    if !text.isEmpty { try write(text) }
  }

  /// Writes what only the end can tell. `result` is the query's own account of itself.
  package mutating func finish(_ result: QueryResult) throws {
    try begin(result.columns)
    switch format {
    case .table: try finishTable(result)
    case .json:
      var json = JSONText()
      json.beginObject()
      json.name("rowCount")
      json.integer(Int64(seen))
      json.name("complete")
      json.boolean(result.complete)
      if let reason = result.stoppedBy {
        json.name("stoppedBy")
        json.string(reason)
      }
      if let progress = result.progress {
        json.name("progress")
        json.beginObject()
        for (name, number) in [
          ("rows", progress.rows), ("pathExpansions", progress.pathExpansions),
          ("memoryBytes", progress.memoryBytes), ("milliseconds", progress.milliseconds),
        ] {
          json.name(name)
          json.integer(Int64(number))
        }
        json.endObject()
      }
      json.name("snapshot")
      json.integer(Int64(clamping: result.snapshot.rawValue))
      if let transaction = result.transaction {
        json.name("transaction")
        json.integer(Int64(clamping: transaction.rawValue))
      }
      json.endObject()
      try write("]," + json.text.dropFirst() + "\n")
    case .jsonl, .csv: break
    }
  }

  private mutating func begin(_ names: [String]) throws {
    guard !hasBegun else { return }
    hasBegun = true
    columns = names
    numeric = names.map { _ in true }
    switch format {
    case .table, .jsonl: break
    case .json:
      var json = JSONText()
      json.beginArray()
      for name in names { json.string(name) }
      json.endArray()
      try write("{\"columns\":" + json.text + ",\"rows\":[")
    case .csv: try write(CSVText.line(names))
    }
  }

  private mutating func keep(_ row: [Value], _ values: ValueText) {
    if let tableLimit, kept.count >= tableLimit { return }
    for (index, value) in row.enumerated() {
      switch value {
      case .integer, .float, .null: break
      default: numeric[index] = false
      }
    }
    kept.append(row.map(values.cell))
  }

  private func finishTable(_ result: QueryResult) throws {
    guard !columns.isEmpty else { return }
    let headings = zip(columns, numeric).map { title, isNumeric in
      TableText.Column(title, alignRight: isNumeric && !kept.isEmpty)
    }
    let table = TableText(columns: headings, rows: kept)
    try write(table.render(maximumWidth: maximumWidth, style: style))
    try write(style.faint(closingLine(result)) + "\n")
  }

  /// `12 rows`, or what was cut and why.
  private func closingLine(_ result: QueryResult) -> String {
    let total = NumberText.grouped(seen)
    var line = NumberText.counted(seen, "row")
    if kept.count < seen {
      line = "shown \(NumberText.grouped(kept.count)) of \(total)\(result.complete ? "" : "+")"
    }
    if !result.complete { line += ", not complete: " + (result.stoppedBy ?? "stopped") }
    return line
  }

  private static func object(_ columns: [String], _ row: [Value], _ values: ValueText) -> String {
    var json = JSONText()
    json.beginObject()
    for (name, value) in zip(columns, row) {
      json.name(name)
      values.write(value, to: &json)
    }
    json.endObject()
    return json.text
  }
}
