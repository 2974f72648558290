// The index: what it finds against a naive search, and that it survives whatever happens to its
// file.

import Base
import Foundation
import Glibc
import Graph
import Stemma
import Synchronization
import TestSupport
import Testing

@testable import Recall

@Suite struct RecallIndexTests {
  /// The nearest by parameters are those that a search of all would find.
  @Test(arguments: [UInt64(1), 2, 3])
  func theGridFindsTheNearest(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let file = try SideFile(path: ":memory:")
    try file.execute(ParameterGrid.schema)
    var writer = ParameterGrid.Writer()
    var all: [(node: NodeID, parameters: ParameterSet)] = []
    for number in 0..<9_000 {
      func draw(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
      var text = [
        "rate=\(pow(10, Double(draw(400)) / 100 - 5))", "layers=\(1 + draw(64))",
        "kind=\(["adam", "sgd", "lion"][draw(3)])", "shift=\(draw(5) - 2)",
      ]
      if draw(4) == 0 { text.append("decay=\(Double(draw(100)) / 100)") }
      let set = ParameterSet(assignments: text.map { Text($0) })
      let node = NodeID(UInt64(number * 3))
      all.append((node, set))
      try writer.add(node, set, to: file)
      // Blocks that are written half full are gone on with.
      if number % 1_700 == 0 { try writer.flush(to: file) }
    }
    try writer.flush(to: file)
    for limit in [UInt64(27_000), 13_000] {
      let question = all[4_000].parameters
      let found = try GridScan(question: question, limit: limit, count: 200).nodes(file)
      let wanted = all.filter { $0.node.rawValue < limit }.map { entry in
        (question.distance(to: entry.parameters)?.mean ?? 1, entry.node)
      }.sorted { ($0.0, $1.1) < ($1.0, $0.1) }.prefix(40)
      #expect(found.count == 200 && Set(found).isSuperset(of: wanted.map(\.1)))
      #expect(found.allSatisfy { $0.rawValue < limit })
    }
  }

  @Test func distances() throws {
    func set(_ texts: String...) -> ParameterSet {
      ParameterSet(assignments: texts.map { Text($0) })
    }
    let one = set("a=1", "b=x")
    #expect(one.distance(to: one)?.mean == 0)
    #expect(one.distance(to: set("a=10", "b=x"))?.mean == 0.5)
    #expect(one.distance(to: set("a=-1", "b=y", "c=0"))?.mean == 1)
    #expect(one.distance(to: set("a=1"))?.differences.map(\.name) == ["b"])
    #expect(set().distance(to: set()) == nil)
    #expect(set("n=4").distance(to: set("n=5"))?.isSlight == false)
    #expect(set("n=400").distance(to: set("n=410"))?.isSlight == true)
    #expect(set("n=0.1").distance(to: set("n=0.105"))?.isSlight == true)
    let nothing = set("a", "=", "=1", "b=")
    #expect(nothing.entries.count == 2)
  }

  @Test func words() {
    #expect(
      WordSplitter.terms(in: "The Losses of 2 layers, 0.75 dropout; LAYER Größe")
        == ["losse", "layer", "0.75", "dropout", "größe"])
    #expect(WordSplitter.terms(in: String(repeating: "x ", count: 9)).isEmpty)
  }

  @Test func patchesThatDoTheSameAreAlike() {
    func shape(_ text: String) -> PatchShape { PatchShape(difference: Array(text.utf8)) }
    let one = shape("--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-rate = 1\n+rate = 2\n same\n")
    let moved = shape("--- a/y\n+++ b/y\n@@ -9,2 +9,2 @@\n-  rate = 1\n+  rate  = 2\n other\n")
    #expect(one.likeness(to: moved) == 1 && one.hashes.count == 2)
    #expect(one.likeness(to: shape("+rate = 1\n-rate = 2\n")) == 0)
    #expect(PatchShape(packed: one.packed) == one)
  }

  @Test func damageIsMended() throws {
    let folder = try RecallFixture.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let database = try RecallFixture.empty(at: folder)
    var random = SplitMix64(seed: 3)
    let keys = try RecallFixture.grow(database, by: 30, &random)
    let request = BriefRequest(.proposal(keys[9].string))
    let path = try #require(RecallIndex.path(ofStoreAt: folder + "/store"))
    let told = try RecallIndex(database: database).brief(request).text
    for damage in 0..<4 {
      var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      switch damage {
      case 0: bytes = Data()
      case 1: bytes = Data("not a database at all, but long enough to be read".utf8)
      case 2: bytes = bytes.prefix(bytes.count / 2)
      default: bytes.replaceSubrange(40_000..<90_000, with: Data(repeating: 0xAA, count: 50_000))
      }
      RecallIndex.forget(storeAt: folder + "/store")
      try bytes.write(to: URL(fileURLWithPath: path))
      #expect(try RecallIndex(database: database).brief(request).text == told, "damage \(damage)")
    }
  }

  @Test func manyAskAtOnce() throws {
    let folder = try RecallFixture.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let database = try RecallFixture.empty(at: folder)
    var random = SplitMix64(seed: 8)
    let keys = try RecallFixture.grow(database, by: 40, &random)
    let index = RecallIndex(database: database)
    let snapshot = SnapshotTime.transaction(try database.lastTransaction())
    DispatchQueue.concurrentPerform(iterations: 16) { number in
      let asked = number % 2 == 0 ? index : RecallIndex(database: database)
      let text = try? asked.brief(
        BriefRequest(.proposal(keys[7].string), asOf: snapshot)
      ).text
      let other = try? index.brief(
        BriefRequest(.proposal(keys[7].string), asOf: snapshot)
      ).text
      #expect(text != nil && text == other)
    }
  }

  /// Who asks first makes the file, and whoever asks at the same moment waits for that.
  @Test func firstQuestionsComeTogether() throws {
    let folder = try RecallFixture.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let database = try RecallFixture.empty(at: folder)
    var random = SplitMix64(seed: 8)
    try RecallFixture.grow(database, by: 3, &random)
    let faults = Mutex<[String]>([])
    for _ in 0..<40 {
      RecallIndex.forget(storeAt: folder + "/store")
      let threads = DispatchGroup()
      for _ in 0..<12 {
        threads.enter()
        Thread.detachNewThread {
          do { try RecallIndex(database: database).catchUp() } catch {
            faults.withLock { $0.append("\(error)") }
          }
          threads.leave()
        }
      }
      threads.wait()
    }
    #expect(faults.withLock { $0 } == [])
  }

  @Test func whatIsWithheldIsGone() throws {
    let folder = try RecallFixture.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var database: Database? = try RecallFixture.empty(at: folder)
    var random = SplitMix64(seed: 8)
    try RecallFixture.grow(try #require(database), by: 10, &random)
    let secret = try #require(database).append(
      TransactionRequest(
        requestID: RequestID(high: 2, low: 2), actor: "test", reason: "a secret",
        operations: [
          .createNode(
            labels: ["Proposal"], key: nil,
            properties: [
              Property("kind", .text("patch")), Property("title", .text("zanzibarsecret")),
              Property("hypothesis", .text("none")), Property("status", .text("failed")),
              Property("changeHash", .text("h")), Property("tree", .text("t")),
            ])
        ]))
    let key = try #require(secret.keys[0])
    try RecallIndex(database: try #require(database)).catchUp()
    database = nil
    let path = try #require(RecallIndex.path(ofStoreAt: folder + "/store"))
    func holdsSecret() throws -> Bool {
      try ["", "-wal"].contains { ending in
        guard FileManager.default.fileExists(atPath: path + ending) else { return false }
        return try Data(contentsOf: URL(fileURLWithPath: path + ending))
          .range(of: Data("zanzibar".utf8)) != nil
      }
    }
    #expect(try holdsSecret())
    _ = try Database.redact(
      "title", ofNode: key, at: folder + "/store", actor: "test",
      reason: "a test",
      // Not the number that made the store: a request that was seen before changes nothing.
      surroundings: Surroundings(now: RecallFixture.surroundings.now, random: { 99 }))
    let reopened = try Database.open(
      at: folder + "/store", surroundings: RecallFixture.surroundings)
    try RecallIndex(database: reopened).catchUp()
    #expect(try !holdsSecret())
  }

  @Test func proceduresReadAtTheQuerysSnapshot() throws {
    let procedures = RecallProcedures()
    let database = try Database.inMemory(
      Database.Creation(schemaText: nil), surroundings: RecallFixture.surroundings,
      procedures: procedures.all)
    procedures.attach(database)
    var random = SplitMix64(seed: 8)
    for _ in 0..<2 {
      for operation in 0..<3 {
        _ = try database.append(
          TransactionRequest(
            requestID: RequestID(high: random.next(), low: 1), actor: "t", reason: "t",
            operations: [
              .createNode(
                labels: ["Proposal"], key: Text("P\(random.next() % 1_000_000)"),
                properties: [Property("title", .text("same words \(operation)"))])
            ]))
      }
    }
    let key = try database.query("MATCH (p:Proposal) RETURN p.key LIMIT 1").rows[0][0]
    func count(_ prefix: String) throws -> Value {
      try database.query(
        prefix + "CALL stemma.triedBefore($key, 10) YIELD proposal RETURN count(*)",
        parameters: ["key": key]
      ).rows[0][0]
    }
    #expect(try count("") == .integer(5))
    #expect(try count("AS OF 3 ") == .integer(2))
    let told = try database.query(
      "CALL stemma.brief($key, 800) YIELD text, tokens RETURN text, tokens",
      parameters: ["key": key])
    #expect(told.rows.count == 1)
  }
}
