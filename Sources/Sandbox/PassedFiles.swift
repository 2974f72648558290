// Small files that bubblewrap reads from descriptors: the filter of system calls, and the lists of
// users and groups that are seen inside. Their position is shared with the child that reads them,
// so they are never passed to two sandboxes at once.

import CSandbox
import Glibc

/// The files of one slot, for one sandbox after the other.
struct PassedFiles: Sendable {
  /// Whether the filter is for budgets that are held by looks at processes.
  let isWatchedByLooks: Bool
  let filter: Descriptor
  let users: Descriptor
  let groups: Descriptor

  init(isWatchedByLooks: Bool) throws {
    self.isWatchedByLooks = isWatchedByLooks
    filter = try Descriptor(
      checking: csandbox_seccomp_program(isWatchedByLooks ? 1 : 0), "cannot make the filter")
    users = try PassedFiles.file(BubblewrapOptions.usersFile)
    groups = try PassedFiles.file(BubblewrapOptions.groupsFile)
  }

  private static func file(_ text: String) throws -> Descriptor {
    let bytes = Array(text.utf8)
    return try Descriptor(checking: csandbox_memory_file(bytes, bytes.count), "cannot make a file")
  }

  /// Puts them back to their start; whoever read them before is dead.
  func rewind() {
    for file in [filter, users, groups] { lseek(file.number, 0, SEEK_SET) }
  }
}
