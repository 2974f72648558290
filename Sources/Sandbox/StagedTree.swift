// A folder or file of the owner's, on its way into a sandbox: a detached mount, read-only or not,
// in which the owner's files look like the run's own. So a run under another user id reads what
// the owner granted, even where the folders above or the modes of the files are closed to others.

import Base
import CSandbox
import Glibc
import Synchronization

enum StagedTree {
  private struct Key: Hashable {
    var owner: UInt32
    var group: UInt32
    var user: UInt32
  }

  /// User namespaces are dear to make and cost nothing to keep; there is one per owner and slot.
  private static let mappings = Mutex<[Key: Descriptor]>([:])

  /// A descriptor of the detached mount, for `csandbox_plan_mount`.
  static func open(_ path: String, isReadOnly: Bool, user: UInt32) throws -> Int32 {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw SystemFailure(action: "cannot open \(path)", code: errno).error
    }
    if let mapping = mapping(Key(owner: status.st_uid, group: status.st_gid, user: user)) {
      let tree = csandbox_clone_tree(path, isReadOnly ? 1 : 0, mapping.number)
      if tree >= 0 { return tree }
    }
    // File systems without mappings (network, old kernels) show the files as they are.
    let tree = csandbox_clone_tree(path, isReadOnly ? 1 : 0, -1)
    guard tree >= 0 else {
      throw SystemFailure(action: "cannot mount \(path)", code: -tree).error
    }
    return tree
  }

  /// A mapping under which files of `owner` are those of `user`.
  static func mapping(of owner: UInt32, to user: UInt32) -> Descriptor? {
    mapping(Key(owner: owner, group: owner, user: user))
  }

  private static func mapping(_ key: Key) -> Descriptor? {
    mappings.withLock { known in
      if let mapping = known[key] { return mapping }
      let number = csandbox_user_mapping(key.owner, key.group, key.user)
      guard number >= 0 else { return nil }
      let mapping = Descriptor(number)
      known[key] = mapping
      return mapping
    }
  }
}
