// Keys of the log: made, replaced, withdrawn. Each is a record, so that a reader of the log knows
// which key counted when.

import Base
import Graph
public import Signing
import Stemma

extension AuditTrail {
  /// Makes a key count for the log from now on. The first one is taken on its own word; a later one
  /// needs a key in force that vouches for it.
  public func add(
    _ key: NoteKey, role: KeyStatement.Role, signers: [SigningKey], reason: String, actor: String
  ) throws {
    let statement = KeyStatement(.add, origin: origin, role: role, key: key, reason: reason)
    try record(statement, .keyAdded, signers, actor)
  }

  /// Withdraws a key: what it signs from now on does not count.
  public func revoke(
    _ key: NoteKey, role: KeyStatement.Role, signer: SigningKey, reason: String, actor: String
  ) throws {
    let statement = KeyStatement(.revoke, origin: origin, role: role, key: key, reason: reason)
    try record(statement, .keyRevoked, [signer], actor)
  }

  /// Lets `new` take the place of `old`: one record adds the one and withdraws the other.
  public func rotate(
    from old: SigningKey, to new: SigningKey, reason: String, actor: String
  ) throws {
    try add(
      NoteKey(new.publicKey), role: .log, signers: [new, old], reason: reason, actor: actor)
    try revoke(
      NoteKey(old.publicKey), role: .log, signer: new, reason: reason, actor: actor)
  }

  /// Writes the statement where it would change something; throws what a reader would object to.
  private func record(
    _ statement: KeyStatement, _ kind: TrailEntry.Kind, _ signers: [SigningKey], _ actor: String
  ) throws {
    var note = try SignedNote(text: statement.text)
    for signer in signers { try note.sign(with: signer) }
    let last = try database.lastTransaction()
    let entry = TrailEntry(
      kind, about: .zero, name: Text(statement.key.text), content: Array(note.rendered.utf8))
    var history = try keys()
    let before = history.faults.count
    history.add(entry, from: TransactionNumber(last.rawValue + 1), origin: origin)
    if history.faults.count > before {
      throw StemmaError(
        .writeRejected, history.faults.last!,
        advice: "sign with a key that is in force; `stemma key list` shows them")
    }
    try append([entry], actor: Text(actor), reason: Text(statement.reason))
  }
}
