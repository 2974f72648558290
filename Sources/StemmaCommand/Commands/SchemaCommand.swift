// `stemma schema`: the schema in force, or the one that ships with Stemma.

import ArgumentParser
import Base
import Lineage
import Stemma

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the schema of the store.",
    discussion: """
      Examples:
        stemma schema               the schema in force here
        stemma schema --shipped     the lineage schema that ships with Stemma
      """)

  @Flag(help: "Print the lineage schema that ships with Stemma instead.")
  var shipped = false

  @OptionGroup var store: StoreOptions

  func run() throws {
    if shipped { return try Terminal.print(LineageSchema.text) }
    guard let schema = try store.openForReading().schema() else {
      return try Terminal.print("this store has no schema: every label and property is allowed\n")
    }
    let text = schema.source.string
    try Terminal.print(text.hasSuffix("\n") ? text : text + "\n")
  }
}
