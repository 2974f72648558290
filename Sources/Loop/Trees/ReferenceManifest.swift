// What lies in a folder or file that is named by reference, of any size: a canonical list of paths
// and hashes. Files are read in pieces and never kept; links are listed, not followed. Files whose
// stamp (device, number, size, times) is as it was are not read again.

import Base
import Dispatch
import Glibc
import Synchronization

/// The content of something that stays where it is.
struct ReferenceManifest: Sendable {
  struct Entry: Sendable {
    /// `100644`, `100755` or, for a link, `120000`.
    var mode: String
    var hash: String
    var size: Int
    var path: String
  }

  /// Sorted by the bytes of their paths.
  private(set) var entries: [Entry]

  private static let heading = "stemma reference 1\n"

  /// One line per file or link.
  var bytes: [UInt8] {
    var text = Self.heading
    for entry in entries { text += "\(entry.mode) \(entry.hash) \(entry.size) \(entry.path)\n" }
    return Array(text.utf8)
  }

  var hash: String { SHA256.hash(bytes).hex }
  var size: Int { entries.reduce(0) { $0 + $1.size } }

  /// Reads a folder or a file.
  ///
  /// - Parameters:
  ///   - excluding: globs of paths that do not count.
  ///   - stamps: where stamps of files are kept between two looks; `nil` for nowhere.
  /// - Throws: `file.unreadable`, `campaign.invalid` for pipes, devices and odd names.
  static func of(
    _ path: String, excluding: [String] = [], stamps folder: String? = nil
  ) throws -> ReferenceManifest {
    var found: [Found] = []
    if FilePaths.kind(of: path) == .directory {
      var walk = ReferenceWalk(root: path, excluded: excluding.map(Glob.init))
      try walk.visit("", depth: 0)
      found = walk.found
    } else {
      let name = String(path.split(separator: "/").last ?? "file")
      found = [try Found(path: name, file: path)]
    }
    var stamps = folder.map { ReferenceStamps(folder: $0, of: path) }
    let start = time(nil)
    let hashes = try hashes(of: found, known: stamps)
    stamps?.keep(found, hashes, before: start)
    let entries = zip(found, hashes).map { found, hash in
      Entry(mode: found.mode, hash: hash, size: found.size, path: found.path)
    }
    return ReferenceManifest(entries: entries.sorted { Text($0.path) < Text($1.path) })
  }

  /// A file or link on the way to its hash.
  struct Found: Sendable {
    /// Relative to the root.
    var path: String
    var file: String
    var mode: String
    var size: Int
    /// Where a link points to.
    var target: [UInt8]?
    /// Changes whenever the file does.
    var stamp: String
    /// Seconds since 1970 at which it was changed last.
    var changed: Int

    init(path: String, file: String) throws {
      var status = stat()
      guard lstat(file, &status) == 0 else { throw FileBytes.unreadable(file, errno) }
      self.path = path
      self.file = file
      let modified = status.st_mtim
      let touched = status.st_ctim
      stamp =
        "\(status.st_dev) \(status.st_ino) \(status.st_size) "
        + "\(modified.tv_sec).\(modified.tv_nsec) \(touched.tv_sec).\(touched.tv_nsec)"
      changed = max(modified.tv_sec, touched.tv_sec)
      size = Int(status.st_size)
      switch status.st_mode & S_IFMT {
      case S_IFREG: mode = status.st_mode & 0o100 != 0 ? "100755" : "100644"
      case S_IFLNK:
        mode = "120000"
        target = try FilePaths.linkTarget(file)
      default:
        throw StemmaError(
          .campaignInvalid, "\(file) is a pipe, socket or device",
          at: .file(path: file, line: nil, column: nil),
          advice: "What is named by reference holds files, folders and links only.")
      }
      guard !path.utf8.contains(10) else {
        throw StemmaError(.campaignInvalid, "a name in \(file) has a line break")
      }
    }
  }

  /// So many files are read at once: a disk alone is slower than one processor, a cache is not.
  private static let readers = 4

  private static func hashes(
    of found: [Found], known stamps: ReferenceStamps?
  ) throws -> [String] {
    let hashes = Mutex([String](repeating: "", count: found.count))
    let failure = Mutex<(any Error)?>(nil)
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: readers) { _ in
      while failure.withLock({ $0 == nil }) {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < found.count else { return }
        do {
          let one = found[index]
          let hash = try stamps?.hash(of: one) ?? hash(of: one)
          hashes.withLock { $0[index] = hash }
        } catch { failure.withLock { $0 = $0 ?? error } }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return hashes.withLock { $0 }
  }

  private static func hash(of found: Found) throws -> String {
    if let target = found.target { return SHA256.hash(target).hex }
    let descriptor = open(found.file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileBytes.unreadable(found.file, errno) }
    defer { close(descriptor) }
    var hash = SHA256()
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileBytes.unreadable(found.file, errno) }
      guard count > 0 else { return hash.digest().hex }
      hash.update(count == buffer.count ? buffer : Array(buffer[0..<count]))
    }
  }
}

/// The files and links below a folder.
private struct ReferenceWalk {
  let root: String
  let excluded: [Glob]
  var found: [ReferenceManifest.Found] = []

  mutating func visit(_ prefix: String, depth: Int) throws {
    guard depth <= TreeFolder.depthLimit else {
      throw StemmaError(.campaignInvalid, "folders in \(root) are nested too deeply")
    }
    for name in try TreeFolder.names(in: prefix.isEmpty ? root : root + "/" + prefix) {
      let path = prefix.isEmpty ? name : prefix + "/" + name
      if excluded.contains(where: { $0.matches(path) }) { continue }
      var status = stat()
      let file = root + "/" + path
      if lstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        try visit(path, depth: depth + 1)
      } else {
        found.append(try ReferenceManifest.Found(path: path, file: file))
      }
    }
  }
}
