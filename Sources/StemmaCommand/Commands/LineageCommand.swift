// `stemma lineage KEY`: the family tree of proposals.

import ArgumentParser
import Base
import Lineage
import Rendering
import Stemma

struct LineageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lineage",
    abstract: "Draw the ancestors or descendants of a proposal.",
    usage: "stemma lineage <key> [<options>]",
    discussion: """
      Examples:
        stemma lineage P42                  back to the baseline
        stemma lineage P1 --descendants     everything made from it
        stemma lineage C1                   the whole tree of a campaign
        stemma lineage E17 --format json    of the proposal that an eval is about
      """)

  @Argument(help: "The key of a proposal, or of a run, eval or campaign of one.")
  var key: String

  @Flag(help: "Draw what was made from it, instead of what it was made from.")
  var descendants = false

  @Option(parsing: .unconditional, help: "At most this many proposals.")
  var limit = 500

  @OptionGroup var store: StoreOptions
  @OptionGroup var reading: ReadOptions

  @Option(help: "tree (for people) or json.")
  var format: TreeFormat = .tree

  func validate() throws {
    guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit is 1 to 1000000") }
  }

  /// A campaign or a round leads to a beginning: there is nothing above it.
  private var direction: Descent.Direction {
    let startsATree = [.campaign, .round].contains(RecordKey(key)?.kind)
    return descendants || startsATree ? .descendants : .ancestors
  }

  func run() throws {
    let database = try store.openForReading()
    let descent = try Interrupt.stopping { token in
      try Descent.of(
        key, direction: direction, in: database,
        options: try reading.queryOptions(cancellation: token), limit: limit)
    }
    switch format {
    case .tree:
      try Terminal.print(
        DescentText.tree(descent.root, style: Terminal.style).render(maximumWidth: Terminal.width))
    case .json:
      var json = JSONText()
      DescentText.write(descent.root, to: &json)
      try Terminal.print(json.text + "\n")
    }
    try Completeness.report(
      descent.complete, shown: NumberText.counted(descent.shown, "proposal"),
      advice: "--limit shows more")
  }
}
