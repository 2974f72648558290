// Stores whose writer ended in the middle of a generation of the journal, put in order by whoever
// opens them next: that is cut short too, and done again.

import Base
import Foundation
import Graph
import Store

extension Scenario {
  static var recovering: [Scenario] {
    [
      // A kill: the tables are as they were last seen.
      recovery("recover", upTo: 20) { _, _ in },
      recovery("recover-again", upTo: 50) { _, _ in },
      // A loss of power that kept the journal, and of the tables what was synced before.
      recovery("recover-all", upTo: 24) { folder, copy in
        try FileManager.default.removeItem(atPath: folder + "/data.mdb")
        try FileManager.default.moveItem(atPath: copy, toPath: folder + "/data.mdb")
      },
      // One that kept the newest meta pages without the pages that they name.
      recovery("recover-metas", upTo: 24) { folder, copy in
        let tables = FileHandle(forUpdatingAtPath: folder + "/data.mdb")!
        let metas = try tables.read(upToCount: 8192) ?? Data()
        try tables.close()
        try FileManager.default.removeItem(atPath: folder + "/data.mdb")
        try FileManager.default.moveItem(atPath: copy, toPath: folder + "/data.mdb")
        let old = FileHandle(forUpdatingAtPath: folder + "/data.mdb")!
        try old.write(contentsOf: metas)
        try old.close()
      },
    ]
  }

  /// What a process leaves that ends after transaction `end` without closing anything, its tables
  /// `changed` with the help of a copy from before it began to write.
  private static func recovery(
    _ name: String, upTo end: UInt64, _ changed: @escaping (String, String) throws -> Void
  ) -> Scenario {
    Scenario(name: name) { folder in
      let store = folder + "/store"
      try LabStore.make(store, transactions: 6, nodes: 9)
      let graph = try LabStore.open(store)
      // The first two commits are synced with the tables; the next one begins a generation.
      for number in 7...8 as ClosedRange<UInt64> { try LabStore.append(number, 9, to: graph) }
      let copy = folder + "/before"
      try FileManager.default.copyItem(atPath: store + "/data.mdb", toPath: copy)
      for number in 9...end { try LabStore.append(number, 9, to: graph) }
      try changed(store, copy)
      try? FileManager.default.removeItem(atPath: copy)
      fflush(nil)
      withExtendedLifetime(graph) { _exit(0) }
    } run: { folder, acknowledge in
      let graph = try LabStore.open(folder + "/store")
      acknowledge(try graph.lastTransaction().rawValue)
      try LabStore.append(end + 1, 9, to: graph)
      acknowledge(end + 1)
    } check: { folder, reference, acknowledged in
      let path = folder + "/store"
      let last = try LabStore.requireSound(path)
      try LabStore.requirePrefix(path, of: reference + "/store")
      try LabStore.require(
        last >= max(end, acknowledged) && last <= end + 1, "\(last) after \(acknowledged)")
      try LabStore.append(last + 1, 9, to: LabStore.open(path, seed: 9))
      try LabStore.requireSound(path)
    }
  }
}
