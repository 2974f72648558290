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

      The same file imported again changes nothing: it is known by its content.
      """,
    subcommands: [ImportLinesCommand.self, ImportCSVCommand.self],
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
    let text = try TextFile.read(file, limitBytes: GraphImport.maximumTextBytes)
    let database = try store.openForWriting()
    let receipt = try append(text, to: database)
    let nodes =
      NumberText.counted(receipt.nodes.count, "node") + ", "
      + NumberText.counted(receipt.edges.count, "edge")
    let what = receipt.wasRepeated ? "was imported before, as" : "imported as"
    try Terminal.print("\(nodes) \(what) transaction \(receipt.transaction.rawValue)\n")
  }

  /// Faults of the text are told at their line of this file.
  private func append(_ text: String, to database: Database) throws -> TransactionReceipt {
    do {
      return try GraphImport.jsonLines(
        text, into: database, requestID: Self.requestID(of: text), actor: Text(Account.actor),
        reason: Text(reason))
    } catch var error as StemmaError {
      if case .file(_, let line?, let column)? = error.place {
        let name = file == "-" ? "standard input" : file
        error.place = .file(path: name, line: line, column: column)
      }
      throw error
    }
  }

  /// From the content, so that a repeated import is the same request.
  private static func requestID(of text: String) -> RequestID {
    let digest = SHA256.hash(Text(text)).bytes
    func word(_ start: Int) -> UInt64 {
      digest[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
    return RequestID(high: word(0), low: word(8))
  }
}
