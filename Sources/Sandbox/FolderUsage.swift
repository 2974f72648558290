// How much a folder holds, for the disk budget of an ordinary user. The walk is bounded and
// follows no link: it looks at a folder that a hostile program is changing.

import CSandbox
import Glibc

/// Bytes and entries below a folder.
struct FolderUsage {
  var bytes = 0
  var entries = 0

  static let maximumDepth = 32
  static let maximumEntries = 200_000

  static func measure(_ folder: Descriptor) -> FolderUsage {
    var usage = FolderUsage()
    usage.add(folder, depth: 0)
    return usage
  }

  private mutating func add(_ folder: Descriptor, depth: Int) {
    let found = FolderReader.names(in: folder, limit: FolderUsage.maximumEntries - entries)
    entries += found.odd
    for name in found.names {
      entries += 1
      var status = stat()
      guard fstatat(folder.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
      bytes += Int(status.st_blocks) * 512
      guard status.st_mode & S_IFMT == S_IFDIR, depth < FolderUsage.maximumDepth,
        entries < FolderUsage.maximumEntries
      else { continue }
      let number = csandbox_open_beneath(folder.number, name, O_RDONLY | O_DIRECTORY, 0)
      if number >= 0 { add(Descriptor(number), depth: depth + 1) }
    }
  }
}
