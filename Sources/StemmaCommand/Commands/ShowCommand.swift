// `stemma show KEY`: one node, whole.

import ArgumentParser
import Base
import Rendering
import Stemma

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a node with its properties and edges.",
    usage: "stemma show <key> [<options>]",
    discussion: """
      Examples:
        stemma show P42
        stemma show E17 --as-of 1204
        stemma show R9 --format json       with its edges, for programs
        stemma show R9 --format csv        its properties, one per line
      """)

  @Argument(help: "The node's key, such as P42.")
  var key: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var reading: ReadOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let database = try store.openForReading()
    try NodePage(database: database, key: key, options: try reading.queryOptions(cancellation: nil))
      .print(output.format)
  }
}
