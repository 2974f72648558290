// The folder of a bundle while it is being written: every file is hashed on its way to the disk.
// The folder, or the .zip made of it, gets its name when it is whole, so that half a bundle is
// never taken for one.

import Base
import Glibc

/// Writes the files of a bundle.
final class BundleFolder {
  private let path: String
  private let temporary: String
  /// SHA-256 in hexadecimal of every file that is closed, by its path.
  private(set) var files: [String: String] = [:]
  private var folders: Set<String> = []
  /// What was begun and may not be whole.
  private var placed: Set<String> = []
  private var asides: [String] = []

  init(_ path: String) throws {
    self.path = path
    temporary = path + ".partial"
    guard access(path, F_OK) != 0 else {
      throw StemmaError(
        .fileUnreadable, "\(path) is there already",
        at: .file(path: path, line: nil, column: nil), advice: "choose another name")
    }
    guard access(temporary, F_OK) != 0 else {
      throw StemmaError(
        .fileUnreadable, "\(temporary) is there: another export is writing it, or was cut off",
        at: .file(path: temporary, line: nil, column: nil),
        advice: "remove it if nothing is writing to it")
    }
    guard mkdir(temporary, 0o755) == 0 else { throw Self.failure(temporary) }
  }

  /// A file that is written piece by piece, by one thread at a time.
  final class File: @unchecked Sendable {
    // @unchecked: whoever hands it to another thread waits for that one.
    private let descriptor: Int32
    let path: String
    private var hash = SHA256()
    private var buffer: [UInt8] = []
    private static let bufferBytes = 1 << 18

    init(_ path: String) throws {
      self.path = path
      descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw BundleFolder.failure(path) }
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8]) throws {
      if bytes.count >= Self.bufferBytes {
        try flush()
        return try send(bytes)
      }
      buffer.append(contentsOf: bytes)
      if buffer.count >= Self.bufferBytes { try flush() }
    }

    func write(_ text: String) throws { try write(Array(text.utf8)) }

    private func flush() throws {
      try send(buffer)
      buffer.removeAll(keepingCapacity: true)
    }

    private func send(_ bytes: [UInt8]) throws {
      hash.update(bytes)
      var sent = 0
      while sent < bytes.count {
        let count = bytes[sent...].withUnsafeBytes {
          Glibc.write(descriptor, $0.baseAddress, $0.count)
        }
        if count < 0, errno != EINTR { throw BundleFolder.failure(path) }
        sent += max(0, count)
      }
    }

    /// The hash of all that was written.
    func finish() throws -> String {
      try flush()
      return hash.digest().hex
    }
  }

  /// Writes a file with what `body` gives it.
  func file(_ name: String, _ body: (File) throws -> Void) throws {
    let file = try File(try place(name))
    try body(file)
    files[name] = try file.finish()
  }

  /// Enters a file with the hash that it turned out to have.
  func enter(_ name: String, _ hash: String) { files[name] = hash }

  func file(_ name: String, _ text: String) throws { try file(name) { try $0.write(text) } }

  func file(_ name: String, _ bytes: [UInt8]) throws { try file(name) { try $0.write(bytes) } }

  /// Where a file is to be, its folders made; for what writes files by itself.
  func place(_ name: String) throws -> String {
    var folder = temporary
    for part in name.split(separator: "/").dropLast() {
      folder += "/" + part
      if folders.insert(folder).inserted, mkdir(folder, 0o755) != 0, errno != EEXIST {
        throw Self.failure(folder)
      }
    }
    placed.insert(name)
    return temporary + "/" + name
  }

  /// Enters a file that something else wrote to its place.
  func adopt(_ name: String) throws {
    var hash = SHA256()
    try Self.pieces(of: temporary + "/" + name) { hash.update($0) }
    files[name] = hash.digest().hex
  }

  /// A file that is no part of the bundle, to be appended to one.
  func aside(_ name: String) throws -> File {
    asides.append(name)
    return try File(temporary + "/." + name)
  }

  /// Appends a file that was put aside, and removes it.
  func append(_ aside: File, to file: File) throws {
    _ = try aside.finish()
    try Self.pieces(of: aside.path) { try file.write($0) }
    unlink(aside.path)
  }

  private static let pieceBytes = 1 << 20

  private static func pieces(of path: String, _ body: ([UInt8]) throws -> Void) throws {
    let source = try BundleBytes(path, offset: 0, count: nil)
    for offset in stride(from: 0, to: source.count, by: pieceBytes) {
      try body(try source.bytes(at: offset, count: min(pieceBytes, source.count - offset)))
    }
  }

  /// Gives the folder its name, or packs it where that is the name of a .zip.
  func finish() throws {
    guard path.hasSuffix(".zip") else {
      guard rename(temporary, path) == 0 else { throw Self.failure(path) }
      return
    }
    let packed = temporary + ".zip"
    unlink(packed)
    do {
      let file = try File(packed)
      var archive = ZipWriter(file)
      for name in files.keys.map({ Text($0) }).sorted() {
        try archive.add(name.string, from: temporary + "/" + name.string)
      }
      try archive.finish()
      _ = try file.finish()
      guard rename(packed, path) == 0 else { throw Self.failure(path) }
    } catch {
      unlink(packed)
      throw error
    }
    abandon()
  }

  /// Removes what was written.
  func abandon() {
    for name in asides { unlink(temporary + "/." + name) }
    for name in placed.sorted() { unlink(temporary + "/" + name) }
    for folder in folders.sorted().reversed() { rmdir(folder) }
    rmdir(temporary)
  }

  static func failure(_ path: String) -> StemmaError {
    let number = errno
    return StemmaError.fullDisk(number, writing: path)
      ?? StemmaError(
        .fileUnreadable, "cannot write \(path): \(String(cString: strerror(number)))",
        at: .file(path: path, line: nil, column: nil))
  }
}
