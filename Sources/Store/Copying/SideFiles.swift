// What lies in a store's folder beside the tables and the objects: the vault, and whatever a layer
// above keeps there. A copy takes it along without knowing what it is, but for what belongs to
// runs that are under way: those begin anew from the log.

internal import Base
internal import Glibc

/// The other files of a store's folder.
enum SideFiles {
  /// Objects, and what belongs to running processes or can be made again.
  private static let left: [StaticString] = [
    "lock.mdb", "creating", "compacting", "rebuilding", "rewriting", "copying", "objects", "work",
    "locks", "derived", "journal", "resume", "calls", "stamps",
  ]
  /// The tables under all their names: those of now, of before an upgrade, and unfinished ones.
  private static let tables: StaticString = "data.mdb"
  private static let unfinished: StaticString = ".copying"
  /// Folders in folders beyond this are not followed.
  private static let depthLimit = 32

  /// Copies every file, with its permissions, durably; each is there whole or not at all. Links and
  /// devices are left out. Errors name the file.
  static func copy(from source: String, to target: String) throws {
    for name in try names(in: source) where !isLeft(name) {
      try copy(source + "/" + name, to: target + "/" + name, depth: 0)
    }
    try sync(target)
  }

  private static func isLeft(_ name: String) -> Bool {
    left.contains { other in other.withUTF8Buffer { unsafe name.utf8.elementsEqual($0) } }
      || tables.withUTF8Buffer { unsafe name.utf8.starts(with: $0) } || isUnfinished(name)
  }

  private static func isUnfinished(_ name: String) -> Bool {
    unfinished.withUTF8Buffer { unsafe name.utf8.reversed().starts(with: $0.reversed()) }
  }

  private static func names(in folder: String) throws -> [String] {
    try Store.atEdge(folder) { () throws(StoreError) in
      try ObjectFolder.names(in: folder).sorted()
    }
  }

  private static func sync(_ folder: String) throws {
    try Store.atEdge(folder) { () throws(StoreError) in try FileHandle(folder: folder).sync() }
  }

  private static func copy(_ source: String, to target: String, depth: Int) throws {
    var status = stat()
    guard unsafe lstat(source, &status) == 0 else {
      throw StemmaError(StoreError(system: errno), path: source)
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR where depth < depthLimit:
      let mode = status.st_mode & 0o777
      // It may not be readable, and then there is none of the other.
      let inner = try names(in: source).filter { !isUnfinished($0) }
      if unsafe mkdir(target, mode) != 0, errno != EEXIST {
        throw StemmaError(StoreError(system: errno), path: target)
      }
      for name in inner {
        try copy(source + "/" + name, to: target + "/" + name, depth: depth + 1)
      }
      try sync(target)
    case S_IFREG: try copyFile(source, status, to: target)
    default: break
    }
  }

  private static func copyFile(_ source: String, _ status: stat, to target: String) throws {
    let original: FileHandle
    do throws(StoreError) {
      original = try FileHandle(readingWithoutFollowing: source)
    } catch {
      throw StemmaError(error, path: source)
    }
    do throws(StoreError) {
      try write(original, status.st_mode & 0o777, to: target)
    } catch {
      throw StemmaError(error, path: target)
    }
  }

  private static func write(
    _ original: borrowing FileHandle, _ mode: mode_t, to target: String
  ) throws(StoreError) {
    let temporary = target + ".copying"
    unsafe unlink(temporary)
    guard let file = try FileHandle(creating: temporary) else { throw StoreError(.busy) }
    do throws(StoreError) {
      try file.write(contentsOf: original)
      try file.sync()
      guard unsafe chmod(temporary, mode) == 0, unsafe rename(temporary, target) == 0 else {
        throw StoreError(system: errno)
      }
    } catch {
      unsafe unlink(temporary)
      throw error
    }
  }
}
