// From an older format to the newest: the log is carried out again into a new file, which takes the
// place of the old one; the old file is kept beside it.

import Base
import Store

extension Graph {
  /// Brings the store at `path` to the newest format; nobody else may have it open. Returns the
  /// name of the old file, or `nil` where there was nothing to do. `always` does it in any case.
  package static func upgrade(
    at path: String, always: Bool = false,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> String? {
    try Store.replaceTables(at: path) { format in
      guard always || format < FormatHeader.newestFormat else { return nil }
      let folder = path + "/rebuilding"
      try Store.removeTables(in: folder)
      let outcome = try rebuildTables(
        from: path, into: folder, upTo: nil, allowsLoss: false, progress: progress)
      try requireWhole(outcome.objects)
      return folder
    }
  }

  /// Tables that are to take the place of others must not lack an object, damaged as it may be.
  static func requireWhole(_ objects: Store.ObjectCopy) throws {
    guard let damaged = objects.damaged.first else { return }
    throw StemmaError(
      .storeDamaged, "the object \(damaged) is damaged, and would be lost",
      at: .record(table: "objects", key: damaged),
      advice: "nothing was changed; `stemma repair FOLDER` makes a store without it, where this can"
        + " be done, and a backup may have it whole")
  }
}
