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
