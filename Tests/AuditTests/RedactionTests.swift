// Redaction: the value is gone from the file, the proofs hold, and the store is still a function of
// its log.

import Base
import Foundation
import Graph
import Signing
import Stemma
import Store
import Testing

@testable import Audit

@Suite struct RedactionTests {
  private let path = FileManager.default.temporaryDirectory
    .appendingPathComponent("stemma-redact-\(UUID().uuidString)").path

  private func redact(_ property: String, of key: String) throws -> RedactionReport {
    // Each is a request of its own, so the random numbers differ.
    let surroundings = AuditFixture.surroundings(seed: 99 + UInt64(property.utf8.count))
    return try Database.redact(
      Text(property), ofNode: Text(key), at: path, actor: "test", reason: "a request",
      surroundings: surroundings,
      erasing: { store, values in
        try values.compactMap { value in
          guard case .string(let text) = value, let digest = Digest(hex: text.string) else {
            return nil
          }
          return try store.holdsObject(digest) ? digest : nil
        }
      })
  }

  private func open() throws -> AuditTrail {
    AuditTrail(
      try Database.open(at: path, surroundings: AuditFixture.surroundings(seed: 100)))
  }

  /// Makes a store whose node F4 has `statement` from its creation and two versions of `scope`.
  private func make() throws -> (key: SigningKey, receipt: String, checkpoint: Checkpoint) {
    let fixture = try AuditFixture(records: 6, path: path)
    let note = try fixture.trail.makeCheckpoint(key: fixture.key, actor: "test")
    let receipt = try fixture.trail.receipt(for: #require(ReceiptSubject("F4")), text: "F4")
    return (fixture.key, receipt.rendered, try Checkpoint(text: note.text))
  }

  @Test func theValueIsGoneAndTheProofsHold() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let (key, receipt, checkpoint) = try make()
    let before = try Data(contentsOf: URL(fileURLWithPath: path + "/data.mdb"))
    #expect(before.range(of: Data("finding 3".utf8)) != nil)
    let report = try redact("statement", of: "F4")
    #expect(report.records.count == 1)
    let after = try Data(contentsOf: URL(fileURLWithPath: path + "/data.mdb"))
    #expect(after.range(of: Data("finding 3".utf8)) == nil)
    #expect(after.range(of: Data("finding 2".utf8)) != nil)

    let trail = try open()
    let rows = try trail.database.query("MATCH (f:Finding {key: 'F4'}) RETURN f.statement, f.scope")
    #expect(rows.rows == [[.null, .text("some")]])
    #expect(try trail.database.verify().faults == [])
    #expect(try trail.faults() == [])
    #expect(try trail.fault(in: checkpoint) == nil)

    // The old receipt holds; a new one says what is withheld.
    let keys = [NoteKey(key.publicKey)]
    #expect(ReceiptCheck(try Receipt(parsing: receipt), keys: keys).holds)
    let again = try trail.receipt(for: #require(ReceiptSubject("F4")), text: "F4")
    let check = ReceiptCheck(again, keys: keys)
    #expect(check.holds)
    #expect(check.claims.contains("  statement: content withheld"))
    #expect(check.claims.contains("  effect = 0.375"))
    #expect(!again.rendered.contains("finding 3"))
  }

  @Test func everyVersionGoesAndLaterChangesStillReplay() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let (key, _, _) = try make()
    #expect(try redact("scope", of: "F4").records.count == 2)
    _ = try redact("statement", of: "F4")
    do {
      let trail = try open()
      try trail.database.append(
        TransactionRequest(
          requestID: RequestID(high: 8, low: 8), actor: "test", reason: "after it",
          operations: [
            .setProperty(of: .node(.key("F4")), Property("effect", .float(9))),
            .setProperty(of: .node(.key("F4")), Property("scope", .text("again"))),
          ]))
      _ = try trail.makeCheckpoint(key: key, actor: "test")
      #expect(try trail.database.verify().faults == [])
      guard BundleCopy.python != nil else { return }
      let copy = BundleCopy()
      _ = try trail.export(to: copy.path, key: key)
      let said = try copy.verify(["--key", NoteKey(key.publicKey).text])
      #expect(said.status == 0, "\(said.output)")
      #expect(try copy.text("absent.json").contains("\"scope\"]"))
    }
    // A later redaction replays what was changed in between.
    _ = try redact("scope", of: "F4")
    #expect(try open().database.verify().faults == [])
  }

  /// Values in sealed columns: one in a dictionary, one that the column has from the log.
  @Test func sealedValuesAreGoneFromEveryFile() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let long = "needle: a statement that is longer than thirty-two bytes"
    do {
      let fixture = try AuditFixture(records: 1, path: path)
      try fixture.database.append(
        TransactionRequest(
          requestID: RequestID(high: 8, low: 3), actor: "test", reason: "many",
          operations: (0..<8_300).map { number in
            .createNode(
              labels: ["Finding"], key: nil,
              properties: [
                Property("statement", .text(number == 4_000 ? long : "finding number \(number)")),
                Property("scope", .text(number == 4_000 ? "needlework" : "all")),
              ])
          }))
    }
    #expect(try files(with: "needle") == ["data.mdb"])
    // One finding came before them.
    _ = try redact("statement", of: "F4002")
    #expect(try files(with: "needle:") == [])
    #expect(try files(with: "needlework") == ["data.mdb"])
    _ = try redact("scope", of: "F4002")
    #expect(try files(with: "needle") == [])
    let trail = try open()
    #expect(try trail.faults() == [])
    let rows = try trail.database.query(
      "MATCH (f:Finding {key: 'F4002'}) RETURN f.statement, f.scope")
    #expect(rows.rows == [[.null, .null]])
  }

  /// The files of the store that have some text in them.
  private func files(with text: String) throws -> [String] {
    let all = FileManager.default.enumerator(atPath: path)?.allObjects as? [String] ?? []
    return all.filter {
      let bytes = try? Data(contentsOf: URL(fileURLWithPath: path + "/" + $0))
      return bytes?.range(of: Data(text.utf8)) != nil
    }
  }

  @Test(arguments: [0, ObjectRows.largestBytes]) func contentsGoWhereAsked(_ size: Int) throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    do {
      let fixture = try AuditFixture(records: 2, path: path)
      let weights = "secret weights" + String(repeating: " ", count: size)
      let hash = try fixture.database.storeObject(Array(weights.utf8))
      try fixture.database.append(
        TransactionRequest(
          requestID: RequestID(high: 8, low: 1), actor: "test", reason: "x",
          operations: [
            .setProperty(of: .node(.key("F1")), Property("scope", .text(hash.hex)))
          ]))
    }
    #expect(try redact("scope", of: "F1").erasedContents == 1)
    #expect(try open().database.objectHashes().isEmpty)
    #expect(try files(with: "secret weights") == [])
  }

  /// Before anything is recorded, and with words on what to do.
  @Test func aDamagedContentStopsItBeforeItBegins() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    _ = try make()
    let hash = SHA256.hash(Array("what was here".utf8))
    try Store.open(at: path).write {
      try $0.put(.objects, hash.bytes, Array("what is here".utf8))
    }
    let before = try open().database.lastTransaction()
    for _ in 0..<2 {
      let error = #expect(throws: StemmaError.self) { try redact("scope", of: "F1") }
      #expect(error?.code == .storeDamaged)
      #expect(error?.advice?.contains("stemma repair") == true)
    }
    #expect(try open().database.lastTransaction() == before)
    let faults = try open().database.verify().faults
    #expect(faults.count == 1 && faults[0].hasPrefix("objects \(hash.hex)"), "\(faults)")
  }

  @Test func whatIsNotThereIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    _ = try make()
    for (key, name) in [("F99", "scope"), ("F1", "nothing"), ("F1", "metric")] {
      #expect(throws: StemmaError.self) { try redact(name, of: key) }
    }
    _ = try redact("scope", of: "F1")
    #expect(throws: StemmaError.self) { try redact("scope", of: "F1") }
    // Somebody has it open.
    let trail = try open()
    let last = try trail.database.lastTransaction()
    #expect(throws: StemmaError.self) { try redact("scope", of: "F2") }
    #expect(try trail.database.verify().faults == [])
    #expect(try trail.database.lastTransaction() == last)
  }
}
