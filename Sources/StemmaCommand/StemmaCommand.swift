// The program `stemma`: parses the command line, runs a command, turns errors into one message and
// a documented exit code. It holds no logic of its own.

import ArgumentParser
import Base

@main
struct StemmaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stemma",
    abstract: "Lineage of machine-learning research: a graph store, Cypher, and a runner.",
    discussion: """
      Start here:
        stemma init --campaign demo      a store, a campaign, an example to run
        stemma loop run campaign.toml    run it; killed, it goes on where it was
        stemma query @recent             one of the named queries
        stemma query 'MATCH (p:Proposal) RETURN p LIMIT 5'
        stemma why E17                   from a belief down to the raw evidence
        stemma repl                      the same, interactively

      The store is the folder .stemma, looked for here and upward as git does,
      or --store PATH.

      Exit codes:
      \(ExitStatus.table(margin: "  "))
      `stemma sandbox run` ends as its program does; its help says more.
      """,
    version: Version.text,
    groupedSubcommands: [
      CommandGroup(
        name: "campaign",
        subcommands: [
          InitCommand.self, LoopCommand.self, ReviewCommand.self, BudgetCommand.self,
          CurveCommand.self, HelperCommand.self, CriticsCommand.self, PromptCommand.self,
        ]),
      CommandGroup(
        name: "agent",
        subcommands: [
          CheckoutCommand.self, ProposeCommand.self, WaitCommand.self, AskCommand.self,
          TellCommand.self, AgentGuideCommand.self,
        ]),
      CommandGroup(
        name: "question",
        subcommands: [
          QueryCommand.self, ReplCommand.self, ShowCommand.self, WhyCommand.self,
          LineageCommand.self, BriefCommand.self, ReplayCommand.self, ObjectCommand.self,
          SchemaCommand.self, CypherGuideCommand.self, ModelContextCommand.self,
        ]),
      CommandGroup(
        name: "store",
        subcommands: [
          ExportCommand.self, ImportCommand.self, BackupCommand.self, RestoreCommand.self,
          VerifyCommand.self, RepairCommand.self, CompactCommand.self, UpgradeCommand.self,
        ]),
      CommandGroup(
        name: "audit",
        subcommands: [
          CheckpointCommand.self, KeyCommand.self, ProveCommand.self, RedactCommand.self,
          TimestampCommand.self,
        ]),
      CommandGroup(
        name: "machine",
        subcommands: [
          DoctorCommand.self, SandboxCommand.self, BenchHandover.self, CompletionsCommand.self,
        ]),
    ])

  static func main() {
    StandardDescriptors.occupy()
    FaultGuard.install()
    do {
      try checkIsText()
      var command = try parsed(Array(CommandLine.arguments.dropFirst()))
      try command.run()
    } catch {
      Failure.exit(with: error)
    }
  }

  /// The commands that answer one question or start one program. Scripts run them by the thousand.
  private static let quick: [(words: [String], type: any ParsableCommand.Type)] = [
    (["query"], QueryCommand.self), (["show"], ShowCommand.self), (["why"], WhyCommand.self),
    (["lineage"], LineageCommand.self), (["brief"], BriefCommand.self),
    (["sandbox", "run"], SandboxRunCommand.self),
    (["sandbox", "evaluate"], SandboxEvaluateCommand.self),
    (["sandbox", "job"], SandboxJobCommand.self),
  ]

  /// The command that the arguments ask for. Looking at all commands takes a third of the time of a
  /// short query, so these few are tried by themselves; whatever they do not take as it stands
  /// (wrong arguments, help, versions) is read again, and answered, by the whole program.
  private static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
    if let (words, type) = quick.first(where: { arguments.starts(with: $0.words) }),
      let command = try? type.parseAsRoot(Array(arguments.dropFirst(words.count))),
      Swift.type(of: command) == type
    {
      return command
    }
    if let name = arguments.first, !name.hasPrefix("-") { try checkIsCommand(name) }
    if arguments.first == "help" { try checkIsHelp(arguments.dropFirst()) }
    return try parseAsRoot(arguments)
  }

  /// The arguments that we are given have other letters in the place of bytes that are no UTF-8.
  /// What was typed is not changed in silence: neither a text that is stored nor a path.
  private static func checkIsText() throws {
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let raw = CommandLine.unsafeArgv[index], String(validatingCString: raw) == nil else {
        continue
      }
      throw StemmaError(
        .argumentInvalid, "argument \(index) is not UTF-8: \(CommandLine.arguments[index])",
        advice: "texts and paths are UTF-8 here; rename the file, or set the terminal to UTF-8")
    }
  }

  /// A word that is no command is said to be none, also before `--help`, which would else explain
  /// the whole program and end as if all were well.
  private static func checkIsCommand(_ name: String) throws {
    let known = names(of: configuration.subcommands) + ["help"]
    guard !known.contains(name) else { return }
    let nested = names(of: LoopCommand.configuration.subcommands)
    let meant =
      nested.contains(name) ? "loop \(name)" : Suggestion.nearest(to: name, among: known)
    throw ValidationError(
      "there is no command \(name); "
        + (meant.map { "did you mean `stemma \($0)`?" } ?? "`stemma help` lists them"))
  }

  /// The same of what help is asked about, which else would be explained as the whole program.
  private static func checkIsHelp(_ words: ArraySlice<String>) throws {
    guard let name = words.first, !name.hasPrefix("-") else { return }
    try checkIsCommand(name)
    var command: any ParsableCommand.Type = Self.self
    for word in words where !word.hasPrefix("-") {
      let subcommands = command.configuration.subcommands
      guard let next = subcommands.first(where: { $0.configuration.commandName == word }) else {
        if command == Self.self { return }
        let (name, known) = (command.configuration.commandName ?? "", names(of: subcommands))
        throw ValidationError(
          "there is no command \(name) \(word)"
            + (known.isEmpty ? "" : "; there are \(known.joined(separator: ", "))"))
      }
      command = next
    }
  }

  private static func names(of commands: [any ParsableCommand.Type]) -> [String] {
    commands.compactMap { $0.configuration.commandName }
  }
}
