// Which file systems can hold a store: locks and memory maps have to be shared by all processes
// that use it, and over a network they are not.

internal import CLMDB
internal import Glibc

package enum FileSystemKind {
  /// NFS, SMB and CIFS, Ceph, AFS, Coda, 9P, GPFS, Lustre, GFS2, OCFS2, VirtualBox folders: the
  /// magic numbers of statfs(2).
  private static let networkMagic: Set<UInt32> = [
    0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x00C3_6400, 0x5346_414F, 0x6B41_4653, 0x7375_7245,
    0x0102_1997, 0x4750_4653, 0x0BD0_0BD0, 0x0116_1970, 0x7461_636F, 0x786F_4256,
  ]

  /// Whether a path lies on a file system that is shared between machines. What cannot be asked
  /// counts as local: opening then gives the real error.
  package static func isNetwork(_ path: String) -> Bool {
    var information = statfs()
    guard unsafe statfs(path, &information) == 0 else { return false }
    return isNetwork(magic: UInt32(truncatingIfNeeded: information.f_type))
  }

  package static func isNetwork(magic: UInt32) -> Bool { networkMagic.contains(magic) }
}
