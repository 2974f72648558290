// Creating a store on disk. The file is made whole in a folder of its own, with whatever belongs to
// it from the start, and then renamed into place: a creation that failed or was interrupted leaves
// nothing that counts as a store, and the next one starts again; two at the same time take turns.

internal import Base
internal import Glibc

extension Store {
  /// Creates a store in `path`, making the folder where it is missing, and opens it. `prepare`
  /// writes what the store is to begin with; where anything fails, nothing is left.
  package static func create(
    at path: String, header: FormatHeader, options: StoreOptions = StoreOptions(),
    prepare: (Store) throws -> Void = { _ in }
  ) throws -> Store {
    let isNewFolder = unsafe mkdir(path, 0o755) == 0
    do {
      if !isNewFolder, errno != EEXIST { throw StoreError(system: errno) }
      let folder = try FileHandle(folder: path)
      try folder.lockExclusively()
      if StoreFiles.holdsStore(path) { throw StoreError(.exists) }
      if StoreFiles.holdsRemains(path), !CopyMark.isIn(path) { throw StoreError(.fileMissing) }
      try StoreFiles.make(in: path, header: header, options: options, prepare: prepare)
      try folder.sync()
      if isNewFolder { try FileHandle(folder: path + "/..").sync() }
      return try openFolder(path, options: options)
    } catch {
      // It is removed only if it is empty.
      if isNewFolder { unsafe rmdir(path) }
      if let error = error as? StoreError { throw StemmaError(error, path: path) }
      throw error
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

  /// Whether what only a store that was written to has is there. A new store over it would pass
  /// for the old one, and take the journal for its own.
  static func holdsRemains(_ folder: String) -> Bool {
    ["/objects", "/vault", JournalFile.name].contains {
      unsafe access(folder + $0, F_OK) == 0
    }
  }

  /// Throws what there is instead of a store.
  static func requireStore(_ folder: String) throws(StoreError) {
    if holdsStore(folder) { return }
    if errno == EACCES { throw StoreError(.forbidden, number: EACCES) }
    if CopyMark.isIn(folder) { throw StoreError(.halfCopied) }
    if holdsRemains(folder) { throw StoreError(.fileMissing) }
    let isHalfMade = unsafe access(folder + nursery, F_OK) == 0
    throw StoreError(isHalfMade ? .halfMade : .missing)
  }

  /// Makes the file of a new store, with its tables and its header. The caller has the folder
  /// locked.
  static func make(
    in folder: String, header: FormatHeader, options: StoreOptions,
    prepare: (Store) throws -> Void
  ) throws {
    let nursery = folder + nursery
    clear(nursery)
    if unsafe mkdir(nursery, 0o755) != 0 { throw StoreError(system: errno) }
    defer { clear(nursery) }
    do {
      try Environment.open(folder: nursery, options: options, creating: header).close()
      // It is closed when this returns, before the file gets its place.
      try prepare(Store.openFolder(nursery, named: folder, options: options))
      // What could not be synced then is in a journal that stays behind.
      try JournalRecovery.settleUnlessOpen(nursery, options: options)
    } catch let error as StoreError {
      throw error.explained(in: nursery)
    }
    if unsafe rename(nursery + data, folder + data) != 0 { throw StoreError(system: errno) }
  }

  private static func clear(_ nursery: String) {
    unsafe unlink(nursery + data)
    unsafe unlink(nursery + lock)
    unsafe unlink(nursery + JournalFile.name)
    unsafe rmdir(nursery)
  }
}
