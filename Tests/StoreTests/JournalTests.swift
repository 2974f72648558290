// Commits that are in the journal: what their writer leaves when it ends without closing, who puts
// it in order, how processes take turns, and what failing calls do. Kills and losses of power at
// every call are in CrashLab.

import Base
import Foundation
import Store
import StoreWorkload
import TestSupport
import Testing

@Suite struct JournalTests {
  /// A store that a process has left without closing it, with `count` transactions.
  private func left(_ count: Int) throws -> TestFolder {
    let folder = TestFolder()
    let run = try Probe("leave", folder.path, "\(count)").finish()
    try #require(run.succeeded && run.lines.contains("ack \(count)"), "\(run.lines)")
    return folder
  }

  @Test(arguments: [1, 3, 4, 34, 35, 36, 70])
  func theNextPutsItInOrder(_ count: Int) throws {
    let folder = try left(count)
    let store = try Store.open(at: folder.path, options: StoreOptions(isReadOnly: true))
    #expect(try StoreWorkload.checkWithObjects(store) == UInt64(count))
    #expect(try LMDBFileCheck.check(storeAt: folder.path).faults == [])
  }

  @Test func whoeverReadsMeanwhileHasSeenItInOrder() throws {
    let folder = try left(2)
    let holder = try Probe("hold", folder.path)
    #expect(holder.waitForFirstWord().hasPrefix("holding"))
    _ = try Probe("leave", folder.path, "10").finish()
    // Nothing is gone back to while somebody has the store open; the next writer ends it.
    var store: Store? = try Store.open(at: folder.path)
    #expect(try StoreWorkload.check(store!) == 12)
    try StoreWorkload.append(13, to: store!)
    store = nil
    holder.kill()
    #expect(try StoreWorkload.checkWithObjects(Store.open(at: folder.path)) == 13)
  }

  @Test func processesTakeTurns() throws {
    let folder = try left(1)
    let store = try Store.open(at: folder.path)
    for round in 0..<4 as Range<UInt64> {
      for _ in 0..<5 { try StoreWorkload.appendNext(to: store) }
      let way = round % 2 == 0 ? "leave" : "contend"
      #expect(try Probe(way, folder.path, "7").finish().succeeded)
      #expect(try StoreWorkload.check(store) == 1 + (round + 1) * 12)
    }
    #expect(try LMDBFileCheck.check(storeAt: folder.path).faults == [])
  }

  @Test func largeCommitsBetweenSmallOnes() throws {
    let folder = TestFolder()
    let store = try StoreWorkload.openOrCreate(folder.path)
    for number in 1...20 as ClosedRange<UInt64> {
      try StoreWorkload.append(number, to: store)
      if number % 4 == 0 {
        let large = [UInt8](repeating: UInt8(number), count: 200_000)
        try store.write { try $0.put(.chunks, key(number), large) }
      }
    }
    _ = try Probe("leave", folder.path, "5").finish()
    #expect(try StoreWorkload.checkWithObjects(store) == 25)
    #expect(try store.value(.chunks, key(8))?.count == 200_000)
  }

  @Test func otherTablesAreRefused() throws {
    let folder = try left(20)
    let other = try left(90)
    _ = try Store.open(at: other.path)
    let tables = folder.path + "/data.mdb"
    try FileManager.default.removeItem(atPath: tables)
    try FileManager.default.copyItem(atPath: other.path + "/data.mdb", toPath: tables)
    let before = try Data(contentsOf: URL(fileURLWithPath: tables))
    let error = #expect(throws: StemmaError.self) { try Store.open(at: folder.path) }
    #expect(error?.code == .storeDamaged && error?.message.contains("journal") == true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: tables)) == before)
    try FileManager.default.removeItem(atPath: folder.path + "/journal")
    #expect(try StoreWorkload.check(Store.open(at: folder.path)) == 90)
  }

  /// A store that is made beside the journal of another would take it for its own.
  @Test func aJournalWithoutTablesIsWhatIsLeftOfAStore() throws {
    let folder = try left(5)
    for name in ["data.mdb", "lock.mdb", "objects"] {
      try FileManager.default.removeItem(atPath: folder.path + "/" + name)
    }
    let header = FormatHeader(uuid: Array(0..<16), writer: "tests")
    let error = #expect(throws: StemmaError.self) {
      try Store.create(at: folder.path, header: header) { store in
        for number in 1...6 as ClosedRange<UInt64> {
          try store.write { try $0.put(.log, key(number), key(number)) }
        }
      }
    }
    #expect(error?.code == .storeDamaged && error?.message.contains("no data.mdb") == true)
    #expect(throws: try #require(error)) { try Store.open(at: folder.path) }
  }

  /// What a rewriting is to forget stands in journals too, under whatever name they were left.
  @Test(arguments: ["/journal", "/creating/journal", "/rewriting/creating/journal"])
  func whatIsRewrittenIsInNoJournal(_ name: String) throws {
    let (folder, outside) = (try left(5), TestFolder())
    let files = FileManager.default
    let (journal, other) = (folder.path + name, outside.path + "/journal")
    for path in [(journal as NSString).deletingLastPathComponent, outside.path] {
      try files.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    if name != "/journal" { try files.copyItem(atPath: folder.path + "/journal", toPath: journal) }
    try files.linkItem(atPath: journal, toPath: other)
    func records() throws -> Data {
      try Data(contentsOf: URL(fileURLWithPath: other)).dropFirst(8192)
    }
    #expect(try !records().allSatisfy { $0 == 0 })
    try Store.rewrite(at: folder.path) { old, made in
      _ = try Store.create(at: made, header: old.header)
      return []
    }
    #expect(try records().allSatisfy { $0 == 0 })
    #expect(!files.fileExists(atPath: journal))
    #expect(try Store.open(at: folder.path).read { try $0.count(.log) } == 0)
  }

  /// What the tables have was in the journal: it does not pass for its end where it is damaged.
  @Test func aDamagedRecordIsNoticed() throws {
    let folder = try left(10)
    let journal = folder.path + "/journal"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: journal))
    let area = 532_480
    #expect(bytes[area + 32] == UInt8(ascii: "S"))
    bytes[area + 3 * 4096 + 520] ^= 1
    try bytes.write(to: URL(fileURLWithPath: journal))
    let error = #expect(throws: StemmaError.self) { try Store.open(at: folder.path) }
    #expect(error?.code == .storeDamaged && error?.message.contains("lacks") == true)
    try FileManager.default.removeItem(atPath: journal)
    #expect(try StoreWorkload.check(Store.open(at: folder.path)) == 10)
  }

  @Test(.enabled(if: SmallDisk.isAvailable))
  func whereItCannotBePutInOrderItIsNotRead() throws {
    let disk = try SmallDisk(kilobytes: 4096)
    defer { disk.remove() }
    let folder = try left(10)
    let path = disk.folder.path + "/store"
    try FileManager.default.copyItem(atPath: folder.path, toPath: path)
    try disk.makeReadOnly()
    let readOnly = StoreOptions(isReadOnly: true)
    let error = #expect(throws: StemmaError.self) { try Store.open(at: path, options: readOnly) }
    #expect(error?.code == .storeReadOnly && error?.message.contains("not closed") == true)
  }

  /// A second after the last commit there is nothing to be put in order: whoever may not write
  /// reads a copy.
  @Test(.enabled(if: SmallDisk.isAvailable))
  func itComesToRest() throws {
    let folder = TestFolder()
    let store = try StoreWorkload.openOrCreate(folder.path)
    for number in 1...9 as ClosedRange<UInt64> { try StoreWorkload.append(number, to: store) }
    var last: UInt64?
    for _ in 0..<40 where last == nil {
      usleep(500_000)
      let disk = try SmallDisk(kilobytes: 4096)
      defer { disk.remove() }
      let path = disk.folder.path + "/store"
      try FileManager.default.copyItem(atPath: folder.path, toPath: path)
      try disk.makeReadOnly()
      let copy = try? Store.open(at: path, options: StoreOptions(isReadOnly: true))
      last = try copy.map { try StoreWorkload.check($0) }
    }
    #expect(last == 9)
    try StoreWorkload.append(10, to: store)
    #expect(try StoreWorkload.checkWithObjects(store) == 10)
  }

  @Test(arguments: [EIO, ENOSPC])
  func aCallThatFailsLosesNothing(_ number: Int32) throws {
    var failures = 0
    for call in 1...45 {
      let folder = TestFolder()
      let run = try Probe("fail", folder.path, "9", "\(call)", "\(number)").finish()
      try #require(run.succeeded, "\(run.lines)")
      let acknowledged = run.lines.filter { $0.hasPrefix("ack") }.count
      if run.lines.contains("failed") { failures += 1 }
      let store = try Store.open(at: folder.path)
      let last = try StoreWorkload.checkWithObjects(store)
      // What was refused because of a sync that failed may be there or not.
      let most = run.lines.last == "failed" ? acknowledged + 1 : acknowledged
      #expect((acknowledged...most).contains(Int(last)), "call \(call): \(run.lines)")
      try StoreWorkload.append(last + 1, to: store)
      #expect(try StoreWorkload.checkWithObjects(store) == last + 1)
    }
    #expect(failures > 20)
  }
}

/// A place for a store, removed afterwards.
private final class TestFolder {
  let path = NSTemporaryDirectory() + "stemma-journal-\(UUID().uuidString)"
  deinit { try? FileManager.default.removeItem(atPath: path) }
}
