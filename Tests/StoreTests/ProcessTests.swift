// Several processes, and several openings in one.

import Base
import Foundation
import Store
import StoreWorkload
import Testing

@Suite struct ProcessTests {
  @Test func othersReadWhileOneWrites() throws {
    let test = try TestStore(.disk)
    let readers = try (0..<2).map { _ in try Probe("read", test.folder, "150") }
    for number in 1...60 as ClosedRange<UInt64> {
      try StoreWorkload.append(number, to: test.store)
    }
    for reader in readers {
      let run = reader.finish()
      #expect(run.succeeded)
      #expect(run.lines.last?.hasPrefix("ok ") == true, "\(run.lines)")
    }
  }

  @Test func twoProcessesWriteInTurn() throws {
    let test = try TestStore(.disk)
    let other = try Probe("write", test.folder, "1", "0", "clean")
    _ = other.finish()
    let last = try StoreWorkload.last(test.store)
    try StoreWorkload.append(last + 1, to: test.store)
    #expect(try StoreWorkload.checkWithObjects(test.store) == 2)
  }

  @Test func manyProcessesWriteAtTheSameTimeOneAfterTheOther() throws {
    let test = try TestStore(.disk)
    let others = try (0..<3).map { _ in try Probe("contend", test.folder, "20") }
    for _ in 0..<20 { try StoreWorkload.appendNext(to: test.store) }
    for other in others { #expect(other.finish().succeeded) }
    #expect(try StoreWorkload.checkWithObjects(test.store) == 80)
    #expect(try LMDBFileCheck.check(storeAt: test.folder).faults == [])
  }

  @Test func readersDoNotWaitForAWriter() throws {
    let test = try TestStore(.disk)
    try StoreWorkload.append(1, to: test.store)
    try test.store.write { transaction in
      try transaction.put(.nodes, key(1), [1])
      // The writer's turn is ours until the other process has read and ended.
      let run = try Probe("read", test.folder, "3").finish()
      #expect(run.succeeded && run.lines.last == "ok 1", "\(run.lines)")
      let here = try Store.open(at: test.folder, options: StoreOptions(isReadOnly: true))
      #expect(try StoreWorkload.last(here) == 1)
      #expect(try here.value(.nodes, key(1)) == nil)
    }
    #expect(try test.store.value(.nodes, key(1)) == [1])
  }

  @Test func aWriterThatDiesInItsTurnGivesItBack() throws {
    let test = try TestStore(.disk)
    var deaths = 0
    for boundary in 1...14 {
      let last = try StoreWorkload.last(test.store)
      let run = try Probe("write", test.folder, "1", "\(boundary)", "torn").finish()
      if !run.succeeded { deaths += 1 }
      let now = try StoreWorkload.checkWithObjects(test.store)
      #expect(now == last || now == last + 1)
      try StoreWorkload.append(now + 1, to: test.store)
    }
    #expect(deaths > 5)
    #expect(try LMDBFileCheck.check(storeAt: test.folder).faults == [])
  }

  @Test func theSlotOfAKilledReaderIsCleared() throws {
    let test = try TestStore(.disk)
    let holder = try Probe("hold", test.folder)
    #expect(holder.waitForFirstWord().hasPrefix("holding"))
    #expect(try test.store.clearDeadReaders() == 0)
    holder.kill()
    #expect(try test.store.clearDeadReaders() == 1)
  }

  @Test func openingTwiceSharesOneFile() throws {
    let test = try TestStore(.disk)
    var second: Store? = try Store.open(at: test.folder + "/.")
    try second?.write { try $0.put(.nodes, key(1), [1]) }
    #expect(try test.store.value(.nodes, key(1)) == [1])
    second = nil
    try test.store.write { try $0.put(.nodes, key(2), [2]) }
    #expect(try test.store.value(.nodes, key(2)) == [2])
  }

  @Test func aReaderOfAWritingProcessCannotWrite() throws {
    let test = try TestStore(.disk)
    let reader = try Store.open(at: test.folder, options: StoreOptions(isReadOnly: true))
    let error = #expect(throws: StemmaError.self) {
      try reader.write { try $0.put(.nodes, key(1), [1]) }
    }
    #expect(error?.code == .storeReadOnly)
  }

  @Test func theMapGrowsUnderOthers() throws {
    var small = StoreOptions()
    small.mapBytes = 256 * 1024
    let test = try TestStore(.disk, options: small)
    // The other process reserves more, and writes beyond what we have mapped.
    #expect(try Probe("write", test.folder, "60", "0", "clean").finish().succeeded)
    #expect(try StoreWorkload.checkWithObjects(test.store) == 60)
    try StoreWorkload.append(61, to: test.store)
    #expect(try StoreWorkload.checkWithObjects(test.store) == 61)
  }
}
