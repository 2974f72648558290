// `stemma loop trial`: one run of a campaign's starting point, of which nothing is kept.

import ArgumentParser
import Base
import Loop
import Sandbox
import Stemma

struct LoopTrialCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trial",
    abstract: "Run a campaign's starting point once and keep nothing.",
    discussion: """
      Runs and evaluates what a campaign starts from, in the same sandbox as
      `stemma loop run` would, and prints what it used, what it left, and for
      everything that the sandbox refused the line that grants it. The exit code is 4
      where it does not end well.

      Examples:
        stemma loop trial campaign.toml
      """)

  @Argument(help: "The campaign's file.")
  var file: String

  func run() throws {
    let result = try Trial(try Campaign.read(at: file), surroundings: .system).run()
    try Terminal.print(TrialText.text(result))
    guard result.isGood, result.evaluation?.answer?.isValid == true else {
      throw StemmaError(
        .loopState, "the starting point cannot be measured yet",
        advice: "Mend what is said above and try again.")
    }
  }
}
