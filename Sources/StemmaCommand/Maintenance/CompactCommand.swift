// `stemma compact`: gives free pages back to the disk.

import ArgumentParser
import Base
import Rendering
import Stemma

struct CompactCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compact",
    abstract: "Give the free pages of the store back to the disk.",
    discussion: """
      Examples:
        stemma compact
        stemma doctor      shows how much of the file is free

      Nobody else may have the store open. The rewritten file is checked before it
      takes the place of the old one, so that a crash leaves one or the other.
      """)

  @OptionGroup var store: StoreOptions

  func run() throws {
    let path = try StoreLocation.find(store.store)
    FaultGuard.watch(storeAt: path)
    let sizes = try Database.compact(at: path)
    try Terminal.print(
      "\(path): \(NumberText.bytes(sizes.before)) before, \(NumberText.bytes(sizes.after)) now\n")
  }
}
