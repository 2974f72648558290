// `stemma export`: the graph, or a part of it, as text.

public import ArgumentParser
import Base
import Glibc
public import Interchange
import Rendering
import Stemma

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the graph as JSON lines or for Graphviz.",
    usage: "stemma export [<options>]",
    discussion: """
      Examples:
        stemma export > graph.jsonl
        stemma export --format dot --label Proposal | dot -Tsvg > tree.svg
        stemma export --as-of 1204 --output then.jsonl

      A file is written beside its place and renamed when it is whole.
      """,
    subcommands: [ExportAuditCommand.self])

  @Option(help: "jsonl or dot.")
  var format: ExportFormat = .jsonLines

  @Option(help: "Only nodes with this label, and edges between them; repeatable.")
  var label: [String] = []

  @Option(parsing: .unconditional, help: "At most this many nodes, oldest first.")
  var limit: Int?

  @Option(name: .shortAndLong, help: "A file instead of standard output.")
  var output: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var reading: ReadOptions

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit must not be negative") }
  }

  func run() throws {
    let database = try store.openForReading()
    for name in label { try KnownLabels.check(name, in: database) }
    let summary = try Interrupt.stopping { token in
      let file = try output.map { try WholeFile(path: $0) }
      let summary = try GraphExport.write(
        database, as: format,
        selection: ExportSelection(labels: label, maximumNodes: limit),
        options: try reading.queryOptions(cancellation: token)
      ) { text in
        if let file { try file.write(text) } else { try Terminal.print(text) }
      }
      try file?.finish()
      return summary
    }
    let (nodes, edges) = (NumberText.grouped(summary.nodes), NumberText.grouped(summary.edges))
    let availableNodes = NumberText.grouped(summary.availableNodes)
    let availableEdges = NumberText.grouped(summary.availableEdges)
    try Completeness.report(
      summary.isComplete,
      shown: "\(nodes) of \(availableNodes) nodes, \(edges) of \(availableEdges) edges",
      advice: "a larger --limit writes more")
  }
}

extension ExportFormat: ExpressibleByArgument {}
