// The walk over what a dead run left behind. Everything in there was made by an enemy: links,
// pipes, sparse giants, endless depths, names that break shells. The walk goes by folder
// descriptors and never follows a link; it takes regular files with one link, inside bounds, and
// names the rest.
//
// It must only start when no process of the run is alive: then nothing can change under it.

import Base
import CSandbox
import Glibc

/// One file that the walk would take; open it with `open`.
struct FoundFile {
  /// Relative to the start of the walk.
  var path: String
  var name: String
  var folder: Descriptor
  var bytes: Int
  var modifiedNanoseconds: Int
  var isExecutable: Bool

  /// Opens the file; the checks are made again on the open file.
  func open() -> Descriptor? {
    let number = csandbox_open_beneath(folder.number, name, O_RDONLY | O_NONBLOCK, 0)
    guard number >= 0 else { return nil }
    let file = Descriptor(number)
    var status = stat()
    guard fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1,
      Int(status.st_size) == bytes
    else { return nil }
    return file
  }
}

/// A bounded walk; see `SandboxCollection` for the bounds.
struct CollectionWalk {
  let bounds: SandboxCollection
  /// Takes one file while its folder is open, so that a million folders cost no descriptors;
  /// returns a reason where it refuses the file.
  private let takeFile: (FoundFile) -> String?
  /// Whether a path is passed over without a word.
  private let skips: (String) -> Bool
  private var fileCount = 0
  private var refused: [(path: String, reason: String)] = []
  private var unnamed = 0
  private var bytesLeft: Int
  private var entriesLeft: Int

  /// At most this many refusals are named.
  private static let maximumRefusals = 200

  /// What was not taken; where there is more than is named, the last says how much.
  var refusals: [(path: String, reason: String)] {
    unnamed == 0 ? refused : refused + [("?", "\(unnamed) more that are not named")]
  }

  init(
    bounds: SandboxCollection, skipping skips: @escaping (String) -> Bool = { _ in false },
    take takeFile: @escaping (FoundFile) -> String?
  ) {
    self.bounds = bounds
    self.skips = skips
    self.takeFile = takeFile
    bytesLeft = bounds.maximumBytes
    // Folders, links and pipes cost as much to look at as files.
    entriesLeft = bounds.maximumFiles.multipliedReportingOverflow(by: 2).partialValue
  }

  /// Walks from `source` (a relative path) below `root`.
  mutating func walk(below root: Descriptor) {
    let parts = bounds.source.split(separator: "/").filter { $0 != "." }.map(String.init)
    guard !parts.contains("..") else { return refuse(bounds.source, "leaves the working folder") }
    var folder = root
    for (index, part) in parts.enumerated() {
      var status = stat()
      guard fstatat(folder.number, part, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
        if bounds.takesAllWhereMissing { visitFolder(root, below: "", depth: 0) }
        return
      }
      if index == parts.count - 1, status.st_mode & S_IFMT == S_IFREG {
        return visit(part, status, in: folder, path: part, depth: 0)
      }
      let number = csandbox_open_beneath(folder.number, part, O_RDONLY | O_DIRECTORY, 0)
      guard number >= 0 else { return refuse(part, "is not a folder") }
      folder = Descriptor(number)
    }
    visitFolder(folder, below: "", depth: 0)
  }

  private mutating func visitFolder(_ folder: Descriptor, below path: String, depth: Int) {
    let entries = FolderReader.names(in: folder, limit: max(1, entriesLeft))
    if entries.odd > 0 { refuse(path + "?", "\(entries.odd) names that are not UTF-8") }
    if !entries.isComplete { refuse(path + "?", "more entries than the bound of files") }
    for name in entries.names {
      if skips(path + name) { continue }
      entriesLeft -= 1
      guard entriesLeft >= 0 else {
        return refuse(path + "?", "more entries than the bound of files")
      }
      guard isPlain(name) else {
        refuse(path + "?", "an odd name of \(name.utf8.count) bytes")
        continue
      }
      var status = stat()
      guard fstatat(folder.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
      visit(name, status, in: folder, path: path + name, depth: depth)
    }
  }

  private mutating func visit(
    _ name: String, _ status: stat, in folder: Descriptor, path: String, depth: Int
  ) {
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      take(name, status, in: folder, path: path)
    case S_IFDIR:
      guard depth < bounds.maximumDepth else { return refuse(path, "deeper than the bound") }
      let number = csandbox_open_beneath(folder.number, name, O_RDONLY | O_DIRECTORY, 0)
      guard number >= 0 else { return refuse(path, "a folder that cannot be opened") }
      visitFolder(Descriptor(number), below: path + "/", depth: depth + 1)
    case S_IFLNK: refuse(path, "a symbolic link")
    case S_IFIFO: refuse(path, "a pipe")
    case S_IFSOCK: refuse(path, "a socket")
    default: refuse(path, "a device")
    }
  }

  private mutating func take(
    _ name: String, _ status: stat, in folder: Descriptor, path: String
  ) {
    let bytes = Int(status.st_size)
    guard status.st_nlink == 1 else { return refuse(path, "has \(status.st_nlink) links") }
    guard bytes <= bytesLeft else { return refuse(path, "\(bytes) bytes are over the bound") }
    guard fileCount < bounds.maximumFiles else { return refuse(path, "over the bound of files") }
    fileCount += 1
    bytesLeft -= bytes
    let file = FoundFile(
      path: path, name: name, folder: folder, bytes: bytes,
      modifiedNanoseconds: status.st_mtim.nanoseconds,
      isExecutable: status.st_mode & 0o100 != 0)
    if let reason = takeFile(file) { refuse(path, reason) }
  }

  private mutating func refuse(_ path: String, _ reason: String) {
    if refused.count < CollectionWalk.maximumRefusals {
      refused.append((path, reason))
    } else {
      unnamed += 1
    }
  }

  /// Letters, digits, marks and spaces inside; no control or format characters, nothing that a
  /// shell, a terminal or a path would read as something else.
  private func isPlain(_ name: String) -> Bool {
    guard name.utf8.count <= bounds.maximumNameBytes else { return false }
    let forbidden: Set<Unicode.Scalar> = ["\\", ";", "$", "`", "|", "&", "<", ">", "\"", "'"]
    for scalar in name.unicodeScalars {
      if forbidden.contains(scalar) { return false }
      switch scalar.properties.generalCategory {
      case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
        .paragraphSeparator:
        return false
      default:
        continue
      }
    }
    return name.unicodeScalars.first != "-" && name.unicodeScalars.first != " "
  }
}
