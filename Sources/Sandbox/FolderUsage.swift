// How much a folder holds, for the disk budget of an ordinary user. The walk is bounded and
// follows no link: it looks at a folder that a hostile program is changing. Names are bytes here:
// nothing hides behind one that is no text.

import CSandbox
import Glibc

/// Bytes and entries below a folder. What cannot be counted, being too deep, too much or closed to
/// us, is over any budget.
struct FolderUsage {
  var bytes = 0
  var entries = 0

  static let maximumDepth = TreeCopy.maximumDepth
  static let maximumEntries = 200_000

  static func measure(_ folder: Descriptor) -> FolderUsage {
    var usage = FolderUsage()
    usage.add(folder, depth: 0)
    return usage
  }

  private mutating func add(_ folder: Descriptor, depth: Int) {
    let found = FolderReader.rawNames(in: folder, limit: FolderUsage.maximumEntries - entries)
    guard found.isComplete else { return giveUp() }
    for name in found.names {
      entries += 1
      var status = stat()
      guard fstatat(folder.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
        if errno == ENOENT { continue }
        return giveUp()
      }
      bytes += Int(status.st_blocks) * 512
      guard status.st_mode & S_IFMT == S_IFDIR else { continue }
      guard depth < FolderUsage.maximumDepth, entries < FolderUsage.maximumEntries else {
        return giveUp()
      }
      let number = csandbox_open_beneath(folder.number, name, O_RDONLY | O_DIRECTORY, 0)
      if number >= 0 {
        add(Descriptor(number), depth: depth + 1)
      } else if ![ENOENT, ENOTDIR, ELOOP].contains(-number) {
        return giveUp()
      }
      if !isCounted { return }
    }
  }

  /// Whether the numbers are those of all that is there.
  var isCounted: Bool { entries != .max }

  private mutating func giveUp() { entries = .max }
}
