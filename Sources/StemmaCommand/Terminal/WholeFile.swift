// A file that is there whole or not at all: it is written under another name and renamed. A device
// or a pipe is no such file: it stays what it is, and is written as it comes.

import Base
import Glibc

/// An output file that appears when it is finished.
final class WholeFile {
  private let path: String
  /// `nil` for a device or a pipe.
  private let temporary: String?
  private let descriptor: Int32

  init(path given: String) throws {
    let path = Self.target(of: given)
    self.path = path
    temporary = Self.isStream(path) ? nil : path + ".stemma-tmp"
    let flags = temporary == nil ? O_WRONLY : O_WRONLY | O_CREAT | O_TRUNC
    descriptor = open(temporary ?? path, flags | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.failure(path) }
  }

  deinit {
    close(descriptor)
    // Not there any more where it was finished.
    if let temporary { unlink(temporary) }
  }

  /// A link stays a link: what it leads to is written.
  private static func target(of path: String) -> String {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK,
      let real = realpath(path, nil)
    else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// Whether a device, a pipe or a socket has this name: `/dev/null`, `/dev/stdout`.
  private static func isStream(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    let kind = status.st_mode & S_IFMT
    return kind != S_IFREG && kind != S_IFDIR
  }

  func write(_ text: String) throws { try write(Array(text.utf8)) }

  func write(_ bytes: [UInt8]) throws {
    try Terminal.write(bytes, to: descriptor, named: path)
  }

  /// Makes the file durable and gives it its name.
  func finish() throws {
    guard let temporary else { return }
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
