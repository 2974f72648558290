// Reads the small text files that commands are given: queries, schemas.

import Base
import Glibc
import Loop

/// A text file named on the command line.
enum TextFile {
  /// Larger queries and schemas are refused: they are surely not what was meant.
  static let limitBytes = 16 << 20

  /// The text of a file of at most `limitBytes`; `-` is standard input.
  static func read(_ path: String, limitBytes: Int = limitBytes) throws -> String {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileBytes.unreadable(path, errno) }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    let bytes = try FileBytes.readAll(descriptor, path: path, limitBytes: limitBytes)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw StemmaError(
        .fileUnreadable, "cannot read \(path): it is not UTF-8",
        at: .file(path: path, line: nil, column: nil))
    }
    return text
  }
}
