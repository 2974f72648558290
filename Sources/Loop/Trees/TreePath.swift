// Paths inside a tree: relative, with `/`, no part empty or dotted. Every path that enters a
// manifest or leaves one for the disk passes here.

package enum TreePath {
  static let lengthLimit = 1_024

  /// Whether a path can be one of a tree.
  package static func isValid(_ path: String) -> Bool {
    guard !path.isEmpty, path.utf8.count <= lengthLimit,
      path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != 0x5C })
    else { return false }
    return path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && part != "." && part != ".." && part.utf8.count <= 255
    }
  }
}
