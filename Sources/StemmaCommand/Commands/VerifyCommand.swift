// `stemma verify`: recomputes every projection from the log and compares; holds checkpoints that
// were kept elsewhere against the log; checks receipts and bundles with nothing but a key.

import ArgumentParser
import Audit
import Base
import Glibc
import Loop
import Rendering
import Signing
import Stemma

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Recompute everything from the log and compare; or check a receipt or a bundle.",
    discussion: """
      Examples:
        stemma verify                                  the whole store, every byte
        stemma verify --rebuild                        the same, with a copy on disk
        stemma verify --checkpoint kept.txt            and only added to since
        stemma verify claim.tlog-proof --key KEY       a receipt, without any store
        stemma verify bundle --key KEY                 a bundle: its folder or .zip

      A checkpoint is the three lines that `stemma checkpoint` printed, or the whole
      note. KEY is the text of the log's key (`stemma key list`) or a file that
      holds such texts. Exits with 0 when everything is sound, with 5 and a list of
      faults when it is not.
      """)

  @Argument(help: "A receipt (.tlog-proof) or a bundle to check instead of the store.")
  var file: String?

  @Option(help: "A key to trust, or a file of keys, one a line; repeatable.")
  var key: [String] = []

  @Option(help: "A file with a checkpoint that was kept elsewhere; repeatable.")
  var checkpoint: [String] = []

  @Flag(help: "Recompute on disk, below the store's folder, instead of in memory.")
  var rebuild = false

  @Option(
    help: ArgumentHelp("Say whether damage explains this signal.", visibility: .private))
  var afterSignal: Int32?

  @OptionGroup var store: StoreOptions

  /// Faults printed before the rest is only counted.
  private static let faultLimit = 50

  private static let advice =
    "keep the folder as it is; `stemma repair` or `stemma restore` makes a sound store beside it"

  func validate() throws {
    if let file, key.isEmpty, !BundleVerification.isBundle(file) {
      throw ValidationError("a receipt is worth what its key is worth: give the log's --key")
    }
  }

  func run() throws {
    if let file {
      guard access(file + "/data.mdb", F_OK) != 0 else {
        throw StemmaError(
          .argumentInvalid, "\(file) is a store, not a bundle",
          advice: "to verify the store: stemma verify --store \(file)")
      }
      guard BundleVerification.isBundle(file) else { return try check(file) }
      return try BundleVerification.run(file, keys: KeyTexts.read(key), kept: checkpoint)
    }
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
    let kept = try checkpoint.map { try Checkpoint.read(TextFile.read($0)).checkpoint }
    var report = try replay(path)
    var checkpoints = 0
    if report.faults.isEmpty {
      let trail = AuditTrail(try store.openForReading())
      report.faults += try trail.faults() + kept.compactMap { try trail.fault(in: $0) }
      if report.faults.isEmpty { checkpoints = try trail.checkpoints().count }
    }
    // With damaged objects the graph can still be read; with anything else it is better not to.
    if report.faults.allSatisfy({ $0.hasPrefix("objects ") }) {
      report.faults += try ObjectAudit(of: try store.openForReading()).faults
    }
    try conclude(report, checkpoints: checkpoints, kept: kept.count)
  }

  private func check(_ path: String) throws {
    let keys = try KeyTexts.read(key)
    let check = ReceiptCheck(try Receipt(parsing: TextFile.read(path)), keys: keys)
    for fault in check.faults { try Terminal.print(fault + "\n") }
    guard check.holds, let checkpoint = check.checkpoint else {
      throw StemmaError(.storeDamaged, "the receipt proves nothing", advice: "ask for another one")
    }
    try Terminal.print("proven in \(checkpoint.origin), \(checkpoint.size) records:\n")
    for claim in check.claims { try Terminal.print("  \(claim)\n") }
    for note in check.unchecked { try Terminal.print("not checked: \(note)\n") }
  }

  private func replay(_ path: String) throws -> VerificationReport {
    let showsProgress = Terminal.isTerminal(STDERR_FILENO)
    let depth = rebuild ? Database.Depth.rebuild : .everything
    let report = try Database.verify(at: path, depth: depth, surroundings: .system) { done, total in
      guard showsProgress else { return }
      Terminal.printProgress(ProgressText.bar(done: done, total: total, label: "transactions"))
    }
    if showsProgress { Terminal.clearProgress() }
    return report
  }

  private func conclude(_ report: VerificationReport, checkpoints: Int, kept: Int) throws {
    let counts =
      [
        NumberText.counted(report.transactions, "transaction"),
        NumberText.counted(report.nodes, "node"), NumberText.counted(report.edges, "edge"),
        NumberText.grouped(report.entriesCompared) + " entries compared",
        checkpoints == 0 ? nil : NumberText.counted(checkpoints, "checkpoint"),
        kept == 0 ? nil : "\(kept) kept elsewhere",
      ].compactMap(\.self).joined(separator: ", ")
    guard !report.faults.isEmpty else { return try Terminal.print("sound: \(counts)\n") }
    for fault in report.faults.prefix(Self.faultLimit) { try Terminal.print(fault + "\n") }
    if report.faults.count > Self.faultLimit {
      try Terminal.print("shown \(Self.faultLimit) of \(report.faults.count) faults\n")
    }
    throw StemmaError(
      .storeDamaged, NumberText.counted(report.faults.count, "fault") + " in " + counts,
      advice: Self.advice(for: report.faults))
  }

  private static func advice(for faults: [String]) -> String {
    // A log says what the tables held, never what the objects did.
    if faults.allSatisfy({ $0.hasPrefix("objects ") }) {
      return "`stemma restore` a backup, or bring each back from one (docs/store-care.md)"
    }
    if faults.allSatisfy({ $0.hasPrefix("redaction ") }) {
      return "a redaction was cut off: run the same `stemma redact` again"
    }
    // Nothing is damaged then, and nothing can be mended.
    if faults.allSatisfy({ $0.hasPrefix("rolled back: ") || $0.hasPrefix("forked: ") }) {
      return "this is not the log that was signed, or an old copy of it: keep both, and ask who "
        + "wrote here since"
    }
    guard faults.contains(where: { $0.hasPrefix("objects ") }) else { return advice }
    return advice + "; contents that are missing come from a backup only (docs/store-care.md)"
  }
}
