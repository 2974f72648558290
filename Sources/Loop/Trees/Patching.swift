// Makes a proposal's tree: the base tree with declared patches applied in order of name, then files
// that a proposer wrote. Everything stays within the editable globs.

import Base

/// Content of a declared patch as it was captured when the campaign started.
package enum CapturedPatch: Sendable, Hashable {
  case replacements([(path: String, hash: String)])
  case diff(hash: String)

  package static func == (left: CapturedPatch, right: CapturedPatch) -> Bool {
    switch (left, right) {
    case (.diff(let first), .diff(let second)): first == second
    case (.replacements(let first), .replacements(let second)):
      first.elementsEqual(second) { $0.path == $1.path && $0.hash == $1.hash }
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .diff(let hash): hasher.combine(hash)
    case .replacements(let pairs):
      for pair in pairs {
        hasher.combine(pair.path)
        hasher.combine(pair.hash)
      }
    }
  }
}

struct Patching<Objects: ObjectStore> {
  let objects: Objects
  let editable: [Glob]

  init(objects: Objects, editable: [String]) {
    self.objects = objects
    self.editable = editable.map(Glob.init)
  }

  /// Puts a file's content into a tree.
  func put(_ content: [UInt8]?, at path: String, in tree: Tree) throws -> Tree {
    guard TreePath.isValid(path), editable.contains(where: { $0.matches(path) }) else {
      throw StemmaError(.providerAnswer, "'\(path)' is not editable in this campaign")
    }
    guard let content else { return tree.replacing(path, with: nil) }
    let file = Tree.File(
      path: path, isExecutable: tree[path]?.isExecutable ?? false,
      hash: try objects.store(content), size: content.count)
    return tree.replacing(path, with: file)
  }

  /// Applies a captured patch.
  func apply(_ patch: CapturedPatch, to tree: Tree) throws -> Tree {
    switch patch {
    case .replacements(let pairs):
      return try pairs.reduce(tree) { try put(objects.load($1.hash), at: $1.path, in: $0) }
    case .diff(let hash):
      return try UnifiedDiff(objects.load(hash)).files.reduce(tree) { tree, change in
        guard let path = change.newPath ?? change.oldPath else {
          throw StemmaError(.campaignInvalid, "a diff changes /dev/null")
        }
        let old = try change.oldPath.flatMap { tree[$0] }.map { try objects.load($0.hash) } ?? []
        let new = try UnifiedDiff.apply(change.hunks, to: old, path: path)
        return try put(change.newPath == nil ? nil : new, at: path, in: tree)
      }
    }
  }

  /// The unified diff between two trees.
  func difference(from old: Tree, to new: Tree) throws -> String {
    let paths = Set((old.files + new.files).map { Text($0.path) }).sorted()
    var text = ""
    for path in paths.map(\.string) where old[path]?.hash != new[path]?.hash {
      text += TextDifference.unified(
        old: try old[path].map { try objects.load($0.hash) },
        new: try new[path].map { try objects.load($0.hash) }, path: path)
    }
    return text
  }
}
