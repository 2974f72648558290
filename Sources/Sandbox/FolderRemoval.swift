// Removes what a dead run leaves: a folder with everything below it, however deep a hostile program
// nested it, whatever it called it and whomever it closed it to. It follows no link.

import CSandbox
import Glibc

package enum FolderRemoval {
  private static let maximumPasses = 1_000
  private static let maximumDepth = 64
  private static let maximumNames = 1 << 20

  /// Removes a folder, or the one file or link of that name; missing is fine.
  package static func remove(_ path: String) {
    if unlink(path) == 0 || errno == ENOENT { return }
    // What could not be unlinked is a folder.
    fchmodat(AT_FDCWD, path, 0o700, AT_SYMLINK_NOFOLLOW)
    guard let folder = try? Descriptor.open(trusted: path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    else { return }
    // Each pass removes what is near and moves what is deep to the top, for the next pass.
    var moved = 0
    var passes = 0
    while rmdir(path) != 0, errno == ENOTEMPTY, passes < maximumPasses {
      empty(folder, root: folder, depth: 0, moved: &moved)
      passes += 1
    }
  }

  private static func empty(_ folder: Descriptor, root: Descriptor, depth: Int, moved: inout Int) {
    for name in FolderReader.rawNames(in: folder, limit: maximumNames).names {
      if unlinkat(folder.number, name, 0) == 0 { continue }
      fchmodat(folder.number, name, 0o700, AT_SYMLINK_NOFOLLOW)
      if depth == maximumDepth {
        moved += 1
        renameat(folder.number, name, root.number, "deep-\(moved)")
        continue
      }
      let number = openat(folder.number, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      if number >= 0 { empty(Descriptor(number), root: root, depth: depth + 1, moved: &moved) }
      unlinkat(folder.number, name, AT_REMOVEDIR)
    }
  }
}
