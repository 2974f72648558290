// `stemma loop ...`: run a campaign and steer it from another terminal.

import ArgumentParser
import Base
import Loop
import Rendering
import Stemma

struct LoopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "loop",
    abstract: "Run a campaign; pause, resume or stop it from another terminal.",
    discussion: """
      Examples:
        stemma loop run campaign.toml       runs, or goes on after any interruption
        stemma loop trial campaign.toml     one run of the starting point, not kept
        stemma loop status
        stemma loop pause --reason 'the machine is needed'
        stemma loop resume --reason 'the machine is free again'
        stemma loop stop --reason 'good enough'
        stemma loop cancel R7 --reason 'it diverges'
        stemma loop requeue R7 --reason 'it hangs on a lost disk'
      """,
    subcommands: [
      LoopRunCommand.self, LoopTrialCommand.self, LoopEstimateCommand.self, LoopStatusCommand.self,
      LoopPauseCommand.self, LoopResumeCommand.self, LoopStopCommand.self,
      LoopCancelCommand.self, LoopRequeueCommand.self,
      LoopAnswersCommand.self, LoopBoundariesCommand.self,
    ])
}

struct LoopStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "How far a campaign is, and what it found.",
    discussion: """
      Examples:
        stemma loop status
        stemma loop status ngram --format json
      """)

  @Argument(help: "The campaign's name; without one, all of them.")
  var campaign: String?

  @OptionGroup var store: StoreOptions

  @Option(help: "text (for people) or json.")
  var format: StatusFormat = .text

  func run() throws {
    let database = try store.openForReading()
    let names = try campaign.map { [$0] } ?? Loop.campaigns(in: database)
    if names.isEmpty {
      return try Terminal.print("no campaign yet; start one with: stemma loop run FILE\n")
    }
    for name in names {
      let summary = try CampaignTable.summary(of: name, in: database)
      let text = SummaryText(summary: summary, style: Terminal.style, width: Terminal.width)
      try Terminal.print(format == .json ? text.json + "\n" : text.overview + text.best + text.plot)
    }
  }
}

/// How a status is written.
enum StatusFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

struct LoopBoundariesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boundaries",
    abstract: "The names of the loop's step boundaries, for tests.",
    shouldDisplay: false)

  func run() throws {
    for boundary in LoopBoundary.all { try Terminal.print("\(boundary)\n") }
  }
}
