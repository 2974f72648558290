// `stemma ask` and `stemma tell`: the campaign as an optimiser sees it, a space with trials.

import ArgumentParser
import Base
import Loop
import Stemma

struct AskCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ask",
    abstract: "What may be tried, and what came of every trial, as JSON.",
    discussion: """
      Examples:
        stemma ask
        stemma ask ngram --after P12

      Parameters with their ranges, patches, the incumbent, noise, what is left of
      the budget, and the trials with the mean of the metric over their runs.
      """)

  @Argument(help: "The campaign's name; may be left out where there is only one.")
  var campaign: String?

  @Option(help: "Only trials that came after this proposal.")
  var after: String?

  @OptionGroup var store: StoreOptions

  func run() throws {
    let database = try store.openForReading()
    let name = try Loop.campaign(campaign, in: database)
    let question = try Outside.question(of: name, after: after, in: database)
    try Terminal.print(String(decoding: question, as: UTF8.self) + "\n")
  }
}

struct TellCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tell",
    abstract: "Hand in a point of an optimiser: parameters, and nothing else.",
    discussion: """
      Examples:
        stemma tell --set lr=0.003 --set width=6 --format json
        stemma wait CT5 --format json

      What `value` says in the outcome is what an optimiser gets told in turn.
      examples/optuna drives Optuna that way.
      """)

  @Option(name: .customLong("set"), help: "A parameter's value; repeatable.")
  var assignments: [String] = []

  @Option(help: "The proposal whose other parameters stay; else what is believed best.")
  var base: String?

  @OptionGroup var target: OutsideOptions

  func run() throws {
    let database = try target.campaign.store.openForWriting()
    let texts = try AssignmentText.parse(assignments)
    guard !texts.isEmpty else {
      throw StemmaError(
        .argumentInvalid, "a point has parameters", advice: "write --set lr=0.003")
    }
    let campaign = try target.campaign.name(in: database)
    var answer = ValueMap()
    let point = texts.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: " ")
    answer["title"] = .text(ProposeCommand.beginning(of: point))
    answer["hypothesis"] = .text("a point of an optimiser: \(point)")
    answer["base"] = base.map { .text($0) }
    answer["parameters"] = .map(try Outside.parameters(texts, of: campaign, in: database))
    try target.hand(answer, to: campaign, in: database)
  }
}
