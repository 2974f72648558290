// `stemma why KEY`: from a belief down to the raw evidence, as a tree.

import ArgumentParser
import Base
import Glibc
import Lineage
import Rendering
import Stemma

struct WhyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Walk from a belief to the raw evidence.",
    usage: "stemma why <key> [<options>]",
    discussion: """
      Examples:
        stemma why F3                  what a finding stands on
        stemma why P42 --depth 3
        stemma why P42 --max-rows 40   the nearest 40 records
        stemma why F3 --as-of 1204     what it stood on then
        stemma why F3 --format json
      """)

  @Argument(help: "The key of a record: a finding, proposal, comparison, eval ...")
  var key: String

  @Option(parsing: .unconditional, help: "How many steps to go.")
  var depth = 12

  @Flag(help: "Show the hashes of raw objects too.")
  var objects = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var reading: ReadOptions

  @Option(help: "tree (for people) or json.")
  var format: TreeFormat = .tree

  /// Records shown where `--max-rows` says nothing.
  private static let recordLimit = 2_000

  func validate() throws {
    guard (1...1_000).contains(depth) else { throw ValidationError("--depth is 1 to 1000") }
  }

  func run() throws {
    let database = try store.openForReading()
    let evidence = try Interrupt.stopping { token in
      var options = try reading.queryOptions(cancellation: token)
      // The rows that are asked for are the records shown, not those of the queries underneath.
      options.limits.rows = nil
      let limits = EvidenceLimits(
        depth: depth, breadth: Int(Int32.max), records: reading.maximumRows ?? Self.recordLimit)
      return try Evidence.of(key, in: database, options: options, limits: limits)
    }
    switch format {
    case .tree:
      let tree = EvidenceText.tree(
        evidence.root, showsObjects: objects, style: Terminal.style)
      try Terminal.print(tree.render(maximumWidth: Terminal.width))
    case .json:
      var json = JSONText()
      EvidenceText.write(evidence.root, to: &json)
      try Terminal.print(json.text + "\n")
    }
    if RecordKind(rawValue: evidence.root.record.kind) == nil {
      Terminal.printError(
        "why follows the kinds of the lineage schema, and \(evidence.root.record.kind) is none of "
          + "them; its edges: stemma show \(evidence.root.record.key)")
    }
    try Completeness.report(
      evidence.complete, shown: NumberText.counted(evidence.records, "record"),
      advice: "--depth and --max-rows show more")
  }
}

/// How trees are written.
enum TreeFormat: String, ExpressibleByArgument, CaseIterable {
  case tree, json
}
