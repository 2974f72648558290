// Backups, restores, repairs and compaction: what comes out is the same store, and what cannot be
// had is said.

import Base
import Foundation
import GraphWorkload
import Store
import TestSupport
import Testing

@testable import Graph

@Suite struct CopyTests {
  private func request(_ number: UInt64) -> TransactionRequest {
    Fixture.request(number, [.createNode(labels: ["Z"], key: nil, properties: [])])
  }

  /// A store with a seeded history and an object per ten transactions.
  private func graph(_ folder: String, seed: UInt64 = 5, count: Int = 60) throws -> Graph {
    let graph = try Graph.create(at: folder, schema: nil, surroundings: Fixture.surroundings())
    var workload = Workload(seed: seed)
    for number in 1...count { try grow(graph, UInt64(number), &workload) }
    return graph
  }

  private func grow(_ graph: Graph, _ number: UInt64, _ workload: inout Workload) throws {
    let operations = number == 1 ? Workload.indexes : workload.next()
    if number == 1 { workload.pass() }
    _ = try graph.append(Fixture.request(number, operations))
    guard number % 10 == 0 else { return }
    // A row, or a file.
    let padding = number % 20 == 0 ? ObjectRows.largestBytes : 0
    let bytes = Array("object \(number)".utf8) + [UInt8](repeating: 0x20, count: padding)
    _ = try graph.store.objects.put(bytes)
  }

  /// Every row of every table, objects, and the root of the log.
  private func contents(_ store: Store) throws -> [String] {
    var rows: [String] = []
    try store.read { reading in
      for table in Table.allCases {
        var cursor = try reading.cursor(table)
        while try cursor.next() {
          rows.append("\(table) \(cursor.key.hexadecimal) \(cursor.value.hexadecimal)")
        }
      }
    }
    return rows + (try store.objects.all()).map(\.hex)
  }

  private func open(_ folder: String) throws -> Graph {
    try Graph.open(at: folder, surroundings: Fixture.surroundings())
  }

  @Test func aBackupIsTheStoreAndGrowsWithIt() throws {
    let folder = try TemporaryFolder()
    let (source, target) = (folder.path + "-source", folder.path + "-target")
    defer { for path in [source, target] { try? FileManager.default.removeItem(atPath: path) } }
    let graph = try Graph.create(at: source, schema: nil, surroundings: Fixture.surroundings())
    var workload = Workload(seed: 9)
    var copied = 0
    for number in 1...60 as ClosedRange<UInt64> {
      try grow(graph, number, &workload)
      guard number % 20 == 0 else { continue }
      let outcome = try graph.backUp(to: target)
      #expect(outcome.before == (number == 20 ? 0 : number - 20))
      #expect(outcome.last == number)
      copied += outcome.objects.copied
      let backup = try open(target)
      #expect(try contents(backup.store) == contents(graph.store))
      #expect(try backup.verify().faults == [])
    }
    #expect(copied == 6)
    let again = try graph.backUp(to: target)
    #expect(again.before == 60 && again.last == 60 && again.objects.copied == 0)
  }

  @Test func aBackupIsOfOneStoreOnly() throws {
    let folder = try TemporaryFolder()
    let paths = (0..<3).map { folder.path + "-\($0)" }
    defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
    let graph = try graph(paths[0], count: 8)
    _ = try graph.backUp(to: paths[1])
    // The backup goes its own way.
    for number in 101...103 as ClosedRange<UInt64> {
      _ = try open(paths[1]).append(request(number))
    }
    let newer = #expect(throws: StemmaError.self) { try graph.backUp(to: paths[1]) }
    #expect(newer?.message.contains("newer state") == true)
    for number in 201...204 as ClosedRange<UInt64> {
      _ = try graph.append(request(number))
    }
    let forked = #expect(throws: StemmaError.self) { try graph.backUp(to: paths[1]) }
    #expect(forked?.message.contains("another history") == true)
    let other = try Graph.create(
      at: paths[2], schema: nil, surroundings: Fixture.surroundings(seed: 3))
    let foreign = #expect(throws: StemmaError.self) { try other.backUp(to: paths[1]) }
    #expect(foreign?.message.contains("another store") == true)
  }

  @Test func aRedactionReachesTheBackupTheNextTime() throws {
    let folder = try TemporaryFolder()
    let (source, target) = (folder.path + "-source", folder.path + "-target")
    defer { for path in [source, target] { try? FileManager.default.removeItem(atPath: path) } }
    let words = "what nobody is to read any more, ever"
    func holds(_ path: String) throws -> Bool {
      try Data(contentsOf: URL(fileURLWithPath: path + "/data.mdb")).range(of: Data(words.utf8))
        != nil
    }
    do {
      let graph = try graph(source, count: 12)
      _ = try graph.append(
        Fixture.request(
          300,
          [
            .createNode(
              labels: ["A"], key: "N1", properties: [Property("note", .string(Text(words)))])
          ]))
      _ = try graph.backUp(to: target)
    }
    #expect(try holds(target))
    _ = try Graph.withhold(
      "note", ofNode: "N1", at: source, actor: "test", reason: "a request",
      surroundings: Fixture.surroundings(seed: 8))
    // What an upgrade kept has it too.
    let kept = target + "/" + (try #require(try Graph.upgrade(at: target, always: true)))
    let refused = #expect(throws: StemmaError.self) { try open(source).backUp(to: target) }
    #expect(refused?.code == .writeRejected)
    #expect(refused?.message.contains(kept) == true)
    try FileManager.default.removeItem(atPath: kept)
    for _ in 0..<2 {
      let graph = try open(source)
      _ = try graph.append(request(400 + graph.lastTransaction().rawValue))
      _ = try graph.backUp(to: target)
      #expect(try !holds(source) && !holds(target))
      #expect(try open(target).verify().faults == [])
      #expect(try contents(open(target).store) == contents(graph.store))
    }
    _ = try Graph.restore(
      from: target, to: target + "-2", upTo: TransactionNumber(13),
      surroundings: Fixture.surroundings())
    defer { try? FileManager.default.removeItem(atPath: target + "-2") }
    #expect(try open(target + "-2").verify().faults == [])
    #expect(try !holds(target + "-2"))
  }

  @Test func restoringGivesTheStoreBackWholeOrAsItWas() throws {
    let folder = try TemporaryFolder()
    let paths = (0..<4).map { folder.path + "-\($0)" }
    defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
    let graph = try graph(paths[0])
    _ = try graph.backUp(to: paths[1])
    _ = try Graph.restore(
      from: paths[1], to: paths[2], surroundings: Fixture.surroundings())
    #expect(try contents(open(paths[2]).store) == contents(graph.store))
    let taken = #expect(throws: StemmaError.self) {
      try Graph.restore(from: paths[1], to: paths[2], surroundings: Fixture.surroundings())
    }
    #expect(taken?.code == .storeExists)
    let outcome = try Graph.restore(
      from: paths[1], to: paths[3], upTo: TransactionNumber(33),
      surroundings: Fixture.surroundings())
    #expect(outcome.last == 33)
    let then = try open(paths[3])
    #expect(try then.verify().faults == [])
    #expect(try then.lastTransaction().rawValue == 33)
  }

  /// One byte of each page in turn is wrong: what can be repaired is what it was.
  @Test func everythingButTheLogIsRebuilt() throws {
    let folder = try TemporaryFolder()
    let (source, target) = (folder.path + "-source", folder.path + "-target")
    defer { for path in [source, target] { try? FileManager.default.removeItem(atPath: path) } }
    var whole: [String] = []
    try { whole = try contents(graph(source, count: 30).store) }()
    let file = URL(fileURLWithPath: source + "/data.mdb")
    let bytes = try Data(contentsOf: file)
    var repaired = 0
    var refused = 0
    for page in 2..<bytes.count / 4096 where page % 2 == 0 {
      var damaged = bytes
      damaged[page * 4096 + 16] ^= 0xFF
      try damaged.write(to: file)
      guard try !LMDBFileCheck.check(storeAt: source).isSound else { continue }
      do {
        let outcome = try Graph.rebuild(from: source, into: target)
        #expect(outcome.loss == nil)
        #expect(try contents(open(target).store) == whole, "page \(page)")
        repaired += 1
      } catch let error as StemmaError {
        #expect(error.code == .storeDamaged)
        #expect(!Store.isStore(at: target))
        let partial = try Graph.rebuild(from: source, into: target, allowsLoss: true)
        #expect(partial.loss != nil || partial.lostObjects != nil)
        #expect(try open(target).verify().faults == [])
        refused += 1
      }
      try FileManager.default.removeItem(atPath: target)
      #expect(try Data(contentsOf: file) == damaged)
    }
    #expect(repaired > 3)
    #expect(refused > 0)
  }

  @Test func compactionKeepsEverythingAndGivesSpaceBack() throws {
    let folder = try TemporaryFolder()
    let source = folder.path + "-source"
    defer { try? FileManager.default.removeItem(atPath: source) }
    var before: [String] = []
    try {
      let graph = try graph(source)
      before = try contents(graph.store)
      let busy = #expect(throws: StemmaError.self) { try Store.compact(at: source) }
      #expect(busy?.code == .storeBusy)
    }()
    for _ in 0..<2 {
      let sizes = try Store.compact(at: source)
      #expect(sizes.after <= sizes.before)
      #expect(try LMDBFileCheck.check(storeAt: source).freePages == 0)
      let graph = try open(source)
      #expect(try contents(graph.store) == before)
      #expect(try graph.verify().faults == [])
      let last = try graph.lastTransaction().rawValue
      _ = try graph.append(request(last + 500))
      #expect(try graph.verify().faults == [])
      before = try contents(graph.store)
    }
  }

  @Test func anUpgradeKeepsTheOldFile() throws {
    let folder = try TemporaryFolder()
    let source = folder.path + "-source"
    defer { try? FileManager.default.removeItem(atPath: source) }
    var before: [String] = []
    try { before = try contents(self.graph(source, count: 20).store) }()
    #expect(try Graph.upgrade(at: source) == nil)
    let old = try Data(contentsOf: URL(fileURLWithPath: source + "/data.mdb"))
    let kept = try #require(try Graph.upgrade(at: source, always: true))
    #expect(try Data(contentsOf: URL(fileURLWithPath: source + "/" + kept)) == old)
    let graph = try open(source)
    #expect(try contents(graph.store) == before)
    _ = try graph.append(request(700))
    #expect(try graph.verify().faults == [])
    #expect(throws: StemmaError.self) { try Graph.upgrade(at: source, always: true) }
  }

  @Test func aRebuildOnDiskComparesEverything() throws {
    let folder = try TemporaryFolder()
    let source = folder.path + "-source"
    defer { try? FileManager.default.removeItem(atPath: source) }
    let graph = try graph(source, count: 25)
    let report = try Graph.verify(
      at: source, depth: .rebuild, surroundings: Fixture.surroundings())
    let inMemory = try graph.verify()
    #expect(report.faults == [] && report.transactions == 25)
    #expect(report.merkleRoot == inMemory.merkleRoot)
    #expect(report.entriesCompared == inMemory.entriesCompared)
    try graph.store.write { try $0.put(.statistics, [0, 0, 0, 0, 0], [9, 0, 0, 0, 0, 0, 0, 0]) }
    let wrong = try Graph.verify(
      at: source, depth: .rebuild, surroundings: Fixture.surroundings())
    #expect(wrong.faults.map(\.table) == ["statistics"])
    #expect(!FileManager.default.fileExists(atPath: source + "/rebuilding"))
  }

  @Test func usageCountsEveryPage() throws {
    let folder = try TemporaryFolder()
    let graph = try graph(folder.path)
    let usage = try graph.store.usage()
    let check = try LMDBFileCheck.check(storeAt: folder.path)
    #expect(usage.freeBytes == Int(check.freePages) * check.pageBytes)
    #expect(usage.fileBytes == Int(check.pages) * check.pageBytes)
    for table in usage.tables { #expect(UInt64(table.entries) == check.entries[table.name]) }
    #expect(usage.objects == 6)
    try graph.store.read { _ in
      let readers = try graph.store.usage().readers
      #expect(readers.contains { $0.process == Int(getpid()) && $0.commitsBehind == 0 })
    }
  }
}
