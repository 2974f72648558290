// The keys of the person at the keyboard. They lie in that person's own folder, never in a store,
// so that no run, proposer or export ever carries one.

import Base
import Glibc
import Signing
import Stemma

/// Finds and makes signing keys.
enum KeyRing {
  /// The key in `path`, or this person's own, made where there is none yet.
  static func own(_ path: String? = nil) throws -> SigningKey {
    if let path { return try KeyFile.read(path) }
    if let path = Terminal.environment("STEMMA_KEY"), !path.isEmpty {
      return try KeyFile.read(path)
    }
    return try alone {
      let file = try folder() + "/signing.key"
      if access(file, F_OK) == 0 { return try KeyFile.read(file) }
      let key = try SigningKey.generate(
        name: Account.actor.replacingBlanks, random: Surroundings.system.random)
      try KeyFile.create(key, at: file)
      Terminal.printError("made your signing key: \(file) (keep it; it also opens sealed values)")
      return key
    }
  }

  /// Does something with the keys of this folder while no other process does. Keys are made, and
  /// entered in logs, where there is none yet: two that start at once must agree on one. Not to be
  /// called within itself.
  static func alone<Result>(_ body: () throws -> Result) throws -> Result {
    let descriptor = open((try? folder()) ?? "", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    while descriptor >= 0, flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
    return try body()
  }

  /// `$XDG_CONFIG_HOME/stemma`, or `.config/stemma` in the home folder, readable by its owner only.
  static func folder() throws -> String {
    let base: String
    if let given = Terminal.environment("XDG_CONFIG_HOME"), !given.isEmpty {
      base = given
    } else if let home = Terminal.environment("HOME"), !home.isEmpty {
      base = home + "/.config"
    } else {
      throw StemmaError(
        .fileUnreadable, "there is no place for your signing key: HOME is not set",
        advice: "set HOME, or STEMMA_KEY to the path of a key file")
    }
    mkdir(base, 0o700)
    mkdir(base + "/stemma", 0o700)
    return base + "/stemma"
  }
}

extension String {
  /// Key names must not hold blanks or plus signs (C2SP signed-note).
  fileprivate var replacingBlanks: String {
    String(unicodeScalars.map { $0 == "+" || $0.properties.isWhitespace ? "-" : Character($0) })
  }
}
