// A full disk has one error wherever it is met: in the store, in a work folder, in an output file.

internal import Glibc

extension StemmaError {
  /// The error for an errno that says that a disk or quota is full; `nil` for every other.
  public static func fullDisk(_ number: Int32, writing path: String) -> StemmaError? {
    guard number == ENOSPC || number == EDQUOT else { return nil }
    return StemmaError(
      .storeFull, "the disk is full: cannot write \(path)",
      at: .file(path: path, line: nil, column: nil),
      advice: "free some space, then run the same command again")
  }
}
