// Copies the owner's working folder into a run's file system before the run. The source is trusted
// and nothing runs yet; what is copied is remembered, so that the way back can tell what was
// deleted.

import Base
import CSandbox
import Glibc

/// What a copy put into a run's file system.
struct CopiedFile: Sendable, Hashable {
  var bytes: Int
  var modifiedNanoseconds: Int
}

struct TreeCopy {
  /// Owner of everything that is made.
  let user: UInt32
  /// Folders may nest this deep.
  static let maximumDepth = 64
  static let maximumEntries = 1 << 20

  private(set) var files: [String: CopiedFile] = [:]

  init(user: UInt32) { self.user = user }

  /// Copies the content of one folder into another; both exist.
  mutating func copy(
    from source: Descriptor, to target: Descriptor, below path: String = "", depth: Int = 0
  ) throws {
    guard depth < TreeCopy.maximumDepth else {
      throw StemmaError(.argumentInvalid, "the working folder nests too deep at \(path)")
    }
    let entries = FolderReader.names(in: source, limit: TreeCopy.maximumEntries)
    guard entries.isComplete, entries.odd == 0 else {
      throw StemmaError(
        .argumentInvalid, "the working folder has too many names, or names that are not UTF-8",
        at: .file(path: path, line: nil, column: nil))
    }
    for name in entries.names {
      try copyEntry(name, from: source, to: target, path: path + name, depth: depth)
    }
  }

  private mutating func copyEntry(
    _ name: String, from source: Descriptor, to target: Descriptor, path: String, depth: Int
  ) throws {
    var status = stat()
    guard fstatat(source.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return }
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      try require(mkdirat(target.number, name, 0o755) == 0, path)
      let inner = try Descriptor(
        checking: csandbox_open_beneath(source.number, name, O_RDONLY | O_DIRECTORY, 0),
        "cannot open \(path)")
      let made = try Descriptor(
        checking: csandbox_open_beneath(target.number, name, O_RDONLY | O_DIRECTORY, 0),
        "cannot open \(path)")
      fchmod(made.number, status.st_mode & 0o777 | 0o700)
      try copy(from: inner, to: made, below: path + "/", depth: depth + 1)
      fchown(made.number, user, user)
    case S_IFREG:
      try copyFile(name, status, from: source, to: target, path: path)
    case S_IFLNK:
      var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
      let count = csandbox_read_link(source.number, name, &buffer, buffer.count)
      guard count > 0, let link = String(validating: buffer[0..<count], as: UTF8.self) else {
        return
      }
      try require(symlinkat(link, target.number, name) == 0, path)
      fchownat(target.number, name, user, user, AT_SYMLINK_NOFOLLOW)
    default:
      break  // Pipes, sockets and devices of the owner mean nothing inside.
    }
  }

  private mutating func copyFile(
    _ name: String, _ status: stat, from source: Descriptor, to target: Descriptor, path: String
  ) throws {
    let input = try Descriptor(
      checking: csandbox_open_beneath(source.number, name, O_RDONLY | O_NONBLOCK, 0),
      "cannot open \(path)")
    let output = try Descriptor(
      checking: csandbox_open_beneath(target.number, name, O_WRONLY | O_CREAT | O_EXCL, 0o600),
      "cannot make \(path)")
    let copied = csandbox_copy_file(input.number, output.number, UInt64(max(0, status.st_size)))
    if copied < 0 { errno = Int32(-copied) }
    try require(copied >= 0, path)
    fchmod(output.number, status.st_mode & 0o755 | 0o600)
    fchown(output.number, user, user)
    let times = [status.st_atim, status.st_mtim]
    futimens(output.number, times)
    files[path] = CopiedFile(
      bytes: Int(copied), modifiedNanoseconds: status.st_mtim.nanoseconds)
  }

  private func require(_ isGood: Bool, _ path: String) throws {
    guard !isGood else { return }
    let code = errno
    guard code == ENOSPC else {
      throw SystemFailure(action: "cannot copy \(path) into the sandbox", code: code).error
    }
    throw SandboxLayout.tooLarge(path)
  }
}

extension timespec {
  var nanoseconds: Int { Int(tv_sec) * 1_000_000_000 + Int(tv_nsec) }
}
