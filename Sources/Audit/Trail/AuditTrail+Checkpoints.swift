// Checkpoints: made, cosigned, stamped with a time, and held against the log.

public import Base
import Graph
public import Signing
import Stemma

extension AuditTrail {
  /// Signs what the log is now and keeps it. Where nothing but that was written since the last
  /// checkpoint and no name is wanted, that one is given again. O(log n).
  public func makeCheckpoint(
    name: Text = "", key: SigningKey, actor: Text
  ) throws -> SignedNote {
    let history = try keys()
    let head = try head()
    guard history.keys(.log, atSize: head.size).contains(NoteKey(key.publicKey)) else {
      throw StemmaError(
        .writeRejected, "the key \(key.publicKey.name) does not count for this log",
        advice: "name the file of one that does with --key; `stemma key list` shows them")
    }
    if name.isEmpty,
      let last = try database.readLog({ try $0.lastTrailEntry(.checkpoint) }),
      last.transaction.rawValue == head.size, last.entry.transaction.rawValue + 1 == head.size,
      let kept = try checkpoints().last
    {
      return kept.note
    }
    var note = try SignedNote(text: head.text)
    try note.sign(with: key)
    let entry = TrailEntry(
      .checkpoint, about: TransactionNumber(head.size), name: name,
      content: Array(note.rendered.utf8))
    try append([entry], actor: actor, reason: "checkpoint of \(head.size) records")
    return note
  }

  /// Keeps the signatures of witnesses in a note over a checkpoint of ours. Returns how many were
  /// new; those of keys that the log does not know are kept too, since a reader may know them.
  public func keepCosignatures(of note: SignedNote, actor: Text) throws -> Int {
    let checkpoint = try Checkpoint(text: note.text)
    let kept = try own(checkpoint)
    let new = note.signatures.filter { !kept.note.signatures.contains($0) }
    let outcomes = note.check(by: try keys().entries.map(\.key))
    if let wrong = outcomes.first(where: { $0.outcome == .wrong }) {
      throw StemmaError(
        .argumentInvalid, "the signature of \(wrong.key.name) is not of this checkpoint")
    }
    if new.isEmpty { return 0 }
    let entries = new.map { signature in
      TrailEntry(
        .cosignature, about: TransactionNumber(checkpoint.size), name: Text(signature.name),
        content: Array(signature.line.utf8))
    }
    try append(entries, actor: actor, reason: "cosignatures of checkpoint \(checkpoint.size)")
    return new.count
  }

  /// The checkpoint of ours that says exactly this.
  func own(_ checkpoint: Checkpoint) throws -> Kept {
    guard checkpoint.origin == origin else {
      throw StemmaError(
        .argumentInvalid, "this checkpoint is of the log \(checkpoint.origin), not of \(origin)")
    }
    let same = try checkpoints().last { $0.note.text == checkpoint.text }
    guard let same else {
      throw StemmaError(
        .argumentInvalid, "this log has no checkpoint of \(checkpoint.size) records with this root",
        advice: "`stemma verify --checkpoint FILE` says whether the log ever was that")
    }
    return same
  }

  /// Holds a checkpoint that was kept elsewhere against the log: nothing when the log is that or
  /// extends it; otherwise what is wrong, in words.
  public func fault(in kept: Checkpoint) throws -> String? {
    guard kept.origin == origin else {
      return "the checkpoint is of the log \(kept.origin), this store is \(origin)"
    }
    let size = try database.lastTransaction().rawValue
    guard kept.size <= size else {
      return "rolled back: the checkpoint is over \(kept.size) records, the log has only \(size)"
    }
    let root = try head(atSize: kept.size).root
    guard root == kept.root else {
      return "forked: the first \(kept.size) records have the root \(root.hex), not "
        + "\(kept.root.hex) as when the checkpoint was signed"
    }
    return nil
  }

  /// Everything that is wrong with the keys and the checkpoints that the log itself keeps, and with
  /// evals that say they are attested.
  public func faults() throws -> [String] {
    let history = try keys()
    var faults = history.faults
    let found = try database.readLog { try Self.allCheckpoints($0) }
    faults += found.unreadable.map { record, size in
      "checkpoint of \(size) records (record \(record)): it is no signed note"
    }
    for kept in found.kept {
      let place = "checkpoint of \(kept.size) records (record \(kept.transaction.rawValue))"
      do {
        let checkpoint = try Checkpoint(text: kept.note.text)
        if let fault = try fault(in: checkpoint) { faults.append("\(place): \(fault)") }
      } catch {
        faults.append("\(place): it cannot be read")
      }
      if !kept.note.isSigned(byAnyOf: history.keys(.log, atSize: kept.size)) {
        faults.append("\(place): no key of the log that counted then signed it")
      }
    }
    return try faults + attestations().faults
  }

  /// The proof that a later tree extends an earlier one, lowest first. O(log n).
  public func consistencyProof(from old: UInt64, to new: UInt64) throws -> [Digest] {
    try database.readLog { graph in
      guard old <= new, new <= graph.snapshot.rawValue else {
        throw StemmaError(
          .argumentInvalid, "there is no proof from \(old) to \(new) records",
          advice: "the log has \(graph.snapshot.rawValue); name the smaller number first")
      }
      return try MerkleTree.consistencyProof(from: old, to: new) {
        try graph.treeNode(level: $0, index: $1)
      }
    }
  }
}
