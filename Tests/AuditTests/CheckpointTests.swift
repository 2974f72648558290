// Checkpoints: their form, who may sign them, what they detect.

import Base
import Graph
import Signing
import Stemma
import Testing

@testable import Audit

@Suite struct CheckpointTests {
  /// The example of C2SP tlog-checkpoint.
  @Test func thePublishedCheckpointReads() throws {
    let text = """
      example.com/behind-the-sofa
      20852163
      CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

      """
    let checkpoint = try Checkpoint(text: text)
    #expect(checkpoint.origin == "example.com/behind-the-sofa")
    #expect(checkpoint.size == 20_852_163)
    #expect(checkpoint.text == text)
    #expect(try Checkpoint(text: text + "extension\n") == checkpoint)
    let root = text.split(separator: "\n")[2]
    for wrong in ["", "a\n1\n", "a\n01\n\(root)\n", text + "\n", "a\n-1\n\(root)\n"] {
      #expect(throws: StemmaError.self) { try Checkpoint(text: wrong) }
    }
  }

  @Test func aCheckpointIsKeptAndNamesASnapshot() throws {
    let fixture = try AuditFixture(records: 4)
    let note = try fixture.trail.makeCheckpoint(name: "v1", key: fixture.key, actor: "test")
    let size = try Checkpoint(text: note.text).size
    #expect(note.isSigned(byAnyOf: [NoteKey(fixture.key.publicKey)]))
    #expect(try fixture.trail.checkpoints().map(\.note) == [note])
    try fixture.database.append(
      TransactionRequest(
        requestID: RequestID(high: 9, low: 1), actor: "test", reason: "more",
        operations: [
          .createNode(
            labels: ["Finding"], key: nil, properties: [Property("statement", .text("late"))])
        ]))
    let query = "MATCH (f:Finding) RETURN count(*)"
    let now = try fixture.database.query(query)
    let then = try fixture.database.query("AS OF 'v1' " + query)
    #expect(now.rows == [[.integer(5)]])
    #expect(then.rows == [[.integer(4)]])
    #expect(then.snapshot.rawValue == size)
    #expect(try fixture.trail.faults().isEmpty)
    #expect(try fixture.database.verify().faults.isEmpty)
  }

  @Test func aCheckpointThatIsNoNoteIsDamage() throws {
    let fixture = try AuditFixture(records: 2)
    _ = try fixture.trail.makeCheckpoint(key: fixture.key, actor: "test")
    try fixture.trail.append(
      [TrailEntry(.checkpoint, about: TransactionNumber(3), name: "odd", content: [0x61])],
      actor: "test", reason: "no note")
    let last = try fixture.database.lastTransaction().rawValue
    let fault = "checkpoint of 3 records (record \(last)): it is no signed note"
    #expect(try fixture.trail.faults() == [fault])
    let error = #expect(throws: StemmaError.self) { try fixture.trail.checkpoints() }
    #expect(error?.code == .storeDamaged)
    #expect(error?.place == .record(table: "log", key: "\(last)"))
  }

  @Test func nothingNewGivesTheSameCheckpointAgain() throws {
    let fixture = try AuditFixture(records: 2)
    let first = try fixture.trail.makeCheckpoint(key: fixture.key, actor: "test")
    let second = try fixture.trail.makeCheckpoint(key: fixture.key, actor: "test")
    #expect(first == second)
    #expect(try fixture.trail.checkpoints().count == 1)
  }

  @Test func rollbackAndForkAreNoticed() throws {
    let fixture = try AuditFixture(records: 6)
    let kept = try fixture.trail.head()
    #expect(try fixture.trail.fault(in: kept) == nil)
    let shorter = try AuditFixture(records: 3)
    #expect(try shorter.trail.fault(in: kept)?.hasPrefix("rolled back") == true)
    var forged = try fixture.trail.head(atSize: 4)
    forged.root = kept.root
    #expect(try fixture.trail.fault(in: forged)?.hasPrefix("forked") == true)
    let other = try AuditFixture(seed: 6, records: 8)
    #expect(try other.trail.fault(in: kept)?.contains("is of the log") == true)
  }

  @Test func keysRotateAndOldOnesNoLongerCount() throws {
    let fixture = try AuditFixture(records: 2)
    let before = try fixture.trail.makeCheckpoint(key: fixture.key, actor: "test")
    let next = try SigningKey(name: fixture.trail.origin, seed: [UInt8](repeating: 4, count: 32))
    #expect(throws: StemmaError.self) {
      try fixture.trail.makeCheckpoint(name: "x", key: next, actor: "test")
    }
    let stranger = try SigningKey(name: "stranger", seed: [UInt8](repeating: 5, count: 32))
    #expect(throws: StemmaError.self) {
      try fixture.trail.add(
        NoteKey(stranger.publicKey), role: .log, signers: [stranger], reason: "me", actor: "x")
    }
    try fixture.trail.rotate(from: fixture.key, to: next, reason: "yearly", actor: "test")
    #expect(throws: StemmaError.self) {
      try fixture.trail.makeCheckpoint(name: "y", key: fixture.key, actor: "test")
    }
    let after = try fixture.trail.makeCheckpoint(key: next, actor: "test")
    let history = try fixture.trail.keys()
    #expect(history.faults.isEmpty)
    #expect(history.entries.map(\.key.keyHash).count == 2)
    #expect(history.trusted(from: [NoteKey(fixture.key.publicKey)]).count == 2)
    #expect(history.trusted(from: [NoteKey(stranger.publicKey)]).count == 1)
    let (old, new) = (try Checkpoint(text: before.text), try Checkpoint(text: after.text))
    let proof = try fixture.trail.consistencyProof(from: old.size, to: new.size)
    #expect(
      MerkleTree.verifyConsistency(
        from: old.size, old.root, to: new.size, new.root, proof: proof))
    #expect(try fixture.trail.faults().isEmpty)
  }

  @Test func witnessesSignaturesAreKept() throws {
    let fixture = try AuditFixture(records: 2)
    var note = try fixture.trail.makeCheckpoint(key: fixture.key, actor: "test")
    let witness = try SigningKey(name: "witness.example/w1", seed: [UInt8](repeating: 8, count: 32))
    try fixture.trail.add(
      NoteKey(cosigner: witness.publicKey), role: .witness, signers: [fixture.key],
      reason: "our witness", actor: "test")
    note.add(try witness.cosign(note.text, at: 1_800_000_000))
    note.add(NoteSignature(name: "somebody", keyHash: "01020304", bytes: [1, 2, 3]))
    #expect(try fixture.trail.keepCosignatures(of: note, actor: "test") == 2)
    #expect(try fixture.trail.keepCosignatures(of: note, actor: "test") == 0)
    #expect(try fixture.trail.checkpoints()[0].note == note)
    var wrong = try SignedNote(text: note.text)
    wrong.add(try witness.cosign(note.text + "x\n", at: 1))
    #expect(throws: StemmaError.self) {
      try fixture.trail.keepCosignatures(of: wrong, actor: "test")
    }
  }
}
