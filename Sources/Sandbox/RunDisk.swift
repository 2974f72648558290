// A disk budget as a file system of that size, mounted without a place: an ext4 image without a
// name on a loop device or, for a small budget, memory. Nothing of it has a name outside this
// process, so a killed runner leaves nothing.

import Base
import CSandbox
import Glibc
import Synchronization

/// A mounted file system of one run.
final class RunDisk: Sendable {
  /// What holds a disk budget.
  enum Kind: Sendable {
    /// A folder of this machine, looked at now and then: no file system of its own.
    case folder
    case image
    /// Its content counts as memory of whoever writes it.
    case memory
  }

  /// The root of the file system.
  let root: Descriptor
  private let device: Descriptor?
  private let budget: Int
  private let inodes: Int
  /// What is taken when the run starts.
  private let start = Atomic<Int>(0)

  /// A file system for a budget, with room for `extraBytes` and `extraInodes` of ours.
  init(_ kind: Kind, budget: Int, inodes: Int, extraBytes: Int, extraInodes: Int) throws {
    self.budget = budget
    self.inodes = inodes
    guard kind == .image else {
      // The root and its two folders come on top.
      root = try Descriptor(
        checking: csandbox_mount_tmpfs(
          UInt64((budget + extraBytes + 4_095) / 4_096 * 4_096), UInt64(inodes + extraInodes + 3)),
        "cannot mount a disk in memory")
      device = nil
      return
    }
    try RunDisk.requireSpace(budget + extraBytes)
    // Extras come in steps, so that there are few templates.
    let template = try DiskTemplate.file(
      bytes: budget + RunDisk.step(extraBytes),
      inodes: inodes + RunDisk.step(extraInodes, from: 16))
    let image = try Descriptor(
      checking: csandbox_unnamed_file(RunDisk.folder), "cannot make a file in \(RunDisk.folder)")
    try RunDisk.check(
      csandbox_copy_sparse(template.number, image.number), "cannot copy the file system template")
    let mounted = try Self.mount(image, "a disk image")
    (device, root) = (mounted.device, mounted.root)
    // ext4 keeps two per cent back for delayed writes, which would be missing from the budget.
    KernelFile.write("/sys/fs/ext4/loop\(mounted.number)/reserved_clusters", "0")
  }

  /// Mounts an ext4 image without a place: its loop device with the number, and its empty root.
  static func mount(
    _ image: Descriptor, _ title: String
  ) throws -> (device: Descriptor, number: Int32, root: Descriptor) {
    var status = stat()
    fstat(image.number, &status)
    var number: Int32 = 0
    let device = try Descriptor(
      checking: csandbox_loop_attach(image.number, UInt64(status.st_size), &number),
      "cannot attach a loop device")
    let root = try Descriptor(checking: csandbox_mount_ext4(number), "cannot mount \(title)")
    unlinkat(root.number, "lost+found", AT_REMOVEDIR)
    return (device, number, root)
  }

  /// Empty files that take the inodes beyond the budget: file systems have them in whole blocks.
  private static func addNames(_ root: Descriptor, leaving budget: Int) {
    let surplus = space(root).freeInodes - budget - 1
    guard surplus > 0, surplus <= 4_096 else { return }
    mkdirat(root.number, "names", 0o700)
    for number in 0..<surplus { mknodat(root.number, "names/\(number)", S_IFREG | 0o600, 0) }
  }

  /// A machine whose own disk is full would look to the program like a broken one.
  private static func requireSpace(_ bytes: Int) throws {
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else { return }
    let (free, overflow) = Int(status.f_bavail).multipliedReportingOverflow(
      by: Int(status.f_frsize))
    guard !overflow, free < bytes else { return }
    throw StemmaError(
      .sandboxFailed, "\(folder) has \(free) bytes free, and the disk budget is \(bytes)",
      advice: "Free some space there, or lower the disk budget.")
  }

  /// Takes what an image has beyond the budget, once everything of ours is on it.
  func fix() throws {
    if device != nil {
      // The bookkeeping of files, such as lists of their extents, is not charged to the program.
      try RunDisk.addBallast(root, leaving: budget + (64 << 10) + budget / 256)
      RunDisk.addNames(root, leaving: inodes)
    }
    start.store(RunDisk.space(root).used, ordering: .relaxed)
  }

  /// The next power of two, from `least` up; zero stays zero.
  private static func step(_ amount: Int, from least: Int = 64) -> Int {
    guard amount > 0 else { return 0 }
    var result = least
    while result < amount { result *= 2 }
    return result
  }

  /// A file that takes what the image has beyond the budget, so that the limit is exact.
  private static func addBallast(_ root: Descriptor, leaving budget: Int) throws {
    let surplus = space(root).free - budget
    guard surplus > 0 else { return }
    let file = try Descriptor(
      checking: csandbox_open_beneath(root.number, "ballast", O_WRONLY | O_CREAT | O_EXCL, 0o600),
      "cannot make a file on the disk image")
    let code = posix_fallocate(file.number, 0, surplus)
    guard code == 0 else {
      throw SystemFailure(action: "cannot size the disk image", code: code).error
    }
  }

  /// Where images lie: on a disk, since /tmp and /run may be memory.
  private static let folder = "/var/tmp"

  static func check(_ result: Int32, _ action: String) throws {
    guard result != 0 else { return }
    throw result < 0
      ? SystemFailure(action: action, code: -result).error : StemmaError(.sandboxFailed, action)
  }

  private static func space(_ root: Descriptor) -> (used: Int, free: Int, freeInodes: Int) {
    var status = statvfs()
    guard fstatvfs(root.number, &status) == 0 else { return (0, 0, 0) }
    let block = Int(status.f_frsize)
    return (
      Int(status.f_blocks - status.f_bfree) * block, Int(status.f_bavail) * block,
      Int(status.f_favail)
    )
  }

  /// Bytes that the run holds now, and whether that is all: a write can be refused a little before
  /// the last block is taken, as its bookkeeping needs blocks too.
  var usage: (bytes: Int, isFull: Bool) {
    let space = RunDisk.space(root)
    return (
      max(0, space.used - start.load(ordering: .relaxed)), space.free <= max(64 << 10, budget / 16)
    )
  }
  var hasNoInode: Bool { RunDisk.space(root).freeInodes == 0 }
}

/// Empty file systems kept as sparse files, because making one costs ten times more than a copy.
enum DiskTemplate {
  static func file(bytes: Int, inodes: Int) throws -> Descriptor {
    let folder = try RuntimeFolder.path()
    let path = "\(folder)/ext4-\(bytes)-\(inodes)"
    if let ready = try? Descriptor.open(trusted: path, O_RDONLY) { return ready }
    let name = RunName.next().text
    let fresh = "\(folder)/\(name)"
    do {
      let file = try Descriptor.open(trusted: fresh, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
      // What the file system needs for itself comes on top of the budget: tables of inodes,
      // bitmaps, the root folder.
      let overhead = (inodes + 16) * 256 + (1 << 20) + bytes / 1_024
      guard ftruncate(file.number, (bytes + overhead + 4_095) / 4_096 * 4_096) == 0 else {
        throw SystemFailure(action: "cannot size \(fresh)", code: errno).error
      }
      let result = csandbox_make_ext4(fresh, UInt64(inodes + 16))
      guard result != -ENOENT else {
        throw StemmaError(
          .sandboxUnavailable, "there is no mkfs.ext4",
          advice: "Install e2fsprogs, or allow the weakness `disk-by-polling`.")
      }
      try RunDisk.check(result, "mkfs.ext4 failed")
    } catch {
      unlink(fresh)
      throw error
    }
    guard rename(fresh, path) == 0 else {
      throw SystemFailure(action: "cannot rename \(fresh)", code: errno).error
    }
    return try Descriptor.open(trusted: path, O_RDONLY)
  }
}
