// Files as they are imported: any part of one at any time, on any thread, so that no file is ever
// in memory as a whole.

import Base
import Glibc

/// The bytes of a file.
public protocol CSVFile: Sendable {
  /// How many bytes there are.
  var byteCount: Int { get }
  /// Some of them. Throws `file.unreadable`.
  func bytes(_ range: Range<Int>) throws -> [UInt8]
}

extension [UInt8]: CSVFile {
  public var byteCount: Int { count }
  public func bytes(_ range: Range<Int>) throws -> [UInt8] { Array(self[range]) }
}

/// A file that was opened.
public final class OpenedFile: CSVFile {
  private let descriptor: Int32
  private let path: String
  public let byteCount: Int

  /// Opens a regular file. Throws `file.unreadable`.
  public init(_ path: String) throws {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.unreadable(path, errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw Self.unreadable(path, code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw StemmaError(
        .fileUnreadable, "\(path) is not a file", at: .file(path: path, line: nil, column: nil))
    }
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  public func bytes(_ range: Range<Int>) throws -> [UInt8] {
    var failure: Int32?
    var count = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, initialized in
      while count < range.count {
        let read = pread(
          descriptor, buffer.baseAddress! + count, range.count - count,
          off_t(range.lowerBound + count))
        if read < 0, errno == EINTR { continue }
        if read < 0 { failure = errno }
        if read <= 0 { break }
        count += read
      }
      initialized = count
    }
    if let failure { throw Self.unreadable(path, failure) }
    guard count == range.count else {
      throw StemmaError(
        .fileUnreadable, "\(path) became shorter while it was read",
        at: .file(path: path, line: nil, column: nil), advice: "nothing was imported; try again")
    }
    return bytes
  }

  private static func unreadable(_ path: String, _ code: Int32) -> StemmaError {
    StemmaError(
      .fileUnreadable, "cannot read \(path): \(String(cString: strerror(code)))",
      at: .file(path: path, line: nil, column: nil))
  }
}
