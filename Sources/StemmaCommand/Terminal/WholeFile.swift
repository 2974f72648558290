// A file that is there whole or not at all: it is written under another name and renamed.

import Base
import Glibc

/// An output file that appears when it is finished.
final class WholeFile {
  private let path: String
  private let temporary: String
  private let descriptor: Int32

  init(path: String) throws {
    self.path = path
    temporary = path + ".stemma-tmp"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.failure(path) }
  }

  deinit {
    close(descriptor)
    // Not there any more where it was finished.
    unlink(temporary)
  }

  func write(_ text: String) throws { try Terminal.write(text, to: descriptor) }

  /// Makes the file durable and gives it its name.
  func finish() throws {
    guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
      let failure = Self.failure(path)
      unlink(temporary)
      throw failure
    }
  }

  private static func failure(_ path: String) -> StemmaError {
    let number = errno
    return StemmaError.fullDisk(number, writing: path)
      ?? StemmaError(
        .fileUnreadable, "cannot write \(path): \(String(cString: strerror(number)))",
        at: .file(path: path, line: nil, column: nil))
  }
}
