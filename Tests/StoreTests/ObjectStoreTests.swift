// Objects: by hash, kept once, checked when read, links refused.

import Base
import Foundation
import Store
import Testing

@Suite struct ObjectStoreTests {
  @Test(arguments: TestEngine.allCases)
  func anObjectComesBackAndIsKeptOnce(_ engine: TestEngine) throws {
    let test = try TestStore(engine)
    let objects = test.store.objects
    let bytes = Array("a tree\n".utf8)
    let digest = try objects.put(bytes)
    #expect(digest == SHA256.hash(bytes))
    #expect(try objects.put(bytes) == digest)
    #expect(try objects.get(digest) == bytes)
    #expect(try objects.byteCount(of: digest) == bytes.count)
    let empty = try objects.put([])
    #expect(try objects.get(empty) == [])
    #expect(try objects.all() == [digest, empty].sorted())
    #expect(try !objects.contains(SHA256.hash([1])))
    #expect(throws: StemmaError.self) { try objects.get(SHA256.hash([1])) }
  }

  @Test(arguments: TestEngine.allCases, [0, 5, 16 << 10, 700_001])
  func whatComesInPiecesIsStored(_ engine: TestEngine, count: Int) throws {
    let test = try TestStore(engine)
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    var left = bytes[...]
    let stored = try test.store.objects.put {
      defer { left = left.dropFirst(10_000) }
      return Array(left.prefix(10_000))
    }
    #expect(stored.digest == SHA256.hash(bytes))
    #expect(stored.byteCount == count)
    #expect(try test.store.objects.get(stored.digest) == bytes)
    var read: [UInt8] = []
    try test.store.objects.get(stored.digest) { read += $0 }
    #expect(read == bytes)
  }

  @Test func whatCannotBeReadToItsEndIsNotStored() throws {
    let test = try TestStore(.disk)
    var pieces = 0
    let error = #expect(throws: StemmaError.self) {
      try test.store.objects.put {
        pieces += 1
        if pieces == 40 { throw StemmaError(.fileUnreadable, "no more") }
        return [UInt8](repeating: 1, count: 1_000)
      }
    }
    #expect(error?.message == "no more")
    #expect(try test.store.objects.all() == [])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: test.folder + "/objects/incoming") == [])
  }

  @Test func aDamagedFileIsNoticedAfterItsLastPiece() throws {
    let test = try TestStore(.disk)
    let digest = try test.store.objects.put([UInt8](repeating: 1, count: 300_000))
    let path = "\(test.folder)/objects/\(digest.hex.prefix(2))/\(digest.hex.dropFirst(2))"
    chmod(path, 0o600)
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.seek(toOffset: 299_999)
    file.write(Data([2]))
    var count = 0
    let error = #expect(throws: StemmaError.self) {
      try test.store.objects.get(digest) { count += $0.count }
    }
    #expect(count == 300_000)
    #expect(error?.code == .storeDamaged)
  }

  @Test func smallOnesAreRowsAndLargeOnesFiles() throws {
    let test = try TestStore(.disk)
    let contents = [0, 1, 2_000, 5_000, ObjectRows.largestBytes, ObjectRows.largestBytes + 1].map {
      [UInt8](repeating: 7, count: $0)
    }
    let digests = try contents.map { try test.store.objects.put($0) }
    #expect(try test.store.read { try $0.count(.objects) } == 5)
    let names = try FileManager.default.subpathsOfDirectory(atPath: test.folder + "/objects")
    #expect(names.count { $0.utf8.count == 65 } == 1)
    for (digest, bytes) in zip(digests, contents) {
      #expect(try test.store.objects.get(digest) == bytes)
      #expect(try test.store.objects.byteCount(of: digest) == bytes.count)
    }
    #expect(try test.store.objects.all() == digests.sorted())
    try test.store.objects.remove(digests)
    #expect(try test.store.objects.all() == [])
  }

  @Test(arguments: TestEngine.allCases)
  func aTransactionBringsSmallOnesAlong(_ engine: TestEngine) throws {
    let test = try TestStore(engine)
    let contents = [[1], [UInt8](repeating: 2, count: 9_000)] as [[UInt8]]
    struct Refused: Error {}
    #expect(throws: Refused.self) {
      try test.store.write { transaction in
        try test.store.objects.put(all: contents, in: &transaction)
        throw Refused()
      }
    }
    #expect(try test.store.objects.all() == [])
    // By itself each would wait for the transaction for ever.
    #expect(throws: StemmaError.self) {
      try test.store.write { _ in try test.store.objects.put([1]) }
    }
    try test.store.write { try test.store.objects.put(all: contents, in: &$0) }
    #expect(try test.store.objects.all() == contents.map { SHA256.hash($0) }.sorted())
  }

  private func expectNoticedAndHealed(
    _ digest: Digest, _ bytes: [UInt8], _ objects: ObjectStore
  ) throws {
    let error = #expect(throws: StemmaError.self) { try objects.get(digest) }
    #expect(error?.code == .storeDamaged)
    #expect(try objects.damaged() == [digest.hex])
    try objects.put(bytes)
    #expect(try objects.damaged() == [])
    #expect(try objects.get(digest) == bytes)
  }

  @Test func aDamagedRowIsNoticedAndStoringItAgainHealsIt() throws {
    let test = try TestStore(.disk)
    let bytes = Array("the answer".utf8)
    let digest = try test.store.objects.put(bytes)
    try test.store.write { try $0.put(.objects, digest.bytes, Array("the answe".utf8)) }
    try expectNoticedAndHealed(digest, bytes, test.store.objects)
  }

  @Test func aDamagedFileIsNoticedAndStoringItAgainHealsIt() throws {
    let test = try TestStore(.disk)
    let bytes = [UInt8](repeating: 0x61, count: ObjectRows.largestBytes + 1)
    let digest = try test.store.objects.put(bytes)
    let hex = digest.hex
    let path = test.folder + "/objects/" + hex.prefix(2) + "/" + hex.dropFirst(2)
    try FileManager.default.removeItem(atPath: path)
    try Data("the answe".utf8).write(to: URL(fileURLWithPath: path))
    try expectNoticedAndHealed(digest, bytes, test.store.objects)
  }

  @Test func whatADeadProcessLeftIsRemovedAtOpening() throws {
    let test = try TestStore(.disk)
    try test.store.objects.put([UInt8](repeating: 1, count: ObjectRows.largestBytes + 1))
    let incoming = test.folder + "/objects/incoming"
    let left = incoming + "/999999999-1"
    let ours = incoming + "/\(getpid())-77"
    for path in [left, ours] { try Data([1]).write(to: URL(fileURLWithPath: path)) }
    _ = try Store.open(at: test.folder)
    #expect(!FileManager.default.fileExists(atPath: left))
    #expect(FileManager.default.fileExists(atPath: ours))
  }
}
