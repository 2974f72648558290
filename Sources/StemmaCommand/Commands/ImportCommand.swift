// `stemma import jsonl`: a graph that `stemma export` wrote, back into a store. It is what `import`
// does where nothing else is said.

import ArgumentParser
import Base
import Graph
import Interchange
import Rendering
import Stemma

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Read a graph from JSON lines or CSV files, all of it or nothing.",
    discussion: """
      Examples:
        stemma import graph.jsonl
        stemma export --store other | stemma import -
        stemma import csv --mapping mapping.json
        stemma import sources papers.bib

      The same file imported again changes nothing: it is known by its content.
      """,
    subcommands: [ImportLinesCommand.self, ImportCSVCommand.self, ImportSourcesCommand.self],
    defaultSubcommand: ImportLinesCommand.self)
}

struct ImportLinesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jsonl", abstract: "Read a graph from JSON lines, as export writes them.")

  @Argument(help: "The file; - is standard input.")
  var file: String

  @Option(help: "Why, for the log.")
  var reason = "stemma import"

  @OptionGroup var store: StoreOptions

  func run() throws {
    let isInput = file == "-"
    let lines = try JSONLinesImport(
      isInput
        ? Array(try TextFile.read(file, limitBytes: GraphImport.maximumTextBytes).utf8)
        : OpenedFile(file), path: isInput ? "standard input" : file)
    let database = try store.openForWriting()
    let receipt = try lines.load(
      into: database, requestID: RequestID(of: lines.digest), actor: Text(Account.actor),
      reason: Text(reason), progress: CopyText.progress("import"))
    let what =
      NumberText.counted(receipt.nodeCount, "node") + ", "
      + NumberText.counted(receipt.edgeCount, "edge")
    let first = receipt.first.rawValue
    if receipt.wasRepeated {
      return try Terminal.print("\(what) was imported before, as transaction \(first)\n")
    }
    let transactions =
      receipt.transactionCount == 1
      ? "transaction \(first)" : "transactions \(first) to \(receipt.last.rawValue)"
    try Terminal.print("\(what) imported as \(transactions)\n")
  }
}

extension RequestID {
  /// From contents, so that a repeated import is the same request.
  init(of digest: Digest) {
    func word(_ start: Int) -> UInt64 {
      digest.bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
    self.init(high: word(0), low: word(8))
  }
}
