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
    bytes(path, limit: limit).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The same as bytes, which cost a tenth of a text to take apart.
  static func bytes(_ path: String, limit: Int = 1 << 22) -> [UInt8]? {
    let number = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    return Descriptor(number).readAll(limit: limit)
  }

  /// The lines of a file, each as its words; none where it cannot be read.
  static func lines(_ path: String, separator: UInt8 = UInt8(ascii: " ")) -> [[ArraySlice<UInt8>]] {
    (bytes(path) ?? []).split(separator: UInt8(ascii: "\n")).map {
      $0.split(separator: separator, omittingEmptySubsequences: false)
    }
  }

  /// Counters and the files that hold them are short; a longer one is cut.
  private static let counterBytes = 4_096

  /// The first integer of a file, or of the line that starts with `key`.
  static func integer(_ path: String, key: String? = nil) -> Int? {
    let number = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    defer { close(number) }
    return integer(in: number, key: key)
  }

  /// The same of a file that is kept open, as it says now. Asked of every run every few
  /// milliseconds, so no text is made of it.
  static func integer(in file: Int32, key: String? = nil) -> Int? {
    var buffer = [UInt8](repeating: 0, count: counterBytes)
    let count = pread(file, &buffer, buffer.count, 0)
    guard count > 0 else { return nil }
    var rest = buffer[0..<count]
    if let key {
      while !(rest.starts(with: key.utf8)
        && rest.dropFirst(key.utf8.count).first == UInt8(ascii: " "))
      {
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        rest = rest[(end + 1)...]
      }
      rest = rest.dropFirst(key.utf8.count).drop { $0 == UInt8(ascii: " ") }
    }
    return decimal(rest.prefix { $0 > UInt8(ascii: " ") })
  }

  /// A decimal number that is all there is; `nil` for anything else.
  static func decimal(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty else { return nil }
    var value = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflows) = product.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
      guard !overflow, !overflows else { return nil }
      value = sum
    }
    return value
  }

  /// Writes a short text; the errno, or 0.
  @discardableResult
  static func write(_ path: String, _ text: String) -> Int32 {
    let number = Glibc.open(path, O_WRONLY | O_CLOEXEC)
    guard number >= 0 else { return errno }
    defer { close(number) }
    return write(to: number, text)
  }

  /// The same to a file that is kept open; each write of such a file stands for itself.
  static func write(to file: Int32, _ text: String) -> Int32 {
    let bytes = Array(text.utf8)
    return Glibc.write(file, bytes, bytes.count) == bytes.count ? 0 : errno
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
