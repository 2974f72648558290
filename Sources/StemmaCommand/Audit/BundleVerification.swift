// `stemma verify BUNDLE`: checks an exported bundle without any store, as the verify.py in it does.

import Audit
import Base
import Glibc
import Rendering
import Signing

/// Checks bundles and prints what came of it.
enum BundleVerification {
  /// Whether a path is that of a bundle: a folder, or a .zip.
  static func isBundle(_ path: String) -> Bool {
    // Whatever is called so was meant as one: what is wrong with it is told, not what else it is.
    if path.hasSuffix(".zip") { return true }
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    if status.st_mode & S_IFMT == S_IFDIR { return true }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var start: [UInt8] = [0, 0, 0, 0]
    return read(descriptor, &start, 4) == 4 && start == [0x50, 0x4B, 3, 4]
  }

  /// - Parameter kept: files with checkpoints that the log must be or extend.
  static func run(_ path: String, keys: [NoteKey], kept: [String]) throws {
    let checkpoints = try kept.map { file in
      (name: file, checkpoint: try Checkpoint.read(TextFile.read(file)).checkpoint)
    }
    let showsProgress = Terminal.isTerminal(STDERR_FILENO)
    let report = try BundleCheck.check(path, keys: keys, kept: checkpoints) { done, total in
      guard showsProgress else { return }
      Terminal.printProgress(ProgressText.bar(done: done, total: total, label: "records"))
    }
    if showsProgress { Terminal.clearProgress() }
    for fault in report.faults { try Terminal.print("FAULT \(fault)\n") }
    if report.furtherFaults > 0 { try Terminal.print("and \(report.furtherFaults) more\n") }
    for note in report.unchecked { try Terminal.print("not checked: \(note)\n") }
    guard report.isSound else {
      let count = NumberText.counted(report.faults.count + report.furtherFaults, "fault")
      throw StemmaError(
        .storeDamaged, "the bundle \(path) is not sound: \(count)",
        advice: "ask for it again, and hold the checkpoint that you kept against both")
    }
    try Terminal.print(
      "sound: \(report.size) records of \(report.origin), \(report.records) with their contents"
        + (report.attested > 0 ? ", \(NumberText.counted(report.attested, "eval")) attested" : "")
        + "\n")
  }
}
