// `stemma upgrade`: a store of an older format becomes one of the newest.

import ArgumentParser
import Base
import Stemma

struct UpgradeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "upgrade",
    abstract: "Bring a store of an older format to the newest.",
    discussion: """
      Examples:
        stemma upgrade
        stemma upgrade --store /data/lab

      Stores of every released format can be opened without it; a newer format than
      this program's is refused. The log is carried out again into a new file, and
      the old file is kept beside it. Nobody else may have the store open.
      """)

  @OptionGroup var store: StoreOptions

  func run() throws {
    let path = try StoreLocation.find(store.store)
    FaultGuard.watch(storeAt: path)
    let kept = try Database.upgrade(at: path, progress: CopyText.progress("upgrade"))
    guard let kept else { return try Terminal.print("\(path) has the newest format\n") }
    try Terminal.print("\(path) has the newest format now; the old file is \(kept)\n")
  }
}
