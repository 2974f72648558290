// A copy of a store gets its objects and other files first and its tables last, so that a store
// that is there is whole. Until then a file says that a copy is under way: without it, objects
// without tables are what is left of a store that was lost, and nothing is put over that.

internal import Base
internal import Glibc

/// The file that marks a folder into which a store is being copied.
enum CopyMark {
  private static let name = "/copying"

  static func isIn(_ folder: String) -> Bool { unsafe access(folder + name, F_OK) == 0 }

  fileprivate static func put(in folder: String) throws(StoreError) {
    if isIn(folder) { return }
    guard let file = try FileHandle(creating: folder + name) else { return }
    let words = Array("a store is being copied into this folder\n".utf8)
    try file.write(words, count: words.count)
    try file.sync()
    try FileHandle(folder: folder).sync()
  }

  fileprivate static func remove(from folder: String) { unsafe unlink(folder + name) }
}

extension Store {
  /// Makes a folder in which a copy of a store is to be, and marks it; one that was begun before
  /// goes on. Throws where the folder holds a store, or the remains of one.
  package static func beginCopy(into path: String) throws {
    try atEdge(path) { () throws(StoreError) in
      if StoreFiles.holdsStore(path) { throw StoreError(.exists) }
      if unsafe mkdir(path, 0o755) == 0 {
        try FileHandle(folder: path + "/..").sync()
      } else if errno != EEXIST {
        throw StoreError(system: errno)
      }
      if StoreFiles.holdsRemains(path), !CopyMark.isIn(path) { throw StoreError(.fileMissing) }
      try CopyMark.put(in: path)
    }
  }

  /// Ends what `beginCopy` began: the store is there.
  package static func endCopy(into path: String) throws {
    CopyMark.remove(from: path)
    try atEdge(path) { () throws(StoreError) in try FileHandle(folder: path).sync() }
  }

  /// Takes back what `beginCopy` did, where nothing was copied yet; otherwise the mark stays, and
  /// the same copy can be begun again.
  package static func abandonCopy(into path: String) {
    if StoreFiles.holdsStore(path) || StoreFiles.holdsRemains(path) { return }
    CopyMark.remove(from: path)
    unsafe rmdir(path)
  }
}
