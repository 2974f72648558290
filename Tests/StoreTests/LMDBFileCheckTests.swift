// The check of the file without liblmdb: sound stores are sound, and no damage makes it trap, hang
// or lose itself.

import Base
import Foundation
import Store
import Synchronization
import Testing

@Suite struct LMDBFileCheckTests {
  /// A store with values of every size, rewritten and deleted, so that there are free pages.
  private func worn(_ rounds: Int, seed: UInt64) throws -> TestStore {
    let test = try TestStore(.disk)
    var random = SplitMix64(seed: seed)
    for _ in 0..<rounds {
      try test.store.write { transaction in
        for _ in 0..<60 {
          let number = random.next() % 400
          let table = Table.allCases[1 + Int(random.next() % 4)]
          if random.next() % 3 == 0 {
            try transaction.delete(table, key(number))
          } else {
            let size = random.next() % 10 == 0 ? 20_000 : Int(random.next() % 300)
            try transaction.put(table, key(number), [UInt8](repeating: 7, count: size))
          }
        }
      }
    }
    return test
  }

  @Test func soundStoresAreSound() throws {
    let fresh = try TestStore(.disk)
    #expect(try LMDBFileCheck.check(storeAt: fresh.folder).isSound)
    for seed in 1...4 as ClosedRange<UInt64> {
      let test = try worn(Int(seed) * 10, seed: seed)
      let report = try LMDBFileCheck.check(storeAt: test.folder)
      #expect(report.faults == [])
      #expect(report.freePages > 0)
      #expect(report.reachablePages + report.freePages == report.pages)
      let counted = try test.store.read { reading in try reading.count(.symbols) }
      #expect(report.entries["symbols"] == UInt64(counted))
    }
  }

  @Test func aFileThatIsBeingWrittenIsSoundToo() throws {
    let test = try worn(5, seed: 9)
    let writer = try Probe("write", test.folder, "40", "0", "clean")
    for _ in 0..<10 { #expect(try LMDBFileCheck.check(storeAt: test.folder).faults == []) }
    _ = writer.finish()
  }

  /// Commits may come between the reading of one meta page and that of the other: then the two do
  /// not follow each other, and nothing is damaged.
  @Test func commitsWhileTheMetaPagesAreReadAreNoDamage() throws {
    let test = try worn(1, seed: 3)
    let folder = test.folder + "/copy"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: test.folder + "/data.mdb", toPath: folder + "/data.mdb")
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: folder + "/data.mdb"))
    let descriptor = file.fileDescriptor
    // In mdb.c a meta page has its transaction 144 bytes from its start.
    let places: [off_t] = [144, 4096 + 144]
    var last = UInt64(0)
    for place in places {
      var number = UInt64(0)
      let count = withUnsafeMutableBytes(of: &number) {
        pread(descriptor, $0.baseAddress, 8, place)
      }
      #expect(count == 8)
      last = max(last, UInt64(littleEndian: number))
    }
    let first = last
    let isDone = AtomicFlag()
    let writer = Thread {
      // Bursts of commits of which nothing remains but their numbers, and pauses of many lengths.
      var random = SplitMix64(seed: 1)
      var number = first
      while !isDone.isSet {
        for _ in 0..<3 {
          number += 1
          _ = withUnsafeBytes(of: number.littleEndian) {
            pwrite(descriptor, $0.baseAddress, 8, places[Int(number % 2)])
          }
        }
        for _ in 0..<random.next() % 20_000 { if isDone.isSet { break } }
      }
    }
    writer.start()
    defer {
      isDone.set()
      while !writer.isFinished { usleep(100) }
    }
    var looks = 0
    for _ in 0..<2_000 {
      do {
        #expect(try LMDBFileCheck.check(storeAt: folder).faults == [])
        looks += 1
      } catch let error as StemmaError where error.code == .storeBusy {}
    }
    #expect(looks > 0)
  }

  @Test func otherFilesHaveFaultsOrAreRefused() throws {
    let test = try TestStore(.memory)
    try FileManager.default.createDirectory(
      atPath: test.folder, withIntermediateDirectories: true)
    let file = URL(fileURLWithPath: test.folder + "/data.mdb")
    for bytes in [Data(), Data([1, 2, 3]), Data(repeating: 0xFF, count: 50_000)] {
      try bytes.write(to: file)
      #expect(try !LMDBFileCheck.check(storeAt: test.folder).isSound)
    }
    try FileManager.default.removeItem(at: file)
    #expect(throws: StemmaError.self) { try LMDBFileCheck.check(storeAt: test.folder) }
  }

  @Test func aStoreWhoseListOfTablesIsDamagedIsNotOpened() throws {
    var test: TestStore? = try worn(2, seed: 5)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: test!.folder + "/data.mdb"))
    test = nil
    let folder = NSTemporaryDirectory() + "stemma-damaged-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // The root of the list of tables, in both metas, leads far away.
    for page in 0...1 { bytes[page * 4096 + 40 + 48 + 40 + 4] = 0x7F }
    try bytes.write(to: URL(fileURLWithPath: folder + "/data.mdb"))
    let error = #expect(throws: StemmaError.self) { try Store.open(at: folder) }
    #expect(error?.code == .storeDamaged)
    #expect(try !LMDBFileCheck.check(storeAt: folder).isSound)
  }

  /// A process that read behind the end of a mapped file would be killed.
  @Test func aFileThatWasCutShortIsNotOpened() throws {
    let source = try worn(6, seed: 12)
    let whole = try Data(contentsOf: URL(fileURLWithPath: source.folder + "/data.mdb"))
    let folder = NSTemporaryDirectory() + "stemma-cut-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var refused = 0
    for pages in 1..<whole.count / 4096 {
      try whole.prefix(pages * 4096).write(to: URL(fileURLWithPath: folder + "/data.mdb"))
      do {
        let store = try Store.open(at: folder, options: StoreOptions(isReadOnly: true))
        // Only free pages are missing: everything can be read.
        try store.read { reading in
          for table in Table.allCases {
            var cursor = try reading.cursor(table)
            while try cursor.next() { _ = [UInt8](copying: cursor.value) }
          }
        }
      } catch let error as StemmaError {
        #expect(error.code == .storeDamaged)
        refused += 1
      }
    }
    #expect(refused > whole.count / 4096 / 2)
  }

  /// A number that pages carry is changed in each page in turn.
  @Test func everyPageThatLeadsSomewhereIsLookedAt() throws {
    let source = try worn(4, seed: 8)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: source.folder + "/data.mdb"))
    let report = try LMDBFileCheck.check(storeAt: source.folder)
    let test = try TestStore(.memory)
    try FileManager.default.createDirectory(
      atPath: test.folder, withIntermediateDirectories: true)
    var noticed = 0
    for page in 2..<bytes.count / 4096 {
      bytes[page * 4096 + 10] ^= 0xFF
      try bytes.write(to: URL(fileURLWithPath: test.folder + "/data.mdb"))
      if try !LMDBFileCheck.check(storeAt: test.folder).isSound { noticed += 1 }
      bytes[page * 4096 + 10] ^= 0xFF
    }
    // All but the free pages and the later pages of long values.
    #expect(noticed > 20)
    #expect(noticed <= Int(report.reachablePages))
  }

  /// Bytes are changed everywhere, most of all where numbers lead somewhere.
  @Test func damageNeverTrapsAndWhatLeadsSomewhereIsNoticed() throws {
    let source = try worn(6, seed: 3)
    let whole = try Data(contentsOf: URL(fileURLWithPath: source.folder + "/data.mdb"))
    let test = try TestStore(.memory)
    try FileManager.default.createDirectory(
      atPath: test.folder, withIntermediateDirectories: true)
    let file = URL(fileURLWithPath: test.folder + "/data.mdb")
    var random = SplitMix64(seed: 4)
    var noticed = 0
    for round in 0..<200 {
      var bytes = whole
      let page = Int(random.next() % 1_000_000)
      let offset = round % 2 == 0 ? Int(random.next() % 64) : Int(random.next() % 4096)
      let place = (page % (whole.count / 4096)) * 4096 + offset
      bytes[place] = UInt8(truncatingIfNeeded: random.next())
      if round % 16 == 0 { bytes = bytes.prefix(place) }
      try bytes.write(to: file)
      if try !LMDBFileCheck.check(storeAt: test.folder).isSound { noticed += 1 }
    }
    #expect(noticed > 15)
  }
}

/// Told by one thread to another.
private final class AtomicFlag: Sendable {
  private let value = Atomic<Bool>(false)
  var isSet: Bool { value.load(ordering: .relaxed) }
  func set() { value.store(true, ordering: .relaxed) }
}
