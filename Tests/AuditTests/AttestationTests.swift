// Attested or claimed: an eval counts as its runner's word only with a statement about itself that
// a runner's key in force signed. Both verifiers must say so.

import Base
import Foundation
import Graph
import Signing
import Stemma
import Testing

@testable import Audit

@Suite(.enabled(if: BundleCopy.python != nil)) struct AttestationTests {
  private let runner: SigningKey
  private let fixture: AuditFixture

  init() throws {
    fixture = try AuditFixture(records: 3)
    runner = try SigningKey(
      name: fixture.trail.origin + "/runner", seed: [UInt8](repeating: 8, count: 32))
    try fixture.trail.add(
      NoteKey(runner.publicKey), role: .runner, signers: [fixture.key], reason: "the runner",
      actor: "test")
  }

  /// Appends a run with an eval; `change` may cheat with the statement or the eval.
  private func append(
    value: Double = 0.5, by key: SigningKey? = nil,
    _ change: (inout EvalStatement, inout [Property]) -> Void = { _, _ in }
  ) throws {
    var statement = EvalStatement(
      log: fixture.trail.origin, run: "R1",
      subjects: [("answer", String(repeating: "a", count: 64))],
      inputs: [("code", String(repeating: "b", count: 64))],
      facts: [
        ("metric", .text("loss")), ("value", .float(value)), ("split", .text("validation")),
        ("status", .text("valid")),
      ])
    var properties = [
      Property("metric", .text("loss")), Property("value", .float(value)),
      Property("split", .text("validation")), Property("status", .text("valid")),
      Property("standing", .text("attested")),
    ]
    change(&statement, &properties)
    properties += [
      Property("statement", .text(statement.text)),
      Property("signature", .text(try statement.signature(by: key ?? runner))),
    ]
    try fixture.database.append(
      TransactionRequest(
        requestID: RequestID(high: 6, low: 1), actor: "test", reason: "an eval",
        operations: [
          .createNode(
            labels: ["Run"], key: nil,
            properties: [
              Property("kind", .text("train")), Property("status", .text("finished")),
              Property("seed", .integer(1)),
              Property("tree", .text(String(repeating: "b", count: 64))),
              Property("command", .text("./train")),
            ]),
          .createNode(labels: ["Eval"], key: nil, properties: properties),
          .createEdge(type: "EVALUATES", from: .new(1), to: .new(0), properties: []),
        ]))
    _ = try fixture.trail.makeCheckpoint(key: fixture.key, actor: "test")
  }

  /// What both verifiers find; they must agree.
  private func faults() throws -> (first: String, second: [String], attested: Int) {
    let copy = BundleCopy()
    _ = try fixture.trail.export(to: copy.path, key: fixture.key)
    let key = NoteKey(fixture.key.publicKey)
    let said = try copy.verify(["--key", key.text])
    let report = try copy.check(keys: [key])
    #expect((said.status == 0) == report.isSound, "\(said.output)\n\(report.faults)")
    let own = try fixture.trail.faults()
    #expect(own.isEmpty == report.isSound, "\(own)")
    return (said.output, report.faults, report.attested)
  }

  @Test func theRunnersWordCounts() throws {
    try append()
    let found = try faults()
    #expect(found.second == [])
    #expect(found.attested == 1)
  }

  @Test func aStrangersWordDoesNot() throws {
    let stranger = try SigningKey(
      name: runner.publicKey.name, seed: [UInt8](repeating: 9, count: 32))
    try append(by: stranger)
    let found = try faults()
    #expect(found.second.contains { $0.hasPrefix("E1: it is said to be attested") })
    #expect(found.first.contains("E1: it is said to be attested"))
  }

  @Test func theLogsOwnKeyIsNoRunner() throws {
    try append(by: fixture.key)
    #expect(try faults().second.contains { $0.contains("no trusted runner") })
  }

  @Test(arguments: ["value", "metric", "seed"])
  func otherFactsAreNoticed(name: String) throws {
    try append { _, properties in
      properties.removeAll { $0.name == Text(name) }
      properties.append(
        name == "metric"
          ? Property("metric", .text("accuracy"))
          : name == "seed" ? Property("seed", .integer(3)) : Property("value", .float(0.25)))
    }
    let found = try faults()
    #expect(found.second == ["E1: its runner attested other facts"])
    #expect(found.first.contains("E1: its runner attested other facts"))
  }

  @Test func anotherRunOrLogIsNoticed() throws {
    try append { statement, _ in statement.run = "R2" }
    #expect(try faults().second == ["E1: its runner attested other facts"])
  }

  @Test func withoutAStatementNothingIsAttested() throws {
    try append { _, properties in properties[4] = Property("standing", .text("claimed")) }
    #expect(try faults().second == [])
    try fixture.database.append(
      TransactionRequest(
        requestID: RequestID(high: 6, low: 2), actor: "agent", reason: "a forgery",
        operations: [
          .createNode(
            labels: ["Eval"], key: nil,
            properties: [
              Property("metric", .text("loss")), Property("value", .float(0)),
              Property("split", .text("validation")), Property("status", .text("valid")),
              Property("standing", .text("attested")),
            ])
        ]))
    _ = try fixture.trail.makeCheckpoint(key: fixture.key, actor: "test")
    #expect(try faults().second.contains { $0.hasPrefix("E2: it is said to be attested") })
  }

  // MARK: The rule on writing

  /// A store that refuses what is not attested, with the runner's key in it.
  private func guarded() throws -> (database: Database, origin: String) {
    let database = try Database.inMemory(
      surroundings: AuditFixture.surroundings(seed: 6), rule: AuditTrail.attestationRule)
    let trail = AuditTrail(database)
    try trail.add(
      NoteKey(fixture.key.publicKey), role: .log, signers: [fixture.key], reason: "first",
      actor: "test")
    try trail.add(
      NoteKey(runner.publicKey), role: .runner, signers: [fixture.key], reason: "the runner",
      actor: "test")
    return (database, trail.origin)
  }

  private func eval(
    _ value: Double, by key: SigningKey, origin: String, standing: Text = "attested"
  ) throws -> [Property] {
    let facts: [(name: Text, value: Value)] = [
      ("metric", .text("loss")), ("value", .float(value)), ("status", .text("valid")),
    ]
    let statement = EvalStatement(log: origin, run: "R1", subjects: [], inputs: [], facts: facts)
    return facts.map { Property($0.name, $0.value) } + [
      Property("standing", .string(standing)), Property("statement", .text(statement.text)),
      Property("signature", .text(try statement.signature(by: key))),
    ]
  }

  private func request(_ number: UInt64, _ properties: [Property]) -> TransactionRequest {
    TransactionRequest(
      requestID: RequestID(high: 9, low: number), actor: "agent", reason: "an eval",
      operations: [.createNode(labels: ["Eval"], key: nil, properties: properties)])
  }

  @Test func onlyARunnersWordIsWrittenAsAttested() throws {
    let (database, origin) = try guarded()
    try database.append(request(1, try eval(0.5, by: runner, origin: origin)))
    #expect(throws: StemmaError.self) {
      try database.append(request(2, try eval(0.5, by: fixture.key, origin: origin)))
    }
    #expect(throws: StemmaError.self) {
      try database.append(request(3, try eval(0.5, by: runner, origin: fixture.trail.origin)))
    }
    try database.append(
      request(4, try eval(0.25, by: fixture.key, origin: origin, standing: "claimed")))
    #expect(throws: StemmaError.self) {
      try database.append(request(5, [Property("standing", .text("attested"))]))
    }
    #expect(try AuditTrail(database).attestations().attested == 1)
    #expect(try AuditTrail(database).faults() == [])
  }

  @Test(arguments: [
    "CREATE (:Eval {metric: 'loss', value: 0.1, standing: 'attested'})",
    "CREATE (e:Eval) SET e.standing = 'attested'",
    "MATCH (e:Eval) SET e.value = 0.1",
    "MATCH (e:Eval) SET e += {seed: 7}",
    "MATCH (e:Eval) SET e.statement = 'mine'",
    "MATCH (e:Eval) REMOVE e.signature",
    "MATCH (e:Eval) SET e = {standing: 'attested', value: 0.5}",
  ])
  func cypherCannotForgeIt(query: String) throws {
    let (database, origin) = try guarded()
    try database.append(request(1, try eval(0.5, by: runner, origin: origin)))
    let before = try database.lastTransaction()
    let writing = QueryOptions(write: WriteProvenance(actor: "agent", reason: "a forgery"))
    let error = #expect(throws: StemmaError.self) {
      try database.query(query, options: writing)
    }
    #expect(error?.code == .writeRejected)
    #expect(error?.message.contains("attested") == true)
    #expect(try database.lastTransaction() == before)
    // What takes nothing from the runner's word, and giving it up, are nobody's forgery.
    _ = try database.query("MATCH (e:Eval) SET e.note = 'seen'", options: writing)
    _ = try database.query(
      "MATCH (e:Eval) SET e.standing = 'claimed', e.value = 0.1", options: writing)
    #expect(try database.lastTransaction().rawValue == before.rawValue + 2)
    #expect(try AuditTrail(database).faults() == [])
  }

  @Test func aRevokedRunnerNoLongerCounts() throws {
    try fixture.trail.revoke(
      NoteKey(runner.publicKey), role: .runner, signer: fixture.key, reason: "lost", actor: "test")
    try append()
    #expect(try faults().second.contains { $0.contains("no trusted runner") })
  }
}
