// Statements about the log are kept, found, replayed, and name what AS OF may name.

import Base
import Testing

@testable import Graph

@Suite(.bothEngines) struct TrailTests {
  @Test func entriesAreFoundByKindAndName() throws {
    let fixture = try Fixture()
    try fixture.append(1, [.createNode(labels: ["A"], key: nil, properties: [])])
    let first = TrailEntry(
      .checkpoint, about: TransactionNumber(1), name: "v1", content: [1, 2, 3])
    try fixture.append(2, [.trail(first)])
    let second = TrailEntry(
      .checkpoint, about: TransactionNumber(2), name: "", content: [4])
    let line = TrailEntry(.cosignature, about: TransactionNumber(1), name: "w", content: [5])
    try fixture.append(3, [.trail(second), .trail(line)])
    try fixture.graph.read { view in
      let (checkpoints, lines) = (try view.trail(.checkpoint), try view.trail(.cosignature))
      #expect(checkpoints.map(\.entry) == [first, second])
      #expect(lines.map(\.transaction.rawValue) == [3])
      let last = try view.lastTrailEntry(.checkpoint)
      #expect(last?.entry == second)
      let none = try view.lastTrailEntry(.timestamp)
      #expect(none?.entry == nil)
      let names = (try view.checkpoint(named: "v1"), try view.checkpoint(named: "v2"))
      #expect(names.0 == TransactionNumber(1) && names.1 == nil)
    }
    try fixture.graph.read(at: TransactionNumber(2)) { view in
      let last = try view.lastTrailEntry(.checkpoint)
      #expect(last?.entry == first)
      let lines = try view.trail(.cosignature)
      #expect(lines.isEmpty)
    }
    #expect(try fixture.graph.verify().faults.isEmpty)
  }

  @Test func namesAreGivenOnceAndTheFutureIsRefused() throws {
    let fixture = try Fixture()
    try fixture.append(1, [.createNode(labels: ["A"], key: nil, properties: [])])
    let entry = TrailEntry(.checkpoint, about: TransactionNumber(1), name: "v1", content: [])
    try fixture.append(2, [.trail(entry)])
    #expect(throws: StemmaError.self) { try fixture.append(3, [.trail(entry)]) }
    let future = TrailEntry(.checkpoint, about: TransactionNumber(9), name: "", content: [])
    #expect(throws: StemmaError.self) { try fixture.append(4, [.trail(future)]) }
    #expect(try fixture.graph.verify().faults.isEmpty)
  }

  @Test func aRecordReadsBackWithItsStatements() throws {
    let fixture = try Fixture()
    let properties = [Property("a", .integer(1))]
    try fixture.append(1, [.createNode(labels: ["A"], key: nil, properties: properties)])
    let entry = TrailEntry(.withheld, about: TransactionNumber(1), name: "why", content: [9, 9])
    try fixture.append(2, [.trail(entry)])
    let record = try #require(try fixture.graph.read { try $0.record(of: TransactionNumber(2)) })
    #expect(record.operations == [.trail(entry)])
    #expect(record.isAuthentic)
    var plain = CBORReader(record.plainBytes)
    try plain.array(of: 3)
    #expect(try plain.byteString() == record.headerBytes)
  }
}
