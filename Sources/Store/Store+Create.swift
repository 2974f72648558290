// Creating a store on disk. The file is made whole in a folder of its own and then renamed into
// place: a creation that was interrupted leaves nothing that counts as a store, and the next one
// starts again; two at the same time take turns.

internal import Base
internal import Glibc

extension Store {
  /// Creates a store in `path`, making the folder where it is missing, and opens it.
  package static func create(
    at path: String, header: FormatHeader, options: StoreOptions = StoreOptions()
  ) throws -> Store {
    try atEdge(path) { () throws(StoreError) in
      if unsafe mkdir(path, 0o755) != 0, errno != EEXIST { throw StoreError(system: errno) }
      let folder = try FileHandle(folder: path)
      try folder.lockExclusively()
      if StoreFiles.holdsStore(path) { throw StoreError(.exists) }
      try StoreFiles.make(in: path, header: header, options: options)
      try folder.sync()
      return try openFolder(path, options: options)
    }
  }
}

/// The files of a store.
enum StoreFiles {
  private static let data = "/data.mdb"
  private static let lock = "/lock.mdb"
  /// Where a store is made before it is renamed into place.
  private static let nursery = "/creating"

  static func holdsStore(_ folder: String) -> Bool {
    unsafe access(folder + data, F_OK) == 0
  }

  /// Makes the file of a new store, with its tables and its header. The caller has the folder
  /// locked.
  static func make(
    in folder: String, header: FormatHeader, options: StoreOptions
  ) throws(StoreError) {
    let nursery = folder + nursery
    clear(nursery)
    if unsafe mkdir(nursery, 0o755) != 0 { throw StoreError(system: errno) }
    defer { clear(nursery) }
    try Environment.open(folder: nursery, options: options, creating: header).close()
    if unsafe rename(nursery + data, folder + data) != 0 { throw StoreError(system: errno) }
  }

  private static func clear(_ nursery: String) {
    unsafe unlink(nursery + data)
    unsafe unlink(nursery + lock)
    unsafe rmdir(nursery)
  }
}
