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

      Exits with 0 when the store is sound, with 5 and a list of faults when it is
      not.
      """)

  @Option(
    help: ArgumentHelp("Say whether damage explains this signal.", visibility: .private))
  var afterSignal: Int32?

  @OptionGroup var store: StoreOptions

  /// Faults printed before the rest is only counted.
  private static let faultLimit = 50

  private static let advice = "keep the folder as it is and restore a backup beside it"

  func run() throws {
    let path = try StoreLocation.find(store.store)
    if let afterSignal { try FaultGuard.explain(signal: afterSignal, storeAt: path) }
    FaultGuard.watch(storeAt: path)
    do {
      try verify(path)
    } catch var error as StemmaError where error.code == .storeDamaged {
      // Who runs `verify` is not helped by the advice to run it.
      error.advice = Self.advice
      throw error
    }
  }

  private func verify(_ path: String) throws {
    let showsProgress = Terminal.isTerminal(STDERR_FILENO)
    let report = try Database.verify(at: path, surroundings: .real) { done, total in
      guard showsProgress else { return }
      Terminal.printProgress(ProgressText.bar(done: done, total: total, label: "transactions"))
    }
    if showsProgress { Terminal.clearProgress() }
    let counts =
      [
        NumberText.counted(report.transactions, "transaction"),
        NumberText.counted(report.nodes, "node"), NumberText.counted(report.edges, "edge"),
        NumberText.grouped(report.entriesCompared) + " entries compared",
      ].joined(separator: ", ")
    guard !report.faults.isEmpty else { return try Terminal.print("sound: \(counts)\n") }
    for fault in report.faults.prefix(Self.faultLimit) { try Terminal.print(fault + "\n") }
    if report.faults.count > Self.faultLimit {
      try Terminal.print("shown \(Self.faultLimit) of \(report.faults.count) faults\n")
    }
    throw StemmaError(
      .storeDamaged, NumberText.counted(report.faults.count, "fault") + " in " + counts,
      advice: Self.advice)
  }
}
