// Whole files in and out, with limits and clear errors. Writing is atomic: a temporary file beside
// the target, synced, then renamed.

package import Base
import Glibc

package enum FileBytes {
  /// Reads a regular file of at most `limitBytes`. Throws `file.unreadable`.
  static func read(_ path: String, limitBytes: Int) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw StemmaError(.fileUnreadable, "\(path) is not a file", at: place(path))
    }
    guard Int(status.st_size) <= limitBytes else {
      throw StemmaError(
        .fileUnreadable, "\(path) has \(status.st_size) bytes; at most \(limitBytes) are read",
        at: place(path))
    }
    return try readAll(descriptor, path: path, limitBytes: limitBytes)
  }

  /// Reads a descriptor to its end.
  package static func readAll(
    _ descriptor: Int32, path: String, limitBytes: Int
  ) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw unreadable(path, errno)
      }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[0..<count])
      guard bytes.count <= limitBytes else {
        throw StemmaError(
          .fileUnreadable, "\(path) has more than \(limitBytes) bytes", at: place(path))
      }
    }
  }

  /// Writes a file atomically with the given permissions.
  static func write(_ bytes: [UInt8], to path: String, mode: UInt32, isExclusive: Bool = false)
    throws
  {
    let temporary = path + ".\(getpid()).new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw unwritable(path, errno) }
    defer { close(descriptor) }
    do {
      try writeAll(bytes, to: descriptor, path: path)
      guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else {
        throw unwritable(path, errno)
      }
      if isExclusive {
        // A hard link fails where the target exists: nobody's file is overwritten.
        guard link(temporary, path) == 0 else { throw unwritable(path, errno) }
        unlink(temporary)
      } else {
        guard rename(temporary, path) == 0 else { throw unwritable(path, errno) }
      }
    } catch {
      unlink(temporary)
      throw error
    }
    syncFolder(FilePaths.parent(of: path))
  }

  static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws {
    var offset = 0
    while offset < bytes.count {
      let rest = offset == 0 ? bytes : Array(bytes[offset...])
      let count = Glibc.write(descriptor, rest, rest.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw unwritable(path, errno)
      }
      offset += count
    }
  }

  private static func syncFolder(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  package static func unreadable(_ path: String, _ code: Int32) -> StemmaError {
    StemmaError(
      .fileUnreadable, "cannot read \(path): \(String(cString: strerror(code)))", at: place(path))
  }

  static func unwritable(_ path: String, _ code: Int32) -> StemmaError {
    StemmaError.fullDisk(code, writing: path)
      ?? StemmaError(
        .fileUnreadable, "cannot write \(path): \(String(cString: strerror(code)))",
        at: place(path))
  }

  private static func place(_ path: String) -> StemmaError.Place {
    .file(path: path, line: nil, column: nil)
  }
}
