// The files of a bundle as a verifier sees them: those of a folder, or the entries of a .zip. Names
// are only ever compared with those that the bundle's own list has, so nothing outside is read.

import Base
import Glibc

/// Reads a bundle.
final class BundleFiles {
  /// Where the bytes of a file are.
  private struct Place {
    var path: String
    var offset: Int
    /// `nil` for a whole file of a folder.
    var count: Int?
  }

  private var places: [String: Place] = [:]
  /// Names that stand twice in a .zip.
  private(set) var doubled: [String] = []
  /// Whether the bundle is a .zip.
  let isArchive: Bool

  init(_ path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else { throw Self.unreadable(path, errno) }
    isArchive = status.st_mode & S_IFMT != S_IFDIR
    if isArchive {
      let file = try BundleBytes(path, offset: 0, count: nil)
      for entry in try ZipDirectory(file).entries {
        let place = Place(path: path, offset: entry.offset, count: entry.count)
        if places.updateValue(place, forKey: entry.name) != nil { doubled.append(entry.name) }
      }
    } else {
      try walk(path, "", depth: 0)
    }
  }

  /// In no order.
  var names: Set<String> { Set(places.keys) }

  /// The path of a file of a folder; `nil` in a .zip.
  func path(of name: String) -> String? { isArchive ? nil : places[name]?.path }

  func open(_ name: String) throws -> BundleBytes {
    guard let place = places[name] else { throw StemmaError(.fileUnreadable, "it is missing") }
    return try BundleBytes(place.path, offset: place.offset, count: place.count)
  }

  /// All bytes of a file. Throws for one that is larger than a verifier needs to hold.
  func read(_ name: String, limitBytes: Int = 1 << 30) throws -> [UInt8] {
    let file = try open(name)
    guard file.count <= limitBytes else {
      throw StemmaError(.fileUnreadable, "it has \(file.count) bytes, more than \(limitBytes)")
    }
    return try file.bytes(at: 0, count: file.count)
  }

  func text(_ name: String, limitBytes: Int = 16 << 20) throws -> String {
    guard let text = String(validating: try read(name, limitBytes: limitBytes), as: UTF8.self)
    else { throw StemmaError(.fileUnreadable, "it is not UTF-8") }
    return text
  }

  func hash(_ name: String) throws -> Digest {
    let file = try open(name)
    var hash = SHA256()
    try file.forEachPiece { hash.update($0) }
    return hash.digest()
  }

  private static let depthLimit = 64

  private func walk(_ path: String, _ prefix: String, depth: Int) throws {
    guard depth < Self.depthLimit, let folder = opendir(path) else {
      throw Self.unreadable(path, errno)
    }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name == "." || name == ".." { continue }
      var status = stat()
      let full = path + "/" + name
      let isFolder = lstat(full, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      if isFolder {
        try walk(full, prefix + name + "/", depth: depth + 1)
      } else {
        places[prefix + name] = Place(path: full, offset: 0, count: nil)
      }
    }
  }

  static func unreadable(_ path: String, _ code: Int32) -> StemmaError {
    StemmaError(
      .fileUnreadable, "cannot read \(path): \(String(cString: strerror(code)))",
      at: .file(path: path, line: nil, column: nil))
  }
}

/// The bytes of one file, or of a part of one.
final class BundleBytes {
  private let descriptor: Int32
  private let path: String
  private let start: Int
  let count: Int

  init(_ path: String, offset: Int, count: Int?) throws {
    self.path = path
    start = offset
    descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      self.count = 0
      throw BundleFiles.unreadable(path, errno)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      self.count = 0
      throw StemmaError(.fileUnreadable, "it is no regular file")
    }
    self.count = count ?? Int(status.st_size)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  private static let pieceBytes = 1 << 20

  /// All bytes, so much at a time that memory holds little.
  func forEachPiece(_ body: ([UInt8]) throws -> Void) throws {
    for offset in stride(from: 0, to: count, by: Self.pieceBytes) {
      try body(try bytes(at: offset, count: min(Self.pieceBytes, count - offset)))
    }
  }

  /// Exactly `count` bytes.
  func bytes(at offset: Int, count: Int) throws -> [UInt8] {
    guard offset >= 0, count >= 0, offset <= self.count - count else {
      throw StemmaError(.fileUnreadable, "it ends too early")
    }
    var failure: Int32?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(
          descriptor, buffer.baseAddress! + filled, count - filled, start + offset + filled)
        if got < 0, errno == EINTR { continue }
        if got <= 0 {
          failure = got < 0 ? errno : EIO
          return
        }
        filled += got
      }
    }
    if let failure { throw BundleFiles.unreadable(path, failure) }
    return bytes
  }
}
