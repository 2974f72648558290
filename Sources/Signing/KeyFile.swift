// Private keys on disk: one line, readable by the owner only, never overwritten.

import Base
import Glibc

public enum KeyFile {
  static let sizeLimitBytes = 4_096

  /// Writes a new key file with permissions 0600. Throws where a file exists.
  public static func create(_ key: SigningKey, at path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("create", path, errno) }
    defer { close(descriptor) }
    let bytes = Array((key.text + "\n").utf8)
    guard fchmod(descriptor, 0o600) == 0, write(descriptor, bytes, bytes.count) == bytes.count,
      fsync(descriptor) == 0
    else {
      let code = errno
      unlink(path)
      throw failure("write", path, code)
    }
  }

  /// Reads a key file. One that others can read is refused.
  public static func read(_ path: String) throws -> SigningKey {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure("read", path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      Int(status.st_size) <= sizeLimitBytes
    else { throw failure("read", path, EINVAL) }
    guard status.st_mode & 0o077 == 0 else {
      throw StemmaError(
        .fileUnreadable, "the key file \(path) can be read by others",
        at: .file(path: path, line: nil, column: nil), advice: "Run: chmod 600 \(path)")
    }
    var buffer = [UInt8](repeating: 0, count: sizeLimitBytes)
    let count = Glibc.read(descriptor, &buffer, buffer.count)
    guard count > 0 else { throw failure("read", path, count < 0 ? errno : EINVAL) }
    return try SigningKey(text: String(decoding: buffer.prefix(count), as: UTF8.self))
  }

  private static func failure(_ verb: String, _ path: String, _ code: Int32) -> StemmaError {
    StemmaError.fullDisk(code, writing: path)
      ?? StemmaError(
        .fileUnreadable,
        "cannot \(verb) the key file \(path): \(String(cString: strerror(code)))",
        at: .file(path: path, line: nil, column: nil))
  }
}
