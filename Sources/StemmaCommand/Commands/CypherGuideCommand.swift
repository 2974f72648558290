// `stemma cypher-guide`: the page that a model needs in its context to ask good questions.

import ArgumentParser
import Lineage

struct CypherGuideCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cypher-guide",
    abstract: "Print a short guide to queries, for a model's context.",
    discussion: """
      Examples:
        stemma cypher-guide
        stemma cypher-guide > context.md

      Under 2,000 tokens: the schema in short, what differs from SQL, ten worked
      examples that are tested.
      """)

  func run() throws { try Terminal.print(CypherGuide.text) }
}
