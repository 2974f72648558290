// `stemma repair`: a new store from the log of a damaged one.

import ArgumentParser
import Base
import Stemma

struct RepairCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair",
    abstract: "Rebuild a damaged store from its log, in another folder.",
    discussion: """
      Examples:
        stemma repair .stemma-repaired
        stemma repair .stemma-repaired --partial   what precedes the damage

      Then: mv .stemma .stemma-damaged && mv .stemma-repaired .stemma

      Everything but the log and the objects is computed from the log. It is read
      without trust, each record is checked against its hashes, and the damaged
      store is never touched. A log that cannot be read to its end is an error,
      unless --partial accepts the loss.
      """)

  @Argument(help: "The folder of the new store; it must hold none.")
  var folder: String

  @Flag(help: "Keep what is before the first record that cannot be read.")
  var partial = false

  @OptionGroup var store: StoreOptions

  func run() throws {
    let source = try StoreLocation.find(store.store)
    let report = try Database.repair(
      from: source, into: folder, allowsLoss: partial, progress: CopyText.progress("repair"))
    try Terminal.print(CopyText.lines(report, at: folder))
    try CopyText.requireWhole(report, folder)
  }
}
