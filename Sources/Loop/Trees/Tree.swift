// A tree of files by content: a canonical manifest that is an object itself, so one hash names a
// whole tree. Only regular files, with or without the right to be executed; nothing else can be in
// a tree.

import Base

/// The files of a tree, sorted by the bytes of their paths.
package struct Tree: Sendable, Hashable {
  package struct File: Sendable, Hashable {
    package var path: String
    package var isExecutable: Bool
    /// SHA-256 of the content, in hexadecimal.
    package var hash: String
    package var size: Int
  }

  package static let fileLimit = 100_000
  private static let heading = "stemma tree 1"

  package private(set) var files: [File]

  package init(_ files: [File] = []) {
    self.files = files.sorted { Text($0.path) < Text($1.path) }
  }

  /// The canonical text: one line per file.
  package var manifest: [UInt8] {
    var text = Self.heading + "\n"
    for file in files {
      text += "\(file.isExecutable ? "100755" : "100644") \(file.hash) \(file.size) \(file.path)\n"
    }
    return Array(text.utf8)
  }

  /// Reads a manifest. Throws `store.damaged` for anything that `manifest` would not have written.
  package init(manifest: [UInt8]) throws {
    let broken = StemmaError(.storeDamaged, "an object is not a tree")
    guard let text = String(validating: manifest, as: UTF8.self) else { throw broken }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 2, lines.removeFirst() == Self.heading, lines.removeLast().isEmpty else {
      throw broken
    }
    files = try lines.map { line in
      let parts = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
      guard parts.count == 4, parts[0] == "100644" || parts[0] == "100755",
        parts[1].utf8.count == 64, let size = Int(parts[2]), size >= 0,
        TreePath.isValid(String(parts[3]))
      else { throw broken }
      return File(
        path: String(parts[3]), isExecutable: parts[0] == "100755", hash: String(parts[1]),
        size: size)
    }
    guard self.manifest == manifest else { throw broken }
  }

  /// The file at a path.
  package subscript(path: String) -> File? {
    files.first { $0.path.utf8.elementsEqual(path.utf8) }
  }

  /// The same tree with a file put in place, or taken out where `nil`.
  package func replacing(_ path: String, with file: File?) -> Tree {
    var kept = files.filter { !$0.path.utf8.elementsEqual(path.utf8) }
    if let file { kept.append(file) }
    return Tree(kept)
  }

  /// Stores the manifest and returns the tree's hash.
  package func store(in objects: some ObjectStore) throws -> String {
    try objects.store(manifest)
  }

  /// The tree with a hash.
  package static func load(_ hash: String, from objects: some ObjectStore) throws -> Tree {
    try Tree(manifest: objects.load(hash))
  }
}
