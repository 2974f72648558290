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

  @Test func aRevokedRunnerNoLongerCounts() throws {
    try fixture.trail.revoke(
      NoteKey(runner.publicKey), role: .runner, signer: fixture.key, reason: "lost", actor: "test")
    try append()
    #expect(try faults().second.contains { $0.contains("no trusted runner") })
  }
}
