// `stemma brief`: what was tried before that is like a proposal or a change, under a budget of
// tokens.

import ArgumentParser
import Base
import Glibc
import Graph
import Loop
import Recall
import Stemma

struct BriefCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "brief",
    abstract: "Tell a critic what was tried before, failures first.",
    usage: "stemma brief <key> | --change <file> [<options>]",
    discussion: """
      Examples:
        stemma brief P42
        stemma brief P42 --tokens 8000 --format json
        stemma brief --change idea.json          before it is proposed
        stemma brief --change idea.patch         a unified difference
        stemma brief P42 --cursor b1.120.failed.8
        stemma brief P42 --as-of 120             what it would have said then
        stemma brief P42 --keep                  stored as a record

      The change file is JSON with some of title, hypothesis, base, parameters,
      assignments and difference. Equal questions at one transaction get equal
      bytes. How nearness is measured: docs/briefs.md.
      """)

  @Argument(help: "The key of a proposal, such as P42.")
  var key: String?

  @Option(help: "A file with a change instead; - is standard input.")
  var change: String?

  @Option(parsing: .unconditional, help: "At most this many tokens.")
  var tokens = 4_000

  @Option(help: "markdown or json.")
  var format: BriefFormat = .markdown

  @Option(help: "How tokens are counted: bytes/4, bytes/3 or words*4/3.")
  var estimator = TokenEstimator.fourBytes.name

  @Option(help: "Go on where an earlier brief said that there is more.")
  var cursor: String?

  @Flag(help: "Store it as a record and say its key.")
  var keep = false

  @Option(
    name: .customLong("as-of"), parsing: .unconditional,
    help: "As it was: a transaction number, a date-time or a checkpoint's name.")
  var asOf: String?

  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard (key == nil) != (change == nil) else {
      throw ValidationError("give the key of a proposal, or --change FILE")
    }
    guard BriefRequest.tokenRange.contains(tokens) else {
      throw ValidationError(
        "--tokens is \(BriefRequest.tokenRange.lowerBound) to \(BriefRequest.tokenRange.upperBound)"
      )
    }
    guard TokenEstimator.all.contains(where: { $0.name == estimator }) else {
      let names = TokenEstimator.all.map(\.name).joined(separator: ", ")
      throw ValidationError("--estimator is one of \(names)")
    }
  }

  func run() throws {
    let database = try keep ? store.openForWriting() : store.openForReading()
    let counting = TokenEstimator.all.first { $0.name == estimator } ?? .fourBytes
    let request = BriefRequest(
      try subject(), budgetTokens: tokens, format: format == .json ? .json : .markdown,
      estimator: counting, asOf: try asOf.map(SnapshotText.parse), cursor: cursor)
    let brief = try RecallIndex(database: database).brief(request)
    // First, so that a reader who has seen enough does not keep it from being stored.
    let stored = try keep ? store(brief, in: database) : nil
    try Terminal.print(brief.text)
    guard let stored else { return }
    Terminal.printError("stored as \(stored), as of transaction \(brief.snapshot.rawValue)")
  }

  private func store(_ brief: Brief, in database: Database) throws -> Text {
    let surroundings = Surroundings.system
    return try brief.store(
      in: database, actor: Text(Account.actor), reason: "stemma brief",
      at: .dateTime(ZonedDateTime(surroundings.now())),
      requestID: RequestID(high: surroundings.random(), low: surroundings.random()))
  }

  private func subject() throws -> BriefRequest.Subject {
    guard let change else { return .proposal(key ?? "") }
    let text = try TextFile.read(change, limitBytes: ChangeReader.limitBytes)
    return .change(
      try ChangeReader.read(
        Array(text.utf8), name: change == "-" ? "standard input" : change))
  }
}

/// How a brief is written.
enum BriefFormat: String, ExpressibleByArgument, CaseIterable {
  case markdown, json
}
