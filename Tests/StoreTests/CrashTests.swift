// A process is killed at every call that writes, syncs or renames, whole and torn: what it had
// acknowledged is there, nothing is half there, and the next process goes on.

import Base
import Foundation
import Store
import StoreWorkload
import Testing

@Suite struct CrashTests {
  private static func folder() -> String {
    NSTemporaryDirectory() + "stemma-crash-\(UUID().uuidString)"
  }

  /// The last acknowledged transaction of a run.
  private func acknowledged(_ lines: [String]) -> UInt64 {
    lines.compactMap { line in
      line.hasPrefix("ack ") ? UInt64(line.dropFirst(4)) : nil
    }.max() ?? 0
  }

  @Test(arguments: ["clean", "torn"])
  func killedAtEveryWrite(_ kind: String) throws {
    var boundary = 1
    var deaths = 0
    while true {
      let folder = Self.folder()
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let run = try Probe("write", folder, "3", "\(boundary)", kind).finish()
      let acknowledged = acknowledged(run.lines)
      let store = try StoreWorkload.openOrCreate(folder)
      let last = try StoreWorkload.checkWithObjects(store)
      #expect(last == acknowledged || last == acknowledged + 1, "killed at \(boundary)")
      try StoreWorkload.append(last + 1, to: store)
      #expect(try StoreWorkload.checkWithObjects(store) == last + 1)
      if run.succeeded { break }
      deaths += 1
      boundary += 1
    }
    // Creation, and for each transaction an object (write, two syncs, rename) and a commit.
    #expect(deaths >= 3 * 7)
  }

  @Test func killedAgainAndAgainItGoesOn() throws {
    let folder = Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var random = SplitMix64(seed: 77)
    var last: UInt64 = 0
    for _ in 0..<15 {
      let boundary = Int(random.next() % 40) + 1
      let run = try Probe("write", folder, "8", "\(boundary)", "torn").finish()
      last = max(last, acknowledged(run.lines))
    }
    let store = try StoreWorkload.openOrCreate(folder)
    #expect(try StoreWorkload.checkWithObjects(store) >= last)
    #expect(last > 8)
  }
}
