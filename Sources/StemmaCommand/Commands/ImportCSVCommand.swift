// `stemma import csv`: nodes and edges from CSV files, under a mapping that says what the columns
// are.

import ArgumentParser
import Base
import Graph
import Interchange
import Rendering
import Stemma

struct ImportCSVCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "csv",
    abstract: "Read nodes and edges from CSV files, all of them or nothing.",
    discussion: """
      Examples:
        stemma import csv --mapping mapping.json

      The mapping names the files, beside it, and says what each column is: a
      property and its type, the name of a node, an end of an edge.
      `docs/interchange.md` shows one. Every field is checked before anything is
      written; a fault is told with file, line and column.
      """)

  @Option(help: "The mapping, a JSON file.")
  var mapping: String

  @Option(help: "Why, for the log.")
  var reason = "stemma import csv"

  @OptionGroup var store: StoreOptions

  func run() throws {
    let json = Array(try TextFile.read(mapping).utf8)
    var folder = ""
    if let slash = mapping.lastIndex(of: "/") { folder = String(mapping[...slash]) }
    let files = try CSVImport(CSVMapping(json: json)) { name in try OpenedFile(folder + name) }
    var contents = SHA256()
    contents.update(json)
    contents.update(files.digest.bytes)
    let database = try store.openForWriting()
    let receipt = try files.load(
      into: database, requestID: RequestID(of: contents.digest()), actor: Text(Account.actor),
      reason: Text(reason), progress: CopyText.progress("import"))
    let what =
      NumberText.counted(files.nodeCount, "node") + ", "
      + NumberText.counted(files.edgeCount, "edge")
    let transactions = NumberText.counted(receipt.transactionCount, "transaction")
    try Terminal.print("\(what) imported as \(transactions) up to \(receipt.last.rawValue)\n")
  }
}
