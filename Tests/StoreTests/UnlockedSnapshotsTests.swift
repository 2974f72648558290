// What a reader may believe whom no writer knows of: a snapshot whose pages nobody can have used.

import Foundation
import StoreWorkload
import Testing

@testable import Store

@Suite struct UnlockedSnapshotsTests {
  @Test func onlyTheNewestTwoAreWhole() throws {
    let folder = NSTemporaryDirectory() + "stemma-unlocked-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try StoreWorkload.openOrCreate(folder)
    for number in 1...3 as ClosedRange<UInt64> { try StoreWorkload.append(number, to: store) }
    let newest = try #require(try store.read { $0.snapshotNumber })
    let snapshots = try UnlockedSnapshots(folder: folder)
    try snapshots.requireWhole(newest)
    try snapshots.requireWhole(newest - 1)
    #expect(throws: StoreError(.changedWhileRead)) { try snapshots.requireWhole(newest - 2) }
    // The tables went back to their last sync, and what came after it was carried out again.
    #expect(throws: StoreError(.changedWhileRead)) { try snapshots.requireWhole(newest + 1) }
  }
}
