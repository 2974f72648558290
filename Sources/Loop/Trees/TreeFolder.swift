// Between trees and folders: captures a folder into objects, lays a tree out as files. Links,
// devices, pipes and sockets are never followed or made.

import Base
import Glibc

package enum TreeFolder {
  package static let fileSizeLimitBytes = 1 << 30
  static let depthLimit = 64

  /// Stores every regular file of a folder that matches `include` and not `exclude`. Throws
  /// `campaign.invalid` where something else than a file or folder matches.
  package static func capture(
    _ directory: String, include: [String] = ["**"], exclude: [String] = [],
    into objects: some ObjectStore
  ) throws -> Tree {
    let walk = Walk(include: include.map(Glob.init), exclude: exclude.map(Glob.init))
    var files: [Tree.File] = []
    for (path, isExecutable) in try walk.files(in: directory) {
      let bytes = try FileBytes.read(directory + "/" + path, limitBytes: fileSizeLimitBytes)
      let hash = try objects.store(bytes)
      files.append(.init(path: path, isExecutable: isExecutable, hash: hash, size: bytes.count))
      guard files.count <= Tree.fileLimit else {
        throw StemmaError(
          .campaignInvalid, "\(directory) holds more than \(Tree.fileLimit) files",
          advice: "Exclude what proposals do not need; mount data with read_only.")
      }
    }
    return Tree(files)
  }

  /// Writes a tree into a new folder, which must not exist yet.
  package static func materialise(
    _ tree: Tree, at directory: String, from objects: some ObjectStore
  ) throws {
    try makeFolder(directory)
    var made: Set<String> = []
    for file in tree.files {
      let parts = file.path.split(separator: "/").dropLast()
      var folder = ""
      for part in parts {
        folder += "/" + part
        if made.insert(folder).inserted { try makeFolder(directory + folder) }
      }
      let path = directory + "/" + file.path
      let mode: UInt32 = file.isExecutable ? 0o755 : 0o644
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
      guard descriptor >= 0 else { throw FileBytes.unwritable(path, errno) }
      defer { close(descriptor) }
      try FileBytes.writeAll(objects.load(file.hash), to: descriptor, path: path)
      fchmod(descriptor, mode)
    }
  }

  static func makeFolder(_ path: String) throws {
    guard mkdir(path, 0o755) == 0 else { throw FileBytes.unwritable(path, errno) }
  }

  /// Makes a folder and those above it where they are missing.
  package static func makeFolders(_ path: String) throws {
    var whole = path.hasPrefix("/") ? "" : FilePaths.currentDirectory()
    for part in path.split(separator: "/") {
      whole += "/" + part
      if mkdir(whole, 0o755) != 0, errno != EEXIST { throw FileBytes.unwritable(whole, errno) }
    }
  }

  /// Names in a folder, sorted by bytes.
  package static func names(in directory: String) throws -> [String] {
    guard let stream = opendir(directory) else { throw FileBytes.unreadable(directory, errno) }
    defer { closedir(stream) }
    var names: [Text] = []
    while let entry = readdir(stream) {
      let bytes = withUnsafeBytes(of: entry.pointee.d_name) { raw in
        Array(raw.prefix { $0 != 0 })
      }
      guard let name = Text(validatingUTF8: bytes) else {
        throw StemmaError(
          .campaignInvalid, "a name in \(directory) is not UTF-8",
          advice: "Rename the file, or keep it outside the captured folder.")
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted().map(\.string)
  }

  /// The regular files below a folder.
  private struct Walk {
    var include: [Glob]
    var exclude: [Glob]

    func files(in directory: String) throws -> [(path: String, isExecutable: Bool)] {
      var found: [(path: String, isExecutable: Bool)] = []
      try visit(directory, "", depth: 0, into: &found)
      return found
    }

    private func visit(
      _ root: String, _ prefix: String, depth: Int,
      into found: inout [(path: String, isExecutable: Bool)]
    ) throws {
      guard depth <= depthLimit else {
        throw StemmaError(.campaignInvalid, "folders in \(root) are nested too deeply")
      }
      for name in try names(in: prefix.isEmpty ? root : root + "/" + prefix) {
        let path = prefix.isEmpty ? name : prefix + "/" + name
        if exclude.contains(where: { $0.matches(path) }) { continue }
        var status = stat()
        guard lstat(root + "/" + path, &status) == 0 else {
          throw FileBytes.unreadable(root + "/" + path, errno)
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: try visit(root, path, depth: depth + 1, into: &found)
        case S_IFREG:
          guard include.contains(where: { $0.matches(path) }) else { continue }
          guard TreePath.isValid(path) else {
            throw StemmaError(.campaignInvalid, "'\(path)' cannot be a path in a tree")
          }
          found.append((path, status.st_mode & 0o100 != 0))
        default:
          guard include.contains(where: { $0.matches(path) }) else { continue }
          throw StemmaError(
            .campaignInvalid, "\(root)/\(path) is a link or a special file",
            at: .file(path: root + "/" + path, line: nil, column: nil),
            advice: "Trees hold regular files only: replace it by its content or exclude it.")
        }
      }
    }
  }
}
