// `stemma backup`: a copy of the store that is a store, brought up to date each time.

import ArgumentParser
import Base
import Stemma

struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy the store into a folder, or add there what is new.",
    discussion: """
      Examples:
        stemma backup /mnt/backup/lab         at first everything, then what is new
        stemma verify --store /mnt/backup/lab
        stemma restore /mnt/backup/lab lab2   makes a store in lab2 from it

      It is a copy as of one moment; others may read and write meanwhile. The next
      time only the transactions and objects that the folder lacks are added, after
      the log there was found to be the beginning of this one. A backup is a store:
      it can be queried and verified where it is.
      """)

  @Argument(help: "The folder of the backup: empty, new, or with a backup of this store.")
  var folder: String

  @OptionGroup var store: StoreOptions

  func run() throws {
    let database = try store.openForReading()
    let report = try database.backUp(to: folder, progress: CopyText.progress("backup"))
    try Terminal.print(CopyText.lines(report, at: folder))
    try CopyText.requireWhole(report, folder)
  }
}
