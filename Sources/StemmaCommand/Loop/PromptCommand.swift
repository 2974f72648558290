// `stemma prompt`: the versions of prompts, what they achieved, how they differ, and their tests.

import ArgumentParser
import Base
import Glibc
import Loop
import Rendering

struct PromptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prompt",
    abstract: "Prompts as code: versions, differences, tests.",
    discussion: """
      Examples:
        stemma prompt list                   versions, and what came of each
        stemma prompt diff PR2               against the version before it
        stemma prompt test campaign.toml     the recorded cases of its prompts
      """,
    subcommands: [
      PromptListCommand.self, PromptDiffCommand.self, PromptTestCommand.self,
      PromptCaseCommand.self,
    ])
}

struct PromptListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "The versions of prompts and what their proposals achieved.",
    discussion: """
      Examples:
        stemma prompt list
        stemma prompt list ngram --format csv
      """)

  @OptionGroup var table: CampaignTableOptions

  func run() throws { try table.print("prompts") }
}

struct PromptDiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "The difference between two versions of a prompt.",
    discussion: """
      Examples:
        stemma prompt diff PR2               against the version that it supersedes
        stemma prompt diff PR1 PR3
        stemma prompt diff prompts/critic.md the newest that is stored, and the file
      """)

  @Argument(help: "A prompt such as PR2, or a file.")
  var old: String

  @Argument(help: "Another one.")
  var new: String?

  @OptionGroup var store: StoreOptions

  func run() throws {
    let text = try Prompts.difference(old, new, in: try store.openForReading())
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      try Terminal.print(DisplayWidth.harmless(String(line)) + "\n")
    }
  }
}

struct PromptTestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Check the recorded cases of a campaign's prompts.",
    discussion: """
      The cases of prompts/critic.md are the files prompts/critic.cases/*.json;
      docs/critics.md describes them. Recorded answers are checked without a
      network; --ask asks whoever the campaign names.

      Examples:
        stemma prompt test campaign.toml
        stemma prompt test campaign.toml --ask      ask now, keep nothing
        stemma prompt test campaign.toml --record   ask now, keep the answers

      Ends with 0 where every case holds, and with 4 where one does not.
      """)

  @Argument(help: "The campaign's file.")
  var file: String

  @Flag(help: "Ask now instead of reading what was recorded.")
  var ask = false

  @Flag(help: "Ask now, and write the answers into the cases.")
  var record = false

  func run() throws {
    let campaign = try Campaign.read(at: file)
    let results = try Prompts.test(campaign, asks: ask || record)
    for result in results {
      if record, let text = result.recording {
        let written = try WholeFile(path: result.path)
        try written.write(text)
        try written.finish()
      }
    }
    for result in results {
      try Terminal.print(
        DisplayWidth.harmless("\(result.end.rawValue)  \(result.prompt)  \(result.name)") + "\n")
      for fault in result.faults { try Terminal.print("      \(DisplayWidth.harmless(fault))\n") }
    }
    guard !results.isEmpty else {
      let folders = Prompts.caseFolders(of: campaign)
      let said =
        folders.isEmpty
        ? "no prompt of \(file) is a file"
        : "there are no cases in " + folders.joined(separator: ", ")
      return try Terminal.print(DisplayWidth.harmless(said) + "\n")
    }
    let failed = results.count { $0.end != .passed }
    try Terminal.print("\(results.count - failed) of \(results.count) cases hold\n")
    guard failed > 0 else { return }
    throw StemmaError(
      .providerAnswer, "\(failed) of \(results.count) cases do not hold",
      advice: results.contains { $0.end == .stale }
        ? "A stale case was recorded with another text: --record asks again." : nil)
  }
}

struct PromptCaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "case",
    abstract: "Make a case of a question that was asked.",
    discussion: """
      Examples:
        stemma prompt case CR5 prompts/critic.cases/duplicate.json

      The file has the request, the answer and the hash of the prompt; write under
      "expect" what has to hold of every answer, as JSON Schema.
      """)

  @Argument(help: "A critique, proposal or call, such as CR5.")
  var key: String

  @Argument(help: "The file to write; it must not be there.")
  var file: String

  @OptionGroup var store: StoreOptions

  func run() throws {
    let call = try RecordedCall(key, in: try store.openForReading())
    let text = try PromptCase.text(
      request: call.object(.request), answer: call.object(.answer),
      promptHash: call.hash(.prompt) ?? "")
    guard access(file, F_OK) != 0 else {
      throw StemmaError(.argumentInvalid, "\(file) is there already", advice: "Give another name.")
    }
    if let slash = file.lastIndex(of: "/"), slash > file.startIndex {
      try TreeFolder.makeFolders(String(file[..<slash]))
    }
    let written = try WholeFile(path: file)
    try written.write(text)
    try written.finish()
    try Terminal.print("wrote \(file); say under \"expect\" what has to hold\n")
  }
}
