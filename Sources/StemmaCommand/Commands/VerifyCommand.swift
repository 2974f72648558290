// `stemma verify`: recomputes every projection from the log and compares.

import ArgumentParser
import Base
import Glibc
import Rendering
import Stemma

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Recompute everything from the log and compare.",
    discussion: """
      Examples:
        stemma verify
        stemma verify --store /data/lab

      Exits with 0 when the store is sound, with 5 and a list of faults when it is not.
      """)

  @Option(
    help: ArgumentHelp("Say whether damage explains this signal.", visibility: .private))
  var afterSignal: Int32?

  @OptionGroup var store: StoreOptions

  /// Faults printed before the rest is only counted.
  private static let faultLimit = 50

  func run() throws {
    let path = try StoreLocation.find(store.store)
    if let afterSignal { try FaultGuard.explain(signal: afterSignal, storeAt: path) }
    FaultGuard.watch(storeAt: path)
    let showsProgress = Terminal.isTerminal(STDERR_FILENO)
    let report = try Database.verify(at: path, surroundings: .real) { done, total in
      guard showsProgress else { return }
      Terminal.printProgress(ProgressText.bar(done: done, total: total, label: "transactions"))
    }
    if showsProgress { Terminal.clearProgress() }
    let counts =
      "\(NumberText.grouped(report.transactions)) transactions, "
      + "\(NumberText.grouped(report.nodes)) nodes, \(NumberText.grouped(report.edges)) edges, "
      + "\(NumberText.grouped(report.entriesCompared)) entries compared"
    guard !report.faults.isEmpty else { return try Terminal.print("sound: \(counts)\n") }
    for fault in report.faults.prefix(Self.faultLimit) { try Terminal.print(fault + "\n") }
    if report.faults.count > Self.faultLimit {
      try Terminal.print("shown \(Self.faultLimit) of \(report.faults.count) faults\n")
    }
    throw StemmaError(
      .storeDamaged, "\(report.faults.count) faults in \(counts)",
      advice: "keep the folder as it is and restore a backup beside it")
  }
}
