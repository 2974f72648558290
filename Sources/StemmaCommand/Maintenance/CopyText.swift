// How a copy of a store is told: what was added, what was there, what is missing.

import Base
import Glibc
import Rendering
import Stemma

/// The words for a copy.
enum CopyText {
  static func lines(_ report: CopyReport, at path: String) -> String {
    let objects =
      NumberText.counted(report.objectsCopied, "object")
      + " (\(NumberText.bytes(report.objectBytesCopied)))"
    let kept = report.objectsKept > 0 ? ", \(NumberText.grouped(report.objectsKept)) kept" : ""
    return "\(path): \(transactions(report)), \(objects)\(kept)\n"
  }

  private static func transactions(_ report: CopyReport) -> String {
    if report.lastBefore == 0 { return NumberText.counted(report.last, "transaction") }
    if report.lastBefore == report.last { return "nothing new after transaction \(report.last)" }
    return "transactions \(report.lastBefore + 1) to \(report.last) added"
  }

  /// Throws what the copy lacks. What could be copied was.
  static func requireWhole(_ report: CopyReport, _ path: String) throws {
    if let loss = report.loss {
      let objects = report.lostObjects.map { "; besides, \($0)" } ?? ""
      throw StemmaError(
        .storeDamaged, "\(path) ends with transaction \(report.last): \(loss)\(objects)",
        advice: "what may have come after it is lost, unless a backup has it")
    }
    if let objects = report.lostObjects {
      throw StemmaError(
        .storeDamaged, "\(path) has all \(report.last) transactions, but \(objects)",
        advice: "`stemma verify --store \(path)` names those that are needed; "
          + "a backup may have them")
    }
    guard let first = report.damagedObjects.first else { return }
    throw StemmaError(
      .storeDamaged,
      NumberText.counted(report.damagedObjects.count, "object")
        + " could not be copied, the bytes of which do not have their hash; the first is \(first)",
      advice: "everything else is in \(path); a backup may have them")
  }

  /// A progress bar where there is a terminal.
  static func progress(_ label: String) -> (_ done: Int, _ total: Int) -> Void {
    guard Terminal.isTerminal(STDERR_FILENO) else { return { _, _ in } }
    return { done, total in
      Terminal.printProgress(ProgressText.bar(done: done, total: total, label: label))
      if done >= total { Terminal.clearProgress() }
    }
  }
}
