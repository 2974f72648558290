// `stemma wait`: until a proposal is over, then what came of it.

import ArgumentParser
import Base
import Loop
import Stemma

struct WaitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wait",
    abstract: "Wait until a proposal is over, and say what came of it.",
    discussion: """
      Examples:
        stemma wait P42
        stemma wait CT5 --format json --timeout 2h

      CT5 is what `stemma propose` printed. A proposal whose base was replaced goes
      on as another one; that is followed. Exit status 6 where the time is over first.
      """)

  @Argument(help: "The key of a proposal, or of what was handed in.")
  var key: String

  @Option(help: .init("How long at most, such as 30s or 2h.", valueName: "time"))
  var timeout = TimeAmount(milliseconds: 24 * 3_600_000)

  @OptionGroup var store: StoreOptions

  @Option(help: "text (for people) or json.")
  var format: StatusFormat = .text

  func run() throws { try Self.wait(for: key.uppercased(), timeout, format, store) }

  static func wait(
    for key: String, _ timeout: TimeAmount, _ format: StatusFormat, _ store: StoreOptions
  ) throws {
    let outcome = try OutcomeWait(key: key, database: try store.openForReading()).outcome(
      within: timeout.milliseconds
    ) { $0.isOver }
    try Terminal.print(OutcomeText(outcome: outcome).rendered(format))
    try OutcomeText.refuse(outcome)
    guard outcome.isOver else {
      throw StemmaError(
        .limitReached, "\(key) is not over after \(timeout.milliseconds / 1_000) s",
        advice: "`stemma loop status` says whether a loop is running.")
    }
  }
}
