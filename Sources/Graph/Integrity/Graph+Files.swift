// The part of verification that needs no graph: the store's file, walked without liblmdb, and the
// objects, read and hashed. It comes first, and where the file has faults it is all there is.

package import Base
import Store

extension Graph {
  /// How far a verification goes.
  package enum VerificationDepth: Sendable, Hashable {
    /// The structure of the file only: seconds for gigabytes.
    case file
    /// File, objects, and every projection recomputed from the log in memory.
    case everything
    /// The same, recomputed into a store on disk below the store's folder, which is removed after.
    case rebuild
  }

  /// Verifies the store in a folder without trusting it: liblmdb opens the file only after our own
  /// reader found it sound. Damage is reported, not thrown.
  package static func verify(
    at path: String, depth: VerificationDepth = .everything, surroundings: Surroundings,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> Verification {
    try Store.requireStore(at: path)
    var report = Verification()
    let isSound = try checkFile(path, &report)
    if depth == .file { return report }
    try checkObjectFiles(path, &report)
    guard isSound else { return report }
    if depth == .rebuild { return try compareRebuilt(path, report, progress) }
    do {
      let graph = try open(
        at: path, surroundings: surroundings, options: StoreOptions(isReadOnly: true))
      return try graph.verifyProjections(report, progress: progress)
    } catch let error as StemmaError where error.code == .storeDamaged {
      report.add("meta", "00", expected: "a store that can be read", found: error.message)
      return report
    }
  }

  /// Walks the file; false where it has faults, so that liblmdb must not be let loose on it.
  static func checkFile(_ path: String, _ report: inout Verification) throws -> Bool {
    let file = try LMDBFileCheck.check(storeAt: path)
    for fault in file.faults {
      report.add(
        "file", "page \(fault.page)", expected: "a sound page of the \(fault.tree)",
        found: fault.words)
    }
    return file.isSound
  }

  /// Reads every object that is a file.
  static func checkObjectFiles(_ path: String, _ report: inout Verification) throws {
    for name in try Store.damagedObjectFiles(at: path) { addDamaged(name, &report) }
  }

  /// Reads every object that is a row.
  static func checkObjectRows(
    _ store: Store, _ reading: Reading, _ report: inout Verification
  ) throws {
    guard store.header.has(.objects) else { return }
    for name in try ObjectRows.damaged(reading) { addDamaged(name, &report) }
  }

  private static func addDamaged(_ name: String, _ report: inout Verification) {
    report.add("objects", name, expected: "bytes with this hash", found: "other bytes")
  }
}
