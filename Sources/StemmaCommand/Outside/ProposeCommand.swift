// `stemma propose`: hands a proposal in, from a folder in which an agent or a person has worked.

import ArgumentParser
import Base
import Loop
import Stemma

struct ProposeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "propose",
    abstract: "Hand in a proposal: what is different in a folder, or parameters.",
    discussion: """
      Examples:
        stemma propose --worktree . --hypothesis 'a longer warm-up helps' \\
          --predict 'val_loss -0.01'
        stemma propose --set lr=0.003 --hypothesis 'the rate is too low'
        stemma wait CT5 --format json

      The folder starts as `stemma checkout` made it. Changes outside the editable
      files, links, modes and oversized files are refused by name, and then nothing
      is handed in. A loop that runs takes it in its turn; the key that is printed is
      what `stemma wait` takes. docs/agents.md says more.
      """)

  @Option(help: "The folder whose difference from its base is proposed.")
  var worktree: String?

  @Option(help: "Why it should help: a claim that the outcome can contradict.")
  var hypothesis: String

  @Option(help: "A few words; else the beginning of the hypothesis.")
  var title: String?

  @Option(help: "The metric and its expected change, such as 'val_loss -0.01'.")
  var predict: String?

  @Option(help: "The probability of a confirmed improvement, 0 to 1.")
  var probability: Double?

  @Option(name: .customLong("set"), help: "A parameter's new value; repeatable.")
  var assignments: [String] = []

  @Option(help: "A declared patch to have; repeatable. Without any, those of the base.")
  var patch: [String] = []

  @Option(help: "The proposal that was changed; else what the folder or the campaign says.")
  var base: String?

  @Option(help: "How it differs from a near duplicate.")
  var difference: String?

  @OptionGroup var target: OutsideOptions

  func run() throws {
    if let worktree, !StoreLocation.isFolder(worktree) {
      throw StemmaError(
        .fileUnreadable, "\(worktree) is not a folder",
        at: .file(path: worktree, line: nil, column: nil),
        advice: "make one with: stemma checkout \(worktree)")
    }
    let database = try target.campaign.store.openForWriting()
    let campaign = try target.campaign.name(in: database)
    var answer = ValueMap()
    answer["hypothesis"] = .text(hypothesis)
    answer["title"] = .text(title ?? Self.beginning(of: hypothesis))
    answer["base"] = base.map { .text($0) }
    answer["statedDifference"] = difference.map { .text($0) }
    answer["parameters"] = .map(
      try Outside.parameters(
        try AssignmentText.parse(assignments), of: campaign, in: database))
    if !patch.isEmpty { answer["patches"] = .list(patch.map { .text($0) }) }
    if let prediction = try prediction() { answer["prediction"] = .map(prediction) }
    try target.hand(answer, worktree: worktree, to: campaign, in: database)
  }

  static func beginning(of text: String) -> String {
    text.count <= 80 ? text : text.prefix(79) + "…"
  }

  private func prediction() throws -> ValueMap? {
    var map = ValueMap()
    if let predict {
      let words = predict.split(separator: " ")
      guard words.count == 2, let effect = Double(words[1]), effect.isFinite else {
        throw StemmaError(
          .argumentInvalid, "\"\(predict)\" is no prediction",
          advice: "write --predict 'val_loss -0.01'")
      }
      map["metric"] = .text(String(words[0]))
      map["effect"] = .float(effect)
    }
    map["probability"] = probability.map { .float($0) }
    return map.isEmpty ? nil : map
  }
}

/// What handing in takes.
struct OutsideOptions: ParsableArguments {
  @OptionGroup var campaign: CampaignOptions

  @Option(
    name: .customLong("as"), help: "Who proposes; else STEMMA_ACTOR, or cli: and your name.")
  var actor: String?

  @Option(
    help: .init("How long to wait for a running loop to take it, such as 30s.", valueName: "time"))
  var patience = TimeAmount(milliseconds: 5_000)

  @Option(help: "text (for people) or json.")
  var format: StatusFormat = .text

  /// Hands an answer in and prints under which key it is waited for.
  func hand(
    _ answer: ValueMap, worktree: String? = nil, to campaign: String, in database: Database
  ) throws {
    let key = try Outside.propose(
      answer, worktree: worktree, to: campaign, by: actor ?? Account.actor, in: database,
      surroundings: .system)
    let isAlone = Loop.runnerIsAlive(campaign, in: database) == false
    let outcome = try OutcomeWait(key: key, database: database).outcome(
      within: isAlone ? 0 : patience.milliseconds
    ) { $0.proposal != nil || $0.isOver }
    try Terminal.print(OutcomeText(outcome: outcome).rendered(format))
    if isAlone {
      Terminal.printError("no runner is alive: the next `stemma loop run` takes it")
    }
    try OutcomeText.refuse(outcome)
  }
}

extension OutcomeText {
  /// What the loop could not take is an error.
  static func refuse(_ outcome: ProposalOutcome) throws {
    guard outcome.status == "refused" else { return }
    throw StemmaError(.proposalRefused, outcome.reason ?? "it was not taken")
  }
}
