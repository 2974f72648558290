// Keys to trust, as a person gives them: the text itself, or a file with one a line.

import Base
import Glibc
import Signing

/// Reads the values of `--key`.
enum KeyTexts {
  static func read(_ arguments: [String]) throws -> [NoteKey] {
    try arguments.flatMap { argument in
      guard access(argument, F_OK) == 0 else { return [try NoteKey(text: argument)] }
      return try TextFile.read(argument).split(separator: "\n")
        .filter { !$0.hasPrefix("#") }
        .map { try NoteKey(text: String($0)) }
    }
  }
}
