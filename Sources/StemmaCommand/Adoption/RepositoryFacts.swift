// What git says of a folder: the commit, what differs from it, what it ignores, and which files are
// only pointers of Git LFS. It asks git and changes nothing.

import Base
import Glibc
import Loop
import Models

/// A folder as version control sees it.
struct RepositoryFacts {
  /// `nil` where the folder is in no repository, or has no commit yet.
  var commit: String?
  var branch: String?
  /// Files that differ from the commit, new ones among them.
  var changed: [String] = []
  /// Files and folders that git leaves out; folders end in `/`.
  var ignored: [String] = []
  /// Files whose content is somewhere else.
  var pointers: [String] = []

  private static let pointerHead = "version https://git-lfs.github.com/spec/"
  private static let outputLimitBytes = 64 << 20

  init(of folder: String) throws {
    guard let commit = try Self.git(["rev-parse", "HEAD"], in: folder) else { return }
    self.commit = commit.trimmed
    branch = try Self.git(["rev-parse", "--abbrev-ref", "HEAD"], in: folder)?.trimmed
    // Paths are told from the folder on, which may lie within the repository.
    let status = try Self.git(
      ["status", "--porcelain", "-z", "--ignored", "--no-renames", "."], in: folder)
    let prefix = try Self.git(["rev-parse", "--show-prefix"], in: folder)?.trimmed ?? ""
    for entry in (status ?? "").split(separator: "\0") where entry.utf8.count > 3 {
      var path = String(entry.dropFirst(3))
      guard path.hasPrefix(prefix) else { continue }
      path.removeFirst(prefix.count)
      if entry.hasPrefix("!!") {
        ignored.append(path)
      } else if !path.hasPrefix(Adoption.folderName + "/"), !path.hasPrefix(".stemma/") {
        changed.append(path)
      }
    }
    let tracked = try Self.git(["ls-files", "-z"], in: folder) ?? ""
    pointers = tracked.split(separator: "\0").map(String.init).filter {
      Self.isPointer(folder + "/" + $0)
    }
  }

  /// Small files with the head that Git LFS writes.
  private static func isPointer(_ path: String) -> Bool {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size < 1_024
    else { return false }
    return ((try? TextFile.read(path)) ?? "").hasPrefix(pointerHead)
  }

  private static func git(_ words: [String], in folder: String) throws -> String? {
    var child = try ChildProcess(command: ["git"] + words, directory: folder)
    let end = try child.converse(
      input: [], timeoutMilliseconds: 60_000, outputLimitBytes: outputLimitBytes,
      errorLimitBytes: 1 << 16)
    guard end.reason == .exited(0) else { return nil }
    return String(decoding: end.output, as: UTF8.self)
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
