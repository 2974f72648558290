// A folder that outlives a run: an ext4 image with a name, mounted without a place for each run, or
// a plain folder where no image can be mounted. It belongs to one run at a time. An image that was
// not unmounted (a power loss) is thrown away: it has no journal, and what it holds can be made
// again.

import Base
import CSandbox
import Glibc

/// The kept folder of one run, while the run goes on.
final class KeptDisk: Sendable {
  /// The root of its file system; `nil` where it is a plain folder.
  let root: Descriptor?
  /// The plain folder.
  let folder: String?
  private let device: Descriptor?

  private static let imageSuffix = ".ext4"
  private static let inodes = 4_096
  /// The owner of everything on an image; runs see themselves in its place.
  private static let owner: UInt32 = 0
  /// A runner that was killed leaves a mount until its last process is gone.
  private static let waitMilliseconds = 10_000

  /// - Parameter user: who the run is; `nil` for ourselves.
  init(_ kept: KeptFolder, onDisks: Bool, user: UInt32?) throws {
    guard onDisks, let user else {
      if mkdir(kept.place, 0o700) != 0, errno != EEXIST {
        throw SystemFailure(action: "cannot make \(kept.place)", code: errno).error
      }
      folder = kept.place
      root = nil
      device = nil
      return
    }
    let image = kept.place + Self.imageSuffix
    try Self.waitUntilFree(image)
    if !Self.isSound(image) { try Self.make(image, bytes: kept.bytes) }
    let mounted = try RunDisk.mount(Descriptor.open(trusted: image, O_RDWR), "the kept folder")
    guard let mapping = StagedTree.mapping(of: Self.owner, to: user) else {
      throw StemmaError(.sandboxFailed, "the kept folder cannot be shown as another user's")
    }
    try RunDisk.check(
      csandbox_map_mount(mounted.root.number, mapping.number), "cannot show the kept folder")
    (device, root) = (mounted.device, mounted.root)
    folder = nil
  }

  static func remove(_ place: String) {
    unlink(place + imageSuffix)
    FolderRemoval.remove(place)
  }

  /// Whether it is there and was unmounted, which the file system notes of itself.
  private static func isSound(_ image: String) -> Bool {
    guard let file = try? Descriptor.open(trusted: image, O_RDONLY) else { return false }
    var state = [UInt8](repeating: 0, count: 2)
    return pread(file.number, &state, 2, 1_024 + 0x3A) == 2 && state[0] & 1 == 1
  }

  private static func make(_ image: String, bytes: Int) throws {
    let template = try DiskTemplate.file(bytes: bytes, inodes: inodes)
    let fresh = image + ".new"
    unlink(fresh)
    let file = try Descriptor.open(trusted: fresh, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
    try RunDisk.check(
      csandbox_copy_sparse(template.number, file.number), "cannot copy the file system template")
    guard rename(fresh, image) == 0 else {
      throw SystemFailure(action: "cannot make \(image)", code: errno).error
    }
  }

  /// Two mounts of one image would destroy it.
  static func waitUntilFree(_ image: String) throws {
    let end = MonotonicClock.milliseconds() + waitMilliseconds
    while isMounted(image) {
      guard MonotonicClock.milliseconds() < end else {
        throw StemmaError(.sandboxFailed, "\(image) is still in use by another run")
      }
      usleep(20_000)
    }
  }

  private static func isMounted(_ image: String) -> Bool {
    guard let real = realpath(image, nil),
      let blocks = try? Descriptor.open(trusted: "/sys/block", O_RDONLY | O_DIRECTORY)
    else { return false }
    defer { free(real) }
    let path = String(cString: real)
    return FolderReader.names(in: blocks, limit: 1 << 16).names.contains { name in
      name.hasPrefix("loop")
        && KernelFile.read("/sys/block/\(name)/loop/backing_file", limit: 4_096)?
          .hasPrefix(path + "\n") == true
    }
  }
}
