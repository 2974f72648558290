// What lies in a store's folder beside the tables and the objects: the vault, and whatever a layer
// above keeps there. A copy takes it along without knowing what it is.

internal import Glibc

/// The other files of a store's folder.
enum SideFiles {
  /// Objects, and what belongs to running processes or can be made again.
  private static let left: [StaticString] = [
    "lock.mdb", "creating", "compacting", "rebuilding", "rewriting", "copying", "objects", "work",
    "locks", "derived", "journal",
  ]
  /// The tables under all their names: those of now, of before an upgrade, and unfinished ones.
  private static let tables: StaticString = "data.mdb"
  private static let unfinished: StaticString = ".copying"
  /// Folders in folders beyond this are not followed.
  private static let depthLimit = 32

  /// Copies every file, with its permissions, durably; each is there whole or not at all. Links and
  /// devices are left out.
  static func copy(from source: String, to target: String) throws(StoreError) {
    for name in try ObjectFolder.names(in: source).sorted() where !isLeft(name) {
      try copy(source + "/" + name, to: target + "/" + name, depth: 0)
    }
    try FileHandle(folder: target).sync()
  }

  private static func isLeft(_ name: String) -> Bool {
    left.contains { other in other.withUTF8Buffer { unsafe name.utf8.elementsEqual($0) } }
      || tables.withUTF8Buffer { unsafe name.utf8.starts(with: $0) } || isUnfinished(name)
  }

  private static func isUnfinished(_ name: String) -> Bool {
    unfinished.withUTF8Buffer { unsafe name.utf8.reversed().starts(with: $0.reversed()) }
  }

  private static func copy(
    _ source: String, to target: String, depth: Int
  ) throws(StoreError) {
    var status = stat()
    guard unsafe lstat(source, &status) == 0 else { throw StoreError(system: errno) }
    switch status.st_mode & S_IFMT {
    case S_IFDIR where depth < depthLimit:
      let mode = status.st_mode & 0o777
      if unsafe mkdir(target, mode) != 0, errno != EEXIST { throw StoreError(system: errno) }
      for name in try ObjectFolder.names(in: source).sorted() where !isUnfinished(name) {
        try copy(source + "/" + name, to: target + "/" + name, depth: depth + 1)
      }
      try FileHandle(folder: target).sync()
    case S_IFREG: try copyFile(source, status, to: target)
    default: break
    }
  }

  private static func copyFile(
    _ source: String, _ status: stat, to target: String
  ) throws(StoreError) {
    let bytes = try FileHandle(readingWithoutFollowing: source).readAll()
    let temporary = target + ".copying"
    unsafe unlink(temporary)
    guard let file = try FileHandle(creating: temporary) else { throw StoreError(.busy) }
    do throws(StoreError) {
      try file.write(bytes, count: bytes.count)
      try file.sync()
      guard unsafe chmod(temporary, status.st_mode & 0o777) == 0,
        unsafe rename(temporary, target) == 0
      else { throw StoreError(system: errno) }
    } catch {
      unsafe unlink(temporary)
      throw error
    }
  }
}
