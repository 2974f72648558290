// The part of verification that needs no graph: the store's file, walked without liblmdb, and the
// objects, read and hashed.

import Base
import Store

extension Graph {
  /// Walks the file; false where it has faults, so that liblmdb must not be let loose on it.
  func checkFile(_ report: inout Verification) throws -> Bool {
    guard let path = store.path else { return true }
    let file = try LMDBFileCheck.check(storeAt: path)
    for fault in file.faults {
      report.add(
        "file", "page \(fault.page)", expected: "a sound page of the \(fault.tree)",
        found: fault.words)
    }
    return file.isSound
  }

  /// Reads every object.
  func checkObjects(_ report: inout Verification) throws {
    for digest in try store.objects.damaged() {
      report.add("objects", digest.hex, expected: "bytes with this hash", found: "other bytes")
    }
  }
}
