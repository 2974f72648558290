// `stemma review`: what waits for a person, and the signed answers.

import ArgumentParser
import Base
import Graph
import Loop
import Rendering
import Stemma

struct ReviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review",
    abstract: "See what waits for you, and decide it, signed with your key.",
    discussion: """
      Examples:
        stemma review                                   what waits
        stemma review approve P42
        stemma review reject P42 --reason 'tried in P17'
        stemma review modify P42 --set lr=0.001 --reason 'gentler'
      """,
    subcommands: [
      ReviewListCommand.self, ReviewApproveCommand.self, ReviewRejectCommand.self,
      ReviewModifyCommand.self,
    ],
    defaultSubcommand: ReviewListCommand.self)
}

struct ReviewListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "What waits for a decision.",
    discussion: "Examples:\n  stemma review list\n  stemma review list --format json")

  @OptionGroup var store: StoreOptions
  @Option(help: "text (for people) or json.")
  var format: StatusFormat = .text

  func run() throws {
    let pending = try Review.pending(in: try store.openForReading())
    if format == .json { return try Terminal.print(json(pending) + "\n") }
    guard !pending.isEmpty else { return try Terminal.print("nothing waits\n") }
    let table = TableText(
      columns: [
        .init("key"), .init("gate"), .init("kind"), .init("campaign"), .init("what it is"),
      ],
      rows: pending.map { [$0.subject, $0.gate, $0.kind, $0.campaign, $0.about] })
    try Terminal.print(table.render(maximumWidth: Terminal.width, style: Terminal.style))
    try Terminal.print("stemma show KEY shows one; approve, reject or modify decides it\n")
  }

  private func json(_ pending: [Review.Pending]) -> String {
    var json = JSONText()
    json.beginArray()
    for item in pending {
      json.beginObject()
      for (name, value) in [
        ("key", item.subject), ("decision", item.decision), ("gate", item.gate),
        ("kind", item.kind), ("campaign", item.campaign), ("about", item.about),
      ] {
        json.name(name)
        json.string(value)
      }
      json.endObject()
    }
    json.endArray()
    return json.text
  }
}

/// What every answer takes.
struct ReviewOptions: ParsableArguments {
  @Argument(help: "The key of what waits, such as P42.")
  var key: String

  @Option(help: "The file of the key to sign with; otherwise your own.")
  var signWith: String?

  @OptionGroup var store: StoreOptions

  func decide(_ answer: Review.Answer, reason: String, word: String) throws {
    let database = try store.openForWriting()
    let receipt = try Review.decide(
      key, answer, reason: reason, by: try KeyRing.own(signWith), in: database,
      surroundings: .system)
    try Terminal.print("\(word) \(key), signed, in transaction \(receipt.transaction.rawValue)\n")
  }
}

struct ReviewApproveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Let it go on.",
    usage: "stemma review approve <key> [<options>]",
    discussion: "Examples:\n  stemma review approve P42")
  @OptionGroup var options: ReviewOptions
  @Option(help: "Why; kept with the decision.")
  var reason = ""
  func run() throws { try options.decide(.approve, reason: reason, word: "approved") }
}

struct ReviewRejectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reject", abstract: "End it here, with a reason.",
    usage: "stemma review reject <key> --reason <reason> [<options>]",
    discussion: "Examples:\n  stemma review reject P42 --reason 'tried in P17'")
  @OptionGroup var options: ReviewOptions
  @Option(help: "Why; kept with the decision.")
  var reason: String
  func run() throws { try options.decide(.reject, reason: reason, word: "rejected") }
}

struct ReviewModifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "modify", abstract: "Make another proposal of it, which takes its place.",
    usage: "stemma review modify <key> --reason <reason> [<options>]",
    discussion: """
      Examples:
        stemma review modify P42 --set lr=0.001 --reason 'gentler'
        stemma review modify P42 --patch deeper --reason 'with the deeper net'
      """)
  @OptionGroup var options: ReviewOptions
  @Option(name: .customLong("set"), help: "A parameter's new value; repeatable.")
  var assignments: [String] = []
  @Option(help: "A declared patch to have; repeatable. Without any, patches stay as they are.")
  var patch: [String] = []
  @Option(help: "Why; kept with the decision.")
  var reason: String

  func run() throws {
    let parameters = try AssignmentText.parse(assignments)
    guard !parameters.isEmpty || !patch.isEmpty else {
      throw StemmaError(
        .argumentInvalid, "a modification changes something", advice: "give --set or --patch")
    }
    try options.decide(
      .modify(parameters: parameters, patches: patch.isEmpty ? nil : patch), reason: reason,
      word: "modified")
  }
}
