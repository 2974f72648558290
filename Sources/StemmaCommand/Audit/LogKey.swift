// The key that signs for a log. It lies beside its owner's other keys, one for each log, and never
// in a store.

import Audit
import Base
import Glibc
import Signing
import Stemma

/// Finds, makes and enters the keys of logs.
enum LogKey {
  /// The key in `path`, or this person's own for the log, made and entered where there is none.
  static func own(_ trail: AuditTrail, path: String?) throws -> SigningKey {
    try KeyRing.alone {
      if let path { return try entered(KeyFile.read(path), trail) }
      return try ownAlone(trail)
    }
  }

  /// The same for whoever is alone with the keys.
  static func ownAlone(_ trail: AuditTrail) throws -> SigningKey {
    let file = try defaultPath(trail)
    if access(file, F_OK) == 0 { return try entered(KeyFile.read(file), trail) }
    let size = try trail.database.lastTransaction().rawValue
    guard try trail.keys().keys(.log, atSize: size).isEmpty else {
      throw StemmaError(
        .fileUnreadable, "the log has a key, and it is not on this machine: \(file) is missing",
        advice: "name the key file with --key, or ask its holder to add yours: stemma key add")
    }
    return try entered(make(trail, at: file), trail)
  }

  /// Whether `own` would find a key, or may make the first one.
  static func isAtHand(_ trail: AuditTrail) throws -> Bool {
    if access(try defaultPath(trail), F_OK) == 0 { return true }
    let size = try trail.database.lastTransaction().rawValue
    return try trail.keys().keys(.log, atSize: size).isEmpty
  }

  /// A key that is there already, for what must not write to the log.
  static func existing(_ trail: AuditTrail, path: String?) throws -> SigningKey {
    let file = try path ?? defaultPath(trail)
    guard access(file, F_OK) == 0 else {
      throw StemmaError(
        .fileUnreadable, "there is no key of the log at \(file)",
        advice: "make a checkpoint first (`stemma checkpoint`), or name the key file with --key")
    }
    return try KeyFile.read(file)
  }

  /// A new key file; the name of the key is the log's.
  static func make(_ trail: AuditTrail, at path: String) throws -> SigningKey {
    let key = try SigningKey.generate(name: trail.origin, random: Surroundings.system.random)
    try KeyFile.create(key, at: path)
    Terminal.printError("made the log's key: \(path) (keep it; who has it signs for the log)")
    return key
  }

  static func defaultPath(_ trail: AuditTrail) throws -> String {
    let name = trail.origin.split(separator: "/").last ?? ""
    return try KeyRing.folder() + "/log-\(name).key"
  }

  /// The first key of a log is entered by using it; a later one needs `stemma key add`.
  private static func entered(_ key: SigningKey, _ trail: AuditTrail) throws -> SigningKey {
    if try trail.keys().entries.allSatisfy({ $0.role != .log }) {
      try trail.add(
        NoteKey(key.publicKey), role: .log, signers: [key], reason: "the first key of the log",
        actor: Account.actor)
    }
    return key
  }
}
