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

/// The right to copy into a folder, which one at a time has.
package final class CopyTurn: Sendable {
  private let folder: FileHandle
  fileprivate init(_ folder: consuming FileHandle) { self.folder = folder }
}

extension Store {
  /// Takes the turn to copy into a folder, which is made where it is missing. Throws `store.busy`
  /// where another copies into it, and `argument.invalid` where it lies in the source.
  package static func takeCopyTurn(into path: String, from source: String) throws -> CopyTurn {
    try requireApart(path, from: source)
    return try atEdge(path) { () throws(StoreError) in
      try makeFolder(path)
      let folder = try FileHandle(folder: path)
      guard try folder.tryLockExclusively() else { throw StoreError(.busy) }
      return CopyTurn(folder)
    }
  }

  /// Refuses a folder for a copy that is the store's own or lies in it, under whatever name.
  package static func requireApart(_ path: String, from source: String) throws {
    guard let store = try? EnvironmentRegistry.Identity(folder: source) else { return }
    // A folder that is still to be made lies in its parent.
    let slash = path.lastIndex(of: "/")
    let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    var folder = unsafe access(path, F_OK) == 0 ? path : parent
    var identity = try? EnvironmentRegistry.Identity(folder: folder)
    while let here = identity {
      if here == store {
        let isItself = folder == path
        throw StemmaError(
          .argumentInvalid,
          isItself ? "\(path) is the store itself" : "\(path) lies in the store at \(source)",
          advice: "name a folder outside of the store, best on another disk")
      }
      folder += "/.."
      let above = try? EnvironmentRegistry.Identity(folder: folder)
      identity = above == here ? nil : above
    }
  }

  private static func makeFolder(_ path: String) throws(StoreError) {
    if unsafe mkdir(path, 0o755) == 0 {
      try FileHandle(folder: path + "/..").sync()
    } else if errno != EEXIST {
      throw StoreError(system: errno)
    }
  }

  /// Makes a folder in which a copy of a store is to be, and marks it; one that was begun before
  /// goes on. Throws where the folder holds a store, or the remains of one.
  package static func beginCopy(into path: String) throws {
    try atEdge(path) { () throws(StoreError) in
      if StoreFiles.holdsStore(path) { throw StoreError(.exists) }
      try makeFolder(path)
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
    unsafe unlink(path + part)
    if StoreFiles.holdsStore(path) || StoreFiles.holdsRemains(path) { return }
    CopyMark.remove(from: path)
    unsafe rmdir(path)
  }
}
