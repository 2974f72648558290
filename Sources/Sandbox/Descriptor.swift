// File descriptors that close themselves, and the few ways of reading small files that the sandbox
// needs. It must never follow a link that a sandboxed program made: callers say so with
// `isTrusted`.

import Base
import CSandbox
import Glibc

/// An open file descriptor, closed with its last reference.
final class Descriptor: Sendable {
  let number: Int32

  /// Takes over an open descriptor.
  init(_ number: Int32) { self.number = number }

  deinit { close(number) }

  /// Takes over what a C function returned; a negative number is an errno and is thrown.
  convenience init(checking result: Int32, _ action: String) throws {
    guard result >= 0 else { throw SystemFailure(action: action, code: -result).error }
    self.init(result)
  }

  /// Opens a path of this machine that no sandboxed program can change.
  static func open(trusted path: String, _ flags: Int32, mode: mode_t = 0) throws -> Descriptor {
    let number = Glibc.open(path, flags | O_CLOEXEC, mode)
    guard number >= 0 else {
      throw SystemFailure(action: "cannot open \(path)", code: errno).error
    }
    return Descriptor(number)
  }

  /// Writes all bytes; a short write is continued.
  func write(_ bytes: [UInt8]) throws {
    let code = writeAll(bytes)
    guard code == 0 else { throw SystemFailure(action: "cannot write", code: code).error }
  }

  /// Writes all bytes; the errno, or 0.
  func writeAll(_ bytes: [UInt8]) -> Int32 {
    var rest = bytes[...]
    while !rest.isEmpty {
      let chunk = Array(rest.prefix(1 << 20))
      let count = Glibc.write(number, chunk, chunk.count)
      if count < 0 {
        if errno == EINTR { continue }
        return errno
      }
      rest = rest.dropFirst(count)
    }
    return 0
  }

  /// Reads until the end or `limit` bytes; `nil` on an error.
  func readAll(limit: Int) -> [UInt8]? {
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: min(limit, 1 << 16) + 1)
    while result.count < limit {
      let count = read(number, &buffer, min(buffer.count, limit - result.count))
      if count < 0 {
        if errno == EINTR { continue }
        return nil
      }
      if count == 0 { break }
      result.append(contentsOf: buffer[0..<count])
    }
    return result
  }
}

/// A system call that failed, to be turned into an error of ours.
struct SystemFailure {
  var action: String
  var code: Int32

  var reason: String { String(cString: strerror(code)) }

  var error: StemmaError { StemmaError(.sandboxFailed, "\(action): \(reason)") }
}

/// Small files of the kernel: `/proc`, `/sys`.
enum KernelFile {
  /// The whole text, or `nil` where it cannot be read.
  static func read(_ path: String, limit: Int = 1 << 22) -> String? {
    let number = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    guard let bytes = Descriptor(number).readAll(limit: limit) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The first integer of a file, or of the line that starts with `key`.
  static func integer(_ path: String, key: String? = nil) -> Int? {
    guard let text = read(path) else { return nil }
    guard let key else { return Int(text.split(whereSeparator: \.isWhitespace).first ?? "") }
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count >= 2, words[0] == key { return Int(words[1]) }
    }
    return nil
  }

  /// Writes a short text; the errno, or 0.
  @discardableResult
  static func write(_ path: String, _ text: String) -> Int32 {
    let number = Glibc.open(path, O_WRONLY | O_CLOEXEC)
    guard number >= 0 else { return errno }
    defer { close(number) }
    let bytes = Array(text.utf8)
    return Glibc.write(number, bytes, bytes.count) == bytes.count ? 0 : errno
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
