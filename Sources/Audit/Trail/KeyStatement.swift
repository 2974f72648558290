// What the log says about a key: that it speaks for the log from here on, or no longer does. It is
// a signed note. A new key signs its own statement, which shows that its holder has it, and so does
// a key that was in force, which is what makes it worth more than anybody's.

import Base
public import Signing

/// A statement about a key.
public struct KeyStatement: Sendable, Hashable {
  public enum Action: String, Sendable { case add, revoke }

  /// What a key is for.
  public enum Role: String, Sendable, CaseIterable {
    /// Signs checkpoints and key statements.
    case log
    /// Signs what our runner measured.
    case runner
    /// Cosigns checkpoints.
    case witness
  }

  public var action: Action
  public var origin: String
  public var role: Role
  public var key: NoteKey
  public var reason: String

  public init(
    _ action: Action, origin: String, role: Role, key: NoteKey, reason: String
  ) {
    self.action = action
    self.origin = origin
    self.role = role
    self.key = key
    self.reason = reason
  }

  private static let title = "stemma key v1"

  /// The text that is signed; each field is one line.
  public var text: String {
    let reason = reason.unicodeScalars.map { $0.value < 0x20 ? " " : String($0) }.joined()
    return """
      \(Self.title)
      action: \(action.rawValue)
      log: \(origin)
      role: \(role.rawValue)
      key: \(key.text)
      reason: \(reason)

      """
  }

  /// Reads the text; `nil` for anything else.
  public init?(text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count == 7, lines[0] == Self.title, lines[6] == "" else { return nil }
    var fields: [String] = []
    for (line, name) in zip(lines[1...5], ["action", "log", "role", "key", "reason"]) {
      guard line.hasPrefix(name + ": ") else { return nil }
      fields.append(String(line.dropFirst(name.count + 2)))
    }
    guard let action = Action(rawValue: fields[0]), let role = Role(rawValue: fields[2]),
      let key = try? NoteKey(text: fields[3])
    else { return nil }
    self.init(action, origin: fields[1], role: role, key: key, reason: fields[4])
  }
}
