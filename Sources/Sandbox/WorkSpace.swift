// Where a run works: a file system of its own with the owner's files copied in, or the owner's folder
// itself where no such file system can be made.

import Base
import CSandbox
import Glibc

/// The working folder of one run, and its temporary folder.
final class WorkSpace: Sendable {
  /// The file system of the run; `nil` where it works in the owner's folder.
  let image: DiskImage?
  /// The folder that the program sees as its working folder.
  let work: Descriptor
  /// What was copied in.
  let copied: [String: CopiedFile]

  /// A file system of the budget's size, owned by `user`.
  init(budget: SandboxBudget, copying folder: String, user: UInt32) throws {
    let image = try DiskImage(bytes: budget.diskBytes, inodes: budget.inodes)
    let root = image.root.number
    let source = try Descriptor.open(trusted: folder, O_RDONLY | O_DIRECTORY)
    guard mkdirat(root, "work", 0o755) == 0, mkdirat(root, "tmp", 0o777) == 0,
      fchmodat(root, "tmp", 0o1777, 0) == 0
    else { throw SystemFailure(action: "cannot prepare the disk image", code: errno).error }
    work = try Descriptor(
      checking: csandbox_open_beneath(root, "work", O_RDONLY | O_DIRECTORY, 0),
      "cannot open the disk image")
    var copy = TreeCopy(user: user)
    try copy.copy(from: source, to: work)
    fchown(work.number, user, user)
    unlinkat(root, "lost+found", AT_REMOVEDIR)
    self.image = image
    copied = copy.files
  }

  /// The owner's folder itself.
  init(folder: String) throws {
    image = nil
    work = try Descriptor.open(trusted: folder, O_RDONLY | O_DIRECTORY)
    copied = [:]
  }
}
