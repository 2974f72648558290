// `stemma checkout`: a proposal's files in a folder, to work on.

import ArgumentParser
import Base
import Loop
import Stemma

struct CheckoutCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkout",
    abstract: "Lay out the files of a proposal, or of the best one, in a new folder.",
    discussion: """
      Examples:
        stemma checkout work
        stemma checkout work --proposal P42

      `stemma propose --worktree work` then hands in what was changed there.
      """)

  @Argument(help: "The folder to make.")
  var folder: String

  @Option(help: "The proposal; else what is believed to be best.")
  var proposal: String?

  @OptionGroup var campaign: CampaignOptions

  func run() throws {
    let database = try campaign.store.openForReading()
    let name = try campaign.name(in: database)
    let key = try Checkout.make(
      of: proposal?.uppercased(), campaign: name, at: folder, in: database)
    try Terminal.print("\(folder) has the files of \(key)\n")
  }
}

/// `stemma agent-guide`: the page that a coding agent needs in its context.
struct AgentGuideCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agent-guide",
    abstract: "Print a page of instructions for a coding agent.",
    discussion: """
      Examples:
        stemma agent-guide
        stemma agent-guide >> AGENTS.md
      """)

  func run() throws { try Terminal.print(Outside.guide) }
}
