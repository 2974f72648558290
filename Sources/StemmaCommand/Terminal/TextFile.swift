// Reads the small text files that commands are given: queries, schemas.

import Base
import Glibc

/// A text file named on the command line.
enum TextFile {
  /// Larger queries and schemas are refused: they are surely not what was meant.
  static let limitBytes = 16 << 20

  /// The text of a file of at most `limitBytes`; `-` is standard input.
  static func read(_ path: String, limitBytes: Int = limitBytes) throws -> String {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, String(cString: strerror(errno))) }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = buffer.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(path, String(cString: strerror(errno)))
      }
      bytes += buffer[..<count]
      if bytes.count > limitBytes { throw failure(path, "it is larger than \(limitBytes >> 20) MiB") }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw failure(path, "it is not UTF-8")
    }
    return text
  }

  private static func failure(_ path: String, _ reason: String) -> StemmaError {
    StemmaError(
      .fileUnreadable, "cannot read \(path): \(reason)",
      at: .file(path: path, line: nil, column: nil))
  }
}
