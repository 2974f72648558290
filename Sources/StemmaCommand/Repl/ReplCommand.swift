// `stemma repl`: the interactive shell.

import ArgumentParser
import Base
import Glibc
import Stemma

struct ReplCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repl",
    abstract: "Ask questions interactively.",
    discussion: """
      A query may span lines; it runs at a semicolon or an empty line. Tab completes
      keywords, labels, edge types, properties and named queries; Ctrl-C stops a
      query and keeps the shell. A script that is piped in runs to its end and ends
      with the status of its first error.

      Examples:
        stemma repl
        stemma repl < questions.cypher

      Inside:
        MATCH (p:Proposal) RETURN p LIMIT 3;
        @failed-siblings key=P42
        :help
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let database = try store.openForReading()
    var shell = Repl(database: database, format: output.format)
    shell.limits = try LimitSettings.fromEnvironment()
    try shell.run()
    if let failure = shell.firstFailure, !Terminal.isTerminal(STDIN_FILENO) {
      Failure.exit(ExitStatus(failure.code))
    }
  }
}
