// `stemma loop pause | resume | stop | cancel | requeue`: a request in the store that the running
// loop obeys.

import ArgumentParser
import Base
import Loop
import Stemma

/// What the three requests share.
struct SteeringOptions: ParsableArguments {
  @Argument(help: "The campaign's name; may be left out where there is only one.")
  var campaign: String?

  @Option(help: "Why; kept in the log.")
  var reason: String

  @OptionGroup var store: StoreOptions

  func send(_ request: Loop.Request) throws {
    let database = try store.openForWriting()
    let name = try Loop.campaign(campaign, in: database)
    try Loop.request(
      request, of: name, reason: reason, by: Account.actor, in: database, surroundings: .system)
    try Self.tell(name, request.rawValue, in: database)
  }

  /// What was asked of a campaign, and when that will be obeyed.
  static func tell(_ campaign: String, _ request: String, in database: Database) throws {
    let isAlone = Loop.runnerIsAlive(campaign, in: database) == false
    try Terminal.print(
      "asked \(campaign) to \(request)"
        + (isAlone ? "; no runner is alive: the next `stemma loop run` obeys first\n" : "\n"))
  }
}

struct LoopPauseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause",
    abstract: "Let runs under way end and start nothing new.",
    discussion: "Examples:\n  stemma loop pause --reason 'the machine is needed'")
  @OptionGroup var options: SteeringOptions
  func run() throws { try options.send(.pause) }
}

struct LoopResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on after a pause.",
    discussion: "Examples:\n  stemma loop resume --reason 'the machine is free again'")
  @OptionGroup var options: SteeringOptions
  func run() throws { try options.send(.resume) }
}

struct LoopStopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop",
    abstract: "End the campaign for good, with its report.",
    discussion: "Examples:\n  stemma loop stop --reason 'good enough'")
  @OptionGroup var options: SteeringOptions
  func run() throws { try options.send(.stop) }
}

/// What the requests about one run share.
struct RunSteeringOptions: ParsableArguments {
  @Argument(help: "The run's key, such as R7.")
  var run: String

  @Option(help: "Why; kept in the log.")
  var reason: String

  @OptionGroup var store: StoreOptions

  func send(_ request: Loop.RunRequest) throws {
    let database = try store.openForWriting()
    let campaign = try Loop.request(
      request, ofRun: run, reason: reason, by: Account.actor, in: database, surroundings: .system)
    try SteeringOptions.tell(campaign, "\(request.rawValue) \(run)", in: database)
  }
}

struct LoopCancelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "End one run; its proposal ends with it, the campaign goes on.",
    discussion: "Examples:\n  stemma loop cancel R7 --reason 'it diverges'")
  @OptionGroup var options: RunSteeringOptions
  func run() throws { try options.send(.cancel) }
}

struct LoopRequeueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "requeue",
    abstract: "End the attempt of a run that is under way, and start another.",
    discussion: "Examples:\n  stemma loop requeue R7 --reason 'it hangs on a lost disk'")
  @OptionGroup var options: RunSteeringOptions
  func run() throws { try options.send(.requeue) }
}
