// Full maps, full disks, newer formats, other people's files, media that cannot be written: one
// clear error each, and nothing lost.

import Base
import Foundation
import Store
import StoreWorkload
import TestSupport
import Testing

@Suite struct FailureTests {
  @Test func aFullMapLosesNothing() throws {
    var options = StoreOptions()
    options.mapBytes = 512 * 1024
    let test = try TestStore(.disk, options: options)
    var last: UInt64 = 0
    let error = #expect(throws: StemmaError.self) {
      while true {
        try StoreWorkload.append(last + 1, to: test.store)
        last += 1
      }
    }
    #expect(error?.code == .storeFull)
    #expect(last > 5)
    #expect(try StoreWorkload.check(test.store) == last)
  }

  @Test func aFullMapInMemoryLosesNothing() throws {
    let test = try TestStore(.memory)
    test.store.inject(FaultPlan(byteLimit: 20_000))
    var last: UInt64 = 0
    let error = #expect(throws: StemmaError.self) {
      while true {
        try StoreWorkload.append(last + 1, to: test.store)
        last += 1
      }
    }
    #expect(error?.code == .storeFull)
    #expect(try StoreWorkload.check(test.store) == last)
    test.store.inject(FaultPlan())
    try StoreWorkload.append(last + 1, to: test.store)
    #expect(try StoreWorkload.check(test.store) == last + 1)
  }

  @Test func everyFailedWriteOfATransactionLeavesTheOldState() throws {
    let test = try TestStore(.memory)
    try StoreWorkload.append(1, to: test.store)
    for failing in 1...5 {
      test.store.inject(FaultPlan(failingWrite: failing))
      #expect(throws: StemmaError.self) { try StoreWorkload.append(2, to: test.store) }
      #expect(try StoreWorkload.check(test.store) == 1)
    }
    test.store.inject(FaultPlan(failsCommit: true))
    let error = #expect(throws: StemmaError.self) { try StoreWorkload.append(2, to: test.store) }
    #expect(error?.code == .storeFull)
    test.store.inject(FaultPlan())
    try StoreWorkload.append(2, to: test.store)
    #expect(try StoreWorkload.check(test.store) == 2)
  }

  @Test(.enabled(if: SmallDisk.isAvailable))
  func aFullDiskLosesNothing() throws {
    let disk = try SmallDisk(kilobytes: 512)
    defer { disk.remove() }
    let path = disk.folder.path + "/store"
    var last: UInt64 = 0
    var store: Store? = try StoreWorkload.openOrCreate(path)
    let error = #expect(throws: StemmaError.self) {
      while true {
        try StoreWorkload.append(last + 1, to: store!)
        last += 1
      }
    }
    #expect(error?.code == .storeFull)
    #expect(last > 5)
    #expect(try StoreWorkload.checkWithObjects(store!) == last)
    store = nil
    let again = try Store.open(at: path)
    #expect(try StoreWorkload.checkWithObjects(again) == last)
  }

  @Test(.enabled(if: SmallDisk.isAvailable))
  func mediaThatCannotBeWrittenAreRead() throws {
    let disk = try SmallDisk(kilobytes: 2048)
    defer { disk.remove() }
    let path = disk.folder.path + "/store"
    var store: Store? = try StoreWorkload.openOrCreate(path)
    try StoreWorkload.append(1, to: store!)
    store = nil
    try disk.makeReadOnly()
    let readOnly = StoreOptions(isReadOnly: true)
    store = try Store.open(at: path, options: readOnly)
    #expect(try StoreWorkload.checkWithObjects(store!) == 1)
    store = nil
    let error = #expect(throws: StemmaError.self) { try Store.open(at: path) }
    #expect(error?.code == .storeReadOnly)
  }

  @Test func aNewerFormatIsRefused() throws {
    let folder = NSTemporaryDirectory() + "stemma-newer-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var header = FormatHeader(uuid: Array(0..<16), writer: "the future")
    var store: Store? = try Store.create(at: folder, header: header)
    header.format = FormatHeader.newestFormat + 1
    try store?.write { try $0.put(.meta, FormatHeader.key, header.bytes) }
    store = nil
    let error = #expect(throws: StemmaError.self) { try Store.open(at: folder) }
    #expect(error?.code == .storeNewer)
  }

  @Test func noStoreAndOtherFilesAreRefused() throws {
    let folder = NSTemporaryDirectory() + "stemma-other-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(throws: StemmaError.self) { try Store.open(at: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let missing = #expect(throws: StemmaError.self) { try Store.open(at: folder) }
    #expect(missing?.code == .storeMissing)
    let junk = Data((0..<20_000).map { UInt8(truncatingIfNeeded: $0) })
    try junk.write(to: URL(fileURLWithPath: folder + "/data.mdb"))
    let other = #expect(throws: StemmaError.self) { try Store.open(at: folder) }
    #expect(other?.code == .storeDamaged)
    let header = FormatHeader(uuid: Array(0..<16), writer: "tests")
    let exists = #expect(throws: StemmaError.self) { try Store.create(at: folder, header: header) }
    #expect(exists?.code == .storeExists)
    #expect(throws: StemmaError.self) { try Store.open(at: "/dev/null") }
  }

  @Test func headersComeBackAndOthersAreRefused() throws {
    let header = FormatHeader(uuid: Array(16..<32), writer: "stemma 0.1")
    #expect(try FormatHeader(bytes: header.bytes) == header)
    #expect(throws: StoreError(.notAStore)) { try FormatHeader(bytes: Array(header.bytes[..<34])) }
    var random = SplitMix64(seed: 3)
    for _ in 0..<2000 {
      var bytes = header.bytes
      bytes[Int(random.next() % UInt64(bytes.count))] ^= UInt8(1 << (random.next() % 8))
      #expect(throws: StoreError.self) { try FormatHeader(bytes: bytes) }
    }
  }

  @Test func keysTooLongAreRefused() throws {
    for engine in TestEngine.allCases {
      let test = try TestStore(engine)
      for count in [0, 512] {
        #expect(throws: StemmaError.self) {
          try test.store.write { try $0.put(.nodes, [UInt8](repeating: 1, count: count), []) }
        }
      }
      try test.store.write { try $0.put(.nodes, [UInt8](repeating: 1, count: 511), []) }
    }
  }

  @Test func aWriteInsideAWriteIsRefused() throws {
    for engine in TestEngine.allCases {
      let test = try TestStore(engine)
      let error = #expect(throws: StemmaError.self) {
        try test.store.write { _ in try test.store.write { try $0.put(.nodes, [1], [1]) } }
      }
      #expect(error?.code == .storeBusy)
    }
  }

  @Test func networkFileSystemsAreKnownByTheirNumbers() {
    #expect(FileSystemKind.isNetwork(magic: 0x6969))
    #expect(FileSystemKind.isNetwork(magic: 0xFF53_4D42))
    #expect(!FileSystemKind.isNetwork(magic: 0xEF53))
    #expect(!FileSystemKind.isNetwork(NSTemporaryDirectory()))
    let error = StemmaError(StoreError(.networkFileSystem), path: "/mnt/lab")
    #expect(error.code == .storeInputOutput)
    #expect(error.message.contains("/mnt/lab lies on a network file system"))
    #expect(error.advice == "keep the store on a local disk")
  }
}
