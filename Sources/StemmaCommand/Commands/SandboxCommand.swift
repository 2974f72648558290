// `stemma sandbox run | evaluate | probe`: the runner's sandbox by itself, without store or
// campaign.

import ArgumentParser
import Base
import Glibc
import Rendering
import Sandbox

struct SandboxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sandbox",
    abstract: "Run one program under hard budgets, or see what this machine can enforce.",
    discussion: """
      Examples:
        stemma sandbox probe
        stemma sandbox run --work . --memory 256MiB --wall 8s -- python3 train.py
        stemma sandbox evaluate --work . --eval /key -- python3 -I /key/score.py
      """,
    subcommands: [
      SandboxRunCommand.self, SandboxEvaluateCommand.self, SandboxProbeCommand.self,
      SandboxJobCommand.self,
    ])
}

struct SandboxRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a program with no network, no way out, and budgets.",
    discussion: """
      Examples:
        stemma sandbox run --work . --memory 256MiB --wall 8s -- python3 train.py
        stemma sandbox run --work . --read-only /data --status s.json -- ./train

      Standard output and error pass through up to the log budget. The program's
      files in the working folder come back when it is dead; what it puts into `out`
      is collected.

      Exit status: 124 for wall time, 137 for any other budget, 125 where the program
      could not be started, else the program's own. Where nothing was run: 2 for
      wrong arguments, 8 where this machine cannot do it.
      """)

  @Option(help: "The working folder: read-write, under the same path inside.")
  var work: String

  @Option(help: "A folder or file to see read-only, under the same path inside.")
  var readOnly: [String] = []

  @OptionGroup var budgets: BudgetOptions

  @Option(help: "Where to put what the program left in its collected folder.")
  var collect: String?

  @Option(
    name: .customLong("collect-from"),
    help: "The collected folder, inside the working one: `out`, or all where there is no `out`.")
  var collectFrom: String?

  @Option(help: "Where to write how it ended and what it used, as JSON.")
  var status: String?

  @Argument(parsing: .captureForPassthrough, help: "The program and its arguments, after --.")
  var command: [String]

  /// So many refused files are named; the status file has all.
  private static let refusedLimit = 5

  func validate() throws {
    guard collect != nil || collectFrom == nil else {
      throw ValidationError("--collect-from needs --collect, which says where to")
    }
  }

  func run() throws {
    var specification = SandboxSpecification(
      command: CommandWords.strip(command), workDirectory: work, budget: budgets.budget)
    specification.readOnly = readOnly
    specification.environment = try budgets.variables()
    specification.allowedWeaknesses = Set(budgets.allow)
    if let collect {
      specification.collection = SandboxCollection(
        source: collectFrom ?? "out", destination: collect, maximumBytes: budgets.disk.bytes,
        maximumFiles: budgets.inodes)
      specification.collection?.takesAllWhereMissing = collectFrom == nil
    }
    let (exitStatus, outcome) = try SandboxCommandLine.run(
      SandboxRunArguments(specification: specification, statusFile: status))
    if let message = outcome.message { Terminal.printError("stemma sandbox: \(message)") }
    for refused in outcome.refusedFiles.prefix(Self.refusedLimit) {
      Terminal.printError("stemma sandbox: left behind: \(refused.path): \(refused.reason)")
    }
    if outcome.refusedFiles.count > Self.refusedLimit {
      Terminal.printError(
        "stemma sandbox: left behind: \(outcome.refusedFiles.count - Self.refusedLimit) more; "
          + "--status FILE names them")
    }
    Glibc.exit(exitStatus)
  }
}

struct SandboxEvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Run an evaluator on what a run left behind, and print the scores it is granted.",
    discussion: """
      Examples:
        stemma sandbox evaluate --work . --eval /key -- python3 -I /key/score.py

      The evaluator starts in an empty folder, so its command names files by absolute
      paths. It sees the working folder read-only, without links and pipes, and the
      evaluation folder, which no run ever sees. It writes one JSON object to
      descriptor 3: {"metrics": {"loss": 1.5}, "items": [...]} or {"valid": false,
      "reason": "why not"}.
      """)

  @Option(help: "What the run left, read-only under the same path inside.")
  var work: String

  @Option(name: .customLong("eval"), help: "The evaluator and the answers, read-only.")
  var evaluation: [String]

  @Option(help: "Another folder or file to see read-only.")
  var readOnly: [String] = []

  @OptionGroup var budgets: BudgetOptions

  @Option(help: "Where to write how the evaluator ended, as JSON.")
  var status: String?

  @Argument(parsing: .captureForPassthrough, help: "The evaluator and its arguments, after --.")
  var command: [String]

  func run() throws {
    var specification = EvaluationSpecification(
      command: CommandWords.strip(command), workDirectory: work,
      evaluatorDirectories: evaluation, budget: budgets.budget)
    specification.readOnly = readOnly
    specification.environment = try budgets.variables()
    specification.allowedWeaknesses = Set(budgets.allow)
    let (exitStatus, scores, refusal) = try SandboxCommandLine.evaluate(
      specification, statusFile: status)
    if let scores { try Terminal.print(scores + "\n") }
    if let refusal { Terminal.printError("stemma sandbox: no scores: \(refusal)") }
    Glibc.exit(exitStatus)
  }
}

struct SandboxProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe", abstract: "Show what this machine can enforce, and how.")

  @Flag(help: "Also attack every guard with small hostile programs (a few seconds).")
  var guards = false

  func run() throws {
    try print(
      ["mechanism", "here", "detail"],
      MachineProbe.current.table.map { [$0.name, $0.isAvailable ? "yes" : "no", $0.detail] })
    try print(
      ["budget", "held by"],
      Sandbox().guards().map { [$0.name, $0.mechanism] })
    guard guards else { return }
    let checks = try Sandbox().proveGuards()
    try print(
      ["attack", "held", "evidence"],
      checks.map { [$0.name, $0.isProven ? "yes" : "NO", $0.evidence] })
    if checks.contains(where: { !$0.isProven }) { Failure.exit(.sandbox) }
  }

  private func print(_ columns: [String], _ rows: [[String]]) throws {
    let table = TableText(columns: columns.map { .init($0) }, rows: rows)
    try Terminal.print(
      table.render(maximumWidth: Terminal.width, style: Terminal.style) + "\n")
  }
}

/// The words after `--`.
private enum CommandWords {
  static func strip(_ words: [String]) -> [String] {
    words.first == "--" ? Array(words.dropFirst()) : words
  }
}
