// Repairs of stores that were not closed, and of stores with damage in the tables that the log does
// not determine: everything that can be had is there, and what cannot is said.

import Base
import Foundation
import GraphWorkload
import Store
import TestSupport
import Testing

@testable import Graph

@Suite struct RepairTests {
  /// Folders that are removed with the test.
  private final class Places {
    private let folder = NSTemporaryDirectory() + "stemma-repair-\(UUID().uuidString)"
    init() throws {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: folder) }
    var source: String { folder + "/source" }
    var left: String { folder + "/left" }
    var target: String { folder + "/target" }
  }

  private func open(_ folder: String) throws -> Graph {
    try Graph.open(at: folder, surroundings: Fixture.surroundings())
  }

  private func append(_ number: UInt64, to graph: Graph) throws {
    _ = try graph.append(
      Fixture.request(number, [.createNode(labels: ["Z"], key: nil, properties: [])]))
  }

  /// The log and the objects that are rows.
  private func contents(_ folder: String) throws -> [String] {
    let graph = try open(folder)
    #expect(try graph.verify().faults == [])
    var rows: [String] = []
    try graph.store.read { reading in
      for table in [Table.log, .objects] {
        var cursor = try reading.cursor(table)
        while try cursor.next() {
          rows.append("\(cursor.key.hexadecimal) \(cursor.value.hexadecimal)")
        }
      }
    }
    return rows
  }

  private func read(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private func write(_ bytes: [UInt8], _ path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  private func object(_ number: Int, bytes count: Int = 300) -> [UInt8] {
    Array("content \(number) ".utf8) + [UInt8](repeating: UInt8(number % 250), count: count)
  }

  // MARK: The journal

  /// What a process leaves that is killed behind its twelfth transaction.
  private func killed(_ places: Places) throws -> [String] {
    let graph = try Graph.create(
      at: places.source, schema: nil, surroundings: Fixture.surroundings())
    for number in 1...12 as ClosedRange<UInt64> {
      if number == 8 { _ = try graph.store.objects.put(object(8)) }
      try append(number, to: graph)
    }
    try FileManager.default.createDirectory(
      atPath: places.left, withIntermediateDirectories: true)
    for name in ["/data.mdb", "/journal"] {
      try FileManager.default.copyItem(atPath: places.source + name, toPath: places.left + name)
    }
    withExtendedLifetime(graph) {}
    return try contents(places.source)
  }

  /// Where the first record of the open generation begins.
  private func generation(_ journal: [UInt8]) throws -> Int {
    try #require(
      [8192, 532_480].max { journal[$0 + 40] < journal[$1 + 40] }, "a journal has two areas")
  }

  private static let metaBytes = 152

  @Test(arguments: ["killed", "power", "newest", "both"])
  func repairingTakesWhatTheJournalHas(_ way: String) throws {
    let places = try Places()
    let whole = try killed(places)
    let file = places.left + "/data.mdb"
    var bytes = try read(file)
    let journal = try read(places.left + "/journal")
    let saved = try generation(journal) + 72
    func number(_ page: Int) -> UInt8 { bytes[page * 4096 + Self.metaBytes - 8] }
    for page in 0..<2 {
      let place = page * 4096..<page * 4096 + Self.metaBytes
      let start = saved + page * Self.metaBytes
      let isNewer = number(page) > number(1 - page)
      switch way {
      case "power": bytes.replaceSubrange(place, with: journal[start..<start + Self.metaBytes])
      case "newest" where isNewer, "both": bytes[place.lowerBound + 16] ^= 1
      default: break
      }
    }
    try write(bytes, file)
    if way == "power" {
      #expect(try LMDBRows.open(storeAt: places.left, at: .newest).count(of: .log) < 12)
    }
    let outcome = try Graph.rebuild(from: places.left, into: places.target)
    #expect(outcome.last == 12 && outcome.loss == nil && outcome.objects.copied == 1)
    #expect(try contents(places.target) == whole)
    #expect(try read(file) == bytes)
    #expect(try read(places.left + "/journal") == journal)
    #expect(try FileManager.default.contentsOfDirectory(atPath: places.left).count == 2)
  }

  @Test func aJournalThatLacksRecordsIsNotPassedOver() throws {
    let places = try Places()
    let whole = try killed(places)
    var journal = try read(places.left + "/journal")
    journal[try generation(journal) + 3 * 4096 + 520] ^= 1
    try write(journal, places.left + "/journal")
    let error = #expect(throws: StemmaError.self) {
      try Graph.rebuild(from: places.left, into: places.target)
    }
    #expect(error?.message.contains("journal") == true)
    let outcome = try Graph.rebuild(from: places.left, into: places.target, allowsLoss: true)
    #expect(outcome.loss?.contains("journal") == true && outcome.last == 12)
    #expect(try contents(places.target) == whole)
  }

  @Test func aMetaPageThatMayHaveBeenTheNewestIsTold() throws {
    for isNewest in [true, false] {
      let places = try Places()
      try {
        let graph = try Graph.create(
          at: places.source, schema: nil, surroundings: Fixture.surroundings())
        try append(1, to: graph)
        try append(2, to: graph)
      }()
      let file = places.source + "/data.mdb"
      var bytes = try read(file)
      let end = Self.metaBytes - 8
      let newest = bytes[end] > bytes[4096 + end] ? 0 : 4096
      bytes[(isNewest ? newest : 4096 - newest) + 16] ^= 1
      try write(bytes, file)
      let outcome = try Graph.rebuild(from: places.source, into: places.target)
      #expect((outcome.loss != nil) == isNewest)
      #expect(outcome.last == (isNewest ? 1 : 2))
    }
  }

  // MARK: Objects that are rows

  /// A closed store with objects that are rows.
  private func filled(_ places: Places, objects: Int = 60, bytes: Int = 300) throws -> [String] {
    try {
      let graph = try Graph.create(
        at: places.source, schema: nil, surroundings: Fixture.surroundings())
      for number in 1...4 as ClosedRange<UInt64> { try append(number, to: graph) }
      try graph.store.objects.put(all: (0..<objects).map { object($0, bytes: bytes) })
    }()
    return try contents(places.source)
  }

  private func replace(_ word: String, by other: String, in path: String) throws {
    var bytes = try read(path)
    let (from, to) = (Array(word.utf8), Array(other.utf8))
    var count = 0
    for start in 0..<bytes.count - from.count where bytes[start] == from[0] {
      guard bytes[start..<start + from.count].elementsEqual(from) else { continue }
      bytes.replaceSubrange(start..<start + from.count, with: to)
      count += 1
    }
    #expect(count > 0)
    try write(bytes, path)
  }

  @Test func aTableWhoseNameIsWrongIsFound() throws {
    let places = try Places()
    let whole = try filled(places)
    let file = places.source + "/data.mdb"
    try replace("objects", by: "objectr", in: file)
    let outcome = try Graph.rebuild(from: places.source, into: places.target)
    #expect(outcome.objects.copied == 60)
    #expect(try contents(places.target) == whole)
    try FileManager.default.removeItem(atPath: places.target)

    // Which of two is meant cannot be known; the contents are not passed over in silence.
    try replace("merkle", by: "mergle", in: file)
    let error = #expect(throws: StemmaError.self) {
      try Graph.rebuild(from: places.source, into: places.target)
    }
    #expect(error?.code == .storeDamaged && error?.message.contains("objects") == true)
    let partial = try Graph.rebuild(from: places.source, into: places.target, allowsLoss: true)
    #expect(partial.last == 4 && partial.loss == nil)
    #expect(partial.lostObjects?.contains("no table objects") == true)
  }

  /// Bits of what pages say of themselves, which nothing needs; the hashes tell what is right.
  @Test func pagesWithAWrongHeaderAreRead() throws {
    let places = try Places()
    let whole = try filled(places, objects: 12, bytes: 5000)
    let file = places.source + "/data.mdb"
    let sound = try read(file)
    var damaged = 0
    for page in 2..<sound.count / 4096 {
      var bytes = sound
      bytes[page * 4096 + 10] ^= 0x10
      try write(bytes, file)
      guard try !LMDBFileCheck.check(storeAt: places.source).isSound else { continue }
      damaged += 1
      let outcome = try Graph.rebuild(from: places.source, into: places.target)
      #expect(outcome.objects.copied == 12 && outcome.objects.damaged == [], "page \(page)")
      #expect(try contents(places.target) == whole, "page \(page)")
      try FileManager.default.removeItem(atPath: places.target)
    }
    #expect(damaged > 12)
  }

  @Test func whatLiesBehindABrokenPageIsKept() throws {
    let places = try Places()
    let whole = try filled(places)
    let file = places.source + "/data.mdb"
    let sound = try read(file)
    let word = Array("content ".utf8)
    var refused = 0
    for page in 2..<sound.count / 4096 where sound[page * 4096 + 10] == 2 {
      let place = page * 4096..<(page + 1) * 4096
      guard Data(sound[place]).range(of: Data(word)) != nil else { continue }
      var bytes = sound
      bytes[place.lowerBound + 12] ^= 1
      try write(bytes, file)
      do {
        _ = try Graph.rebuild(from: places.source, into: places.target)
      } catch let error as StemmaError where error.message.hasPrefix("not all objects") {
        refused += 1
        let partial = try Graph.rebuild(from: places.source, into: places.target, allowsLoss: true)
        #expect(partial.last == 4 && partial.loss == nil)
        let (kept, lost) = (partial.objects.copied, 60 - partial.objects.copied)
        #expect((1..<20).contains(lost), "page \(page): \(kept) kept")
        #expect(partial.lostObjects?.hasPrefix("\(lost) of the objects") == true)
        #expect(try contents(places.target).count == whole.count - lost)
      } catch let error as StemmaError {
        // Other pages may have old bytes in their gaps.
        #expect(error.code == .storeDamaged)
        continue
      }
      try FileManager.default.removeItem(atPath: places.target)
    }
    #expect(refused > 3)
  }

  @Test func anObjectThatIsRowAndFileIsOne() throws {
    let places = try Places()
    _ = try filled(places, objects: 3)
    let folder = places.source + "/objects/"
    for number in 0..<2 {
      let name = SHA256.hash(object(number)).hex
      try FileManager.default.createDirectory(
        atPath: folder + name.prefix(2), withIntermediateDirectories: true)
      try write(object(number), folder + name.prefix(2) + "/" + name.dropFirst(2))
    }
    try {
      let digest = SHA256.hash(object(1))
      try open(places.source).store.write { try $0.put(.objects, digest.bytes, [1, 2, 3]) }
    }()
    let outcome = try Graph.rebuild(from: places.source, into: places.target)
    #expect(outcome.objects.copied == 3 && outcome.objects.damaged == [])
    let objects = try open(places.target).store.objects
    for number in 0..<3 {
      #expect(try objects.get(SHA256.hash(object(number))) == object(number))
    }
  }

  @Test func aNewerFormatIsRefused() throws {
    let places = try Places()
    _ = try filled(places, objects: 1)
    try {
      let store = try open(places.source).store
      var header = store.header
      header.format = FormatHeader.newestFormat + 1
      try store.write { try $0.put(.meta, FormatHeader.key, header.bytes) }
    }()
    for allowsLoss in [false, true] {
      let error = #expect(throws: StemmaError.self) {
        try Graph.rebuild(from: places.source, into: places.target, allowsLoss: allowsLoss)
      }
      #expect(error?.code == .storeNewer)
      #expect(!FileManager.default.fileExists(atPath: places.target))
    }
  }

  // MARK: Backups

  @Test func aBackupTakesNoRottenRowsAndMendsItsOwn() throws {
    let places = try Places()
    _ = try filled(places, objects: 3)
    let digests = (0..<3).map { SHA256.hash(object($0)) }
    let graph = try open(places.source)
    try graph.store.write { try $0.put(.objects, digests[0].bytes, [1, 2, 3]) }
    let first = try graph.backUp(to: places.target)
    #expect(first.objects.damaged == [digests[0].hex] && first.objects.copied == 2)
    #expect(try open(places.target).verify().faults == [])

    try graph.store.write { try $0.put(.objects, digests[0].bytes, object(0)) }
    try {
      let backup = try open(places.target).store
      try backup.write { try $0.put(.objects, digests[1].bytes, [4, 5, 6]) }
    }()
    let second = try graph.backUp(to: places.target)
    #expect(second.objects.damaged == [] && second.objects.copied == 2)
    #expect(try contents(places.target) == contents(places.source))
  }

  @Test func aBackupLeavesWhatRunsUnderWayUse() throws {
    let places = try Places()
    _ = try filled(places, objects: 1)
    for name in ["resume", "calls", "stamps", "work", "vault"] {
      try FileManager.default.createDirectory(
        atPath: places.source + "/" + name, withIntermediateDirectories: true)
      try write([1, 2, 3], places.source + "/" + name + "/file")
    }
    // More than is held in memory at once.
    let seed = (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0 * $0 >> 8) }
    try write(seed, places.source + "/vault/seed")
    _ = try open(places.source).backUp(to: places.target)
    let found = try FileManager.default.contentsOfDirectory(atPath: places.target)
    #expect(Set(found).subtracting(["data.mdb", "lock.mdb", "journal"]) == ["vault"])
    #expect(try read(places.target + "/vault/seed") == seed)
  }

  @Test func aBackupIsOutsideOfItsStoreAndOneAtATime() throws {
    let places = try Places()
    _ = try filled(places, objects: 1)
    let graph = try open(places.source)
    try FileManager.default.createSymbolicLink(
      atPath: places.left, withDestinationPath: places.source)
    let before = try FileManager.default.contentsOfDirectory(atPath: places.source).sorted()
    for target in [
      places.source, places.source + "/", places.source + "/sub", places.left,
      places.left + "/sub",
    ] {
      for copy in [
        { _ = try graph.backUp(to: target) },
        { _ = try Graph.rebuild(from: places.source, into: target) },
      ] {
        let error = #expect(throws: StemmaError.self) { try copy() }
        #expect(error?.code == .argumentInvalid, "\(target): \(error?.message ?? "")")
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: places.source).sorted() == before)
    var turn: CopyTurn? = try Store.takeCopyTurn(into: places.target, from: places.source)
    let busy = #expect(throws: StemmaError.self) { try graph.backUp(to: places.target) }
    #expect(busy?.code == .storeBusy)
    withExtendedLifetime(turn) {}
    turn = nil
    #expect(try graph.backUp(to: places.target).last == 4)
  }
}
