// How a command writes rows.

import ArgumentParser
import Rendering

extension OutputFormat: ExpressibleByArgument {}

struct OutputOptions: ParsableArguments {
  @Option(help: "table (for people), json, jsonl or csv.")
  var format: OutputFormat = .table

  /// A writer to standard output. Without `tableLimit`, a table shows every row.
  func writer(tableLimit: Int? = nil) -> RowWriter {
    RowWriter(
      format: format, style: Terminal.style, maximumWidth: Terminal.width,
      tableLimit: tableLimit, write: { try Terminal.print($0) })
  }
}
