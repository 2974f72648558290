// A prompt as a campaign declares it: a file with the text that tells a model what is wanted, known
// by the hash of its content.

import Base
import Models

/// The text of a prompt and where it came from.
public struct PromptFile: Sendable, Hashable {
  /// As the campaign file spells it; `built-in critic` and `built-in proposer` come with Stemma.
  public var name: String
  /// Absolute; empty for one that is built in.
  public var path: String
  public var text: String
  /// SHA-256 of the text, in hexadecimal.
  public let contentHash: String

  init(name: String, path: String, text: String) {
    self.name = name
    self.path = path
    self.text = text
    contentHash = SHA256.hash(Array(text.utf8)).hex
  }

  static func builtIn(_ role: ProviderRole) -> PromptFile {
    PromptFile(name: "built-in \(role.rawValue)", path: "", text: RolePrompts.text(of: role))
  }

  var isBuiltIn: Bool { path.isEmpty }

  static let limitBytes = 1 << 20

  /// Throws `file.unreadable`, also for what is not UTF-8.
  static func read(_ path: String, name: String) throws -> PromptFile {
    let bytes = try FileBytes.read(path, limitBytes: limitBytes)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw StemmaError(
        .fileUnreadable, "the prompt \(name) is not UTF-8",
        at: .file(path: path, line: nil, column: nil))
    }
    return PromptFile(name: name, path: path, text: text)
  }
}
