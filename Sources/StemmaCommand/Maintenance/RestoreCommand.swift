// `stemma restore`: a store from a backup.

import ArgumentParser
import Base
import Glibc
import Stemma

struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Make a store from a backup.",
    discussion: """
      Examples:
        stemma restore /mnt/backup/lab             .stemma here
        stemma restore /mnt/backup/lab lab2        .stemma in lab2
        stemma restore /mnt/backup/lab --upto 120  as it was after transaction 120

      The backup is verified first and stays as it is. There must be no store at
      the place yet: move a damaged one aside (mv .stemma .stemma-damaged).
      """)

  @Argument(help: "The folder of the backup.")
  var backup: String

  @Argument(help: "The folder that the store is to belong to.")
  var folder = "."

  @Option(help: "The last transaction to restore; otherwise all.")
  var upto: UInt64?

  func run() throws {
    let source = try StoreLocation.find(backup)
    FaultGuard.watch(storeAt: source)
    let faults = try Database.verify(
      at: source, surroundings: .system, progress: CopyText.progress("verify")
    ).faults
    guard faults.isEmpty else {
      throw StemmaError(
        .storeDamaged, "the backup in \(source) is not sound: \(faults[0])",
        advice: "`stemma verify --store \(source)` lists its faults; nothing was restored")
    }
    let isNew = mkdir(folder, 0o755) == 0
    guard StoreLocation.isFolder(folder) else {
      throw StemmaError(
        .fileUnreadable, "\(folder) is not a folder",
        at: .file(path: folder, line: nil, column: nil),
        advice: "create it first: mkdir -p \(folder)")
    }
    let path = folder + "/" + StoreLocation.folderName
    let report: CopyReport
    do {
      report = try Database.restore(
        from: source, to: path, upTo: upto.map { TransactionNumber($0) }, surroundings: .system,
        progress: CopyText.progress("restore"))
    } catch {
      // It goes only if it is empty.
      if isNew { rmdir(folder) }
      throw error
    }
    try Terminal.print(CopyText.lines(report, at: path))
    try CopyText.requireWhole(report, path)
  }
}
