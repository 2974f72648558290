// The key with which the runner of a store signs what it measured. It lies beside its owner's other
// keys, one for each store, readable by nobody else, and is entered in the log by the log's key.

import Audit
import Base
import Glibc
import Loop
import Signing
import Stemma

/// Finds, makes and enters the keys of runners.
enum RunnerKey {
  /// What signs evals in this store; `nil`, with a word why, where the log's key is elsewhere and
  /// nobody entered a runner's key of this machine.
  static func attestor(for database: Database) throws -> Loop.Attestor? {
    try KeyRing.alone { try attestorAlone(for: AuditTrail(database)) }
  }

  private static func attestorAlone(for trail: AuditTrail) throws -> Loop.Attestor? {
    let size = try trail.database.lastTransaction().rawValue
    let file = try path(trail)
    if access(file, F_OK) == 0 {
      let key = try KeyFile.read(file)
      if try trail.keys().keys(.runner, atSize: size).contains(NoteKey(key.publicKey)) {
        return Loop.Attestor(key: key, log: trail.origin)
      }
    }
    guard try LogKey.isAtHand(trail) else {
      Terminal.printError(
        "evals will be claims: the log's key, which would enter a key of this runner, is not here")
      return nil
    }
    let authority = try LogKey.ownAlone(trail)
    let key = try access(file, F_OK) == 0 ? KeyFile.read(file) : make(trail, at: file)
    try trail.add(
      NoteKey(key.publicKey), role: .runner, signers: [authority],
      reason: "the runner of this store", actor: Account.actor)
    return Loop.Attestor(key: key, log: trail.origin)
  }

  private static func make(_ trail: AuditTrail, at path: String) throws -> SigningKey {
    let key = try SigningKey.generate(
      name: trail.origin + "/runner", random: Surroundings.system.random)
    try KeyFile.create(key, at: path)
    Terminal.printError("made the runner's key: \(path) (it signs what runs are measured to be)")
    return key
  }

  private static func path(_ trail: AuditTrail) throws -> String {
    let name = trail.origin.split(separator: "/").last ?? ""
    return try KeyRing.folder() + "/runner-\(name).key"
  }
}
