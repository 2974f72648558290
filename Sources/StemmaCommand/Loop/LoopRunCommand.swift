// `stemma loop run`: runs a campaign in the foreground. Killed at any moment, the same command goes
// on where it was.

import ArgumentParser
import Base
import Glibc
import Lineage
import Loop
import Rendering
import Stemma
import Synchronization

struct LoopRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a campaign, or go on with it.",
    discussion: """
      Examples:
        stemma loop run campaign.toml
        stemma loop run campaign.toml --no-wait     return where a person must decide
        stemma loop run campaign.toml --share       carry out runs beside another one

      Ctrl-C (or SIGTERM, or a closed terminal) ends it soon: runs under way are
      cancelled and run again later; the same command goes on. The exit code is then
      128 plus the signal's number. docs/campaign.md describes the file.
      """)

  @Argument(help: "The campaign's file.")
  var file: String

  @Flag(name: .customLong("no-wait"), help: "Return at gates that ask, instead of waiting.")
  var doesNotWait = false

  @Flag(help: "Carry out runs beside the runner that leads; take the lead where it dies.")
  var share = false

  @Flag(help: "Print nothing but the end.")
  var quiet = false

  @Option(
    name: .customLong("checkpoints"),
    help: "When to sign a checkpoint by itself: never, round or end.")
  var rhythm: CheckpointRhythm = .end

  @Option(
    name: .customLong("die-at"),
    help: ArgumentHelp("Kill this process at a step boundary.", visibility: .hidden))
  var boundaryToDieAt: String?

  @OptionGroup var store: StoreOptions

  func run() throws {
    var opened: Database?
    let campaign = try Campaign.read(at: file) {
      let database = try store.openForWriting()
      opened = database
      return database
    }
    let database = try opened ?? store.openForWriting()
    let progress = LoopProgressPrinter(isQuiet: quiet)
    let wanted = boundaryToDieAt
    let attestor = try RunnerKey.attestor(for: database)
    let checkpoints = AutomaticCheckpoints(attestor == nil ? .never : rhythm, database)
    let summary = try Interrupt.ending { token in
      var options = Loop.Options(
        owner: try KeyRing.own(), attestor: attestor, waits: !doesNotWait, cancellation: token)
      options.shares = share
      options.onBoundary = { boundary in
        if boundary.description == wanted { kill(getpid(), SIGKILL) }
      }
      defer { progress.finish() }
      return try Loop.run(
        campaign, in: database, surroundings: .system, options: options,
        events: { event in
          progress.take(event)
          checkpoints.take(event)
        })
    } onEnd: { signal in
      "interrupted by \(signal); everything up to here is stored. Go on with: "
        + "stemma loop run \(file)" + (store.store.map { " --store \($0)" } ?? "")
    }
    checkpoints.end()
    let text = SummaryText(summary: summary, style: Terminal.style, width: Terminal.width)
    try Terminal.print(text.overview + lineage(of: summary, in: database))
    try Terminal.print(text.best + text.plot + text.next)
    try refuseSilence(summary)
  }

  /// A campaign to which nobody had anything to propose was no success.
  private func refuseSilence(_ summary: CampaignSummary) throws {
    if summary.status == "finished", let hindrance = summary.hindrance {
      throw StemmaError(
        .loopState, "nothing could be tried: \(hindrance)",
        advice: "Start the campaign under a new name with a larger [budgets] campaign.")
    }
    guard summary.status == "finished", summary.progress.proposals == 0,
      let calls = summary.failedCalls.first(where: { $0.role == "proposer" })
    else { return }
    throw StemmaError(
      .providerAnswer,
      "no proposal could be had: \(calls.failed) of \(calls.asked) questions to the proposer came "
        + "to nothing, the last one because \(calls.lastReason)",
      advice: "Mend the proposer and start the campaign under a new name; `stemma query "
        + "'MATCH (c:Call) RETURN c.key, c.failure'` has every failure.")
  }

  private func lineage(of summary: CampaignSummary, in database: Database) throws -> String {
    guard !summary.key.isEmpty else { return "" }
    let descent = try Descent.of(summary.key, direction: .descendants, in: database, limit: 200)
    let tree = DescentText.tree(descent.root, style: Terminal.style)
      .render(maximumWidth: Terminal.width)
    return "\n" + Terminal.style.bold("Lineage") + "\n" + tree
  }
}
