// Receipts: what they prove, and that nothing about them can be changed unnoticed.

import Base
import Signing
import Stemma
import Testing

@testable import Audit

@Suite struct ReceiptTests {
  private func receipt(_ subject: String, _ fixture: AuditFixture) throws -> Receipt {
    try fixture.trail.receipt(for: #require(ReceiptSubject(subject)), text: subject)
  }

  private func check(_ text: String, _ fixture: AuditFixture) throws -> ReceiptCheck {
    ReceiptCheck(try Receipt(parsing: text), keys: [NoteKey(fixture.key.publicKey)])
  }

  @Test func aNodeIsProvenWithAllItsVersions() throws {
    let fixture = try AuditFixture()
    _ = try fixture.trail.makeCheckpoint(key: fixture.key, actor: "test")
    let text = try receipt("F4", fixture).rendered
    let check = try check(text, fixture)
    #expect(check.faults.isEmpty)
    #expect(check.claims.contains("  statement = 'finding 3'"))
    #expect(check.claims.contains("  effect = 0.375"))
    #expect(check.claims.contains("  scope = 'all'"))
    #expect(check.claims.contains("  scope = 'some'"))
    #expect(try Receipt(parsing: text).rendered == text)
  }

  @Test func oneValueIsProvenAndTheOthersStayHidden() throws {
    let fixture = try AuditFixture()
    _ = try fixture.trail.makeCheckpoint(key: fixture.key, actor: "test")
    let check = try check(receipt("F2.effect", fixture).rendered, fixture)
    #expect(check.faults.isEmpty)
    #expect(check.claims.contains("  effect = 0.125"))
    #expect(check.claims.contains("  statement: content withheld"))
    #expect(!check.claims.contains { $0.contains("finding 1") })
  }

  @Test func anEdgeIsProven() throws {
    let fixture = try AuditFixture()
    _ = try fixture.trail.makeCheckpoint(key: fixture.key, actor: "test")
    let check = try check(receipt("edge 3", fixture).rendered, fixture)
    #expect(check.faults.isEmpty)
    #expect(check.claims.contains { $0.hasPrefix("edge 3, SUPPORTS from node 7 to node 6") })
  }

  @Test func whatIsNotThereIsNotProven() throws {
    let fixture = try AuditFixture(records: 3)
    #expect(throws: StemmaError.self) { try receipt("F1", fixture) }
    _ = try fixture.trail.makeCheckpoint(key: fixture.key, actor: "test")
    for subject in ["F99", "F1.nothing", "edge 999"] {
      #expect(throws: StemmaError.self) { try receipt(subject, fixture) }
    }
    for subject in ["", ".", "F1.", "edge x", ".value"] {
      #expect(ReceiptSubject(subject) == nil)
    }
  }

  @Test func anotherKeyProvesNothing() throws {
    let fixture = try AuditFixture(records: 3)
    _ = try fixture.trail.makeCheckpoint(key: fixture.key, actor: "test")
    let other = try SigningKey(name: fixture.trail.origin, seed: [UInt8](repeating: 1, count: 32))
    let parsed = try Receipt(parsing: receipt("F1", fixture).rendered)
    let check = ReceiptCheck(parsed, keys: [NoteKey(other.publicKey)])
    #expect(!check.holds)
    #expect(check.claims.isEmpty)
  }

  /// Every bit of the file, one after the other: it is refused, or what it proves is the same.
  @Test func noBitCanBeChanged() throws {
    let fixture = try AuditFixture(records: 5)
    _ = try fixture.trail.makeCheckpoint(key: fixture.key, actor: "test")
    let bytes = Array(try receipt("F4.scope", fixture).rendered.utf8)
    let honest = try check(String(decoding: bytes, as: UTF8.self), fixture)
    #expect(honest.holds)
    var survivors: [Int] = []
    for position in bytes.indices {
      for bit in stride(from: 0, to: 8, by: position.isMultiple(of: 7) ? 1 : 3) {
        var changed = bytes
        changed[position] ^= 1 << UInt8(bit)
        guard let text = String(validating: changed, as: UTF8.self),
          let check = try? check(text, fixture)
        else { continue }
        if check.holds, check.claims != honest.claims { survivors.append(position) }
      }
    }
    #expect(survivors.isEmpty)
  }
}
