// Giving free pages back to the disk: a compact copy is made beside the file, checked by our own
// reader, and renamed over it, while no other process has the store open.

internal import Base
internal import CLMDB
internal import Glibc

extension Store {
  /// Rewrites the tables of the store at `path` without free pages. Returns the sizes of the file
  /// before and after, in bytes. Throws `store.busy` where anybody else has the store open.
  package static func compact(at path: String) throws -> (before: Int, after: Int) {
    do {
      // The store is closed when this returns, and only then is the lock given back.
      let (sizes, lock) = try compactAlone(path)
      return withExtendedLifetime(lock) { sizes }
    } catch let error as StoreError {
      throw StemmaError(error, path: path)
    }
  }

  private static func compactAlone(
    _ path: String
  ) throws -> (sizes: (before: Int, after: Int), lock: LockFile.Alone) {
    let (store, environment, lock) = try openAlone(path)
    return (try withExtendedLifetime(store) { try compact(path, environment) }, lock)
  }

  /// Opens a store that nobody else has open, in this process or another.
  static func openAlone(
    _ path: String
  ) throws -> (store: Store, environment: Environment, lock: LockFile.Alone) {
    let store = try open(at: path)
    guard case .disk(let environment, let identity) = store.engine,
      EnvironmentRegistry.shared.userCount(identity) == 1
    else { throw StoreError(.openElsewhere) }
    let lock = try LockFile.takeAlone(in: path)
    try forgetUnreplaced(path)
    return (store, environment, lock)
  }

  /// Puts the tables that `make` makes in the place of the store's, which are kept under another
  /// name; that is returned. `make` gets the store's format, and returns the folder of the new
  /// tables, or `nil` to change nothing. Throws `store.busy` where anybody else has the store open.
  package static func replaceTables(
    at path: String, _ make: (_ format: UInt16) throws -> String?
  ) throws -> String? {
    do {
      let (kept, lock) = try replaceTablesAlone(path, make)
      return withExtendedLifetime(lock) { kept }
    } catch let error as StoreError {
      throw StemmaError(error, path: path)
    }
  }

  private static func replaceTablesAlone(
    _ path: String, _ make: (_ format: UInt16) throws -> String?
  ) throws -> (kept: String?, lock: LockFile.Alone) {
    let (store, _, lock) = try openAlone(path)
    return try withExtendedLifetime(store) {
      guard let folder = try make(store.header.format) else { return (nil, lock) }
      try continueTransactions(of: path + "/data.mdb", in: folder + "/data.mdb")
      guard try LMDBFileCheck.check(folder, isWhole: true).isSound else {
        throw StoreError(.damaged)
      }
      var name = "data.mdb.format-\(store.header.format)"
      let old = path + "/data.mdb"
      while unsafe access(path + "/" + name, F_OK) == 0, !isSameFile(old, path + "/" + name) {
        name += "-again"
      }
      // The old file gets its second name before it loses the first; an interrupted run may have
      // given it already.
      if !isSameFile(old, path + "/" + name), unsafe link(old, path + "/" + name) != 0 {
        throw StoreError(system: errno)
      }
      if unsafe rename(folder + "/data.mdb", path + "/data.mdb") != 0 {
        throw StoreError(system: errno)
      }
      try FileHandle(folder: path).sync()
      try removeTables(in: folder)
      return (name, lock)
    }
  }

  private static func compact(
    _ path: String, _ environment: Environment
  ) throws(StoreError) -> (before: Int, after: Int) {
    let folder = path + "/compacting"
    let copy = folder + "/data.mdb"
    unsafe unlink(copy)
    if unsafe mkdir(folder, 0o755) != 0, errno != EEXIST { throw StoreError(system: errno) }
    defer {
      unsafe unlink(copy)
      unsafe rmdir(folder)
    }
    try environment.copy(to: copy)
    try continueTransactions(of: path + "/data.mdb", in: copy)
    let old = try LMDBFileCheck.check(path, isWhole: true)
    let new = try LMDBFileCheck.check(folder, isWhole: true)
    guard old.isSound, new.isSound, old.entries == new.entries else { throw StoreError(.damaged) }
    let sizes = (allocated(path + "/data.mdb"), allocated(copy))
    if unsafe rename(copy, path + "/data.mdb") != 0 { throw StoreError(system: errno) }
    try FileHandle(folder: path).sync()
    return sizes
  }

  /// LMDB numbers the transactions of a new file from 1 again; the lock file, which stays, goes by
  /// the old numbers. Where the new file took more transactions to make than the old one has seen,
  /// its own number stays: the pages that it has free are counted by it.
  static func continueTransactions(
    of original: String, in copy: String
  ) throws(StoreError) {
    var report = LMDBFileReport()
    let old = try FileHandle(readingWithoutFollowing: original)
    let new = try FileHandle(readingWithoutFollowing: copy)
    guard let before = try LMDBFileCheck.newestMeta(old, &report)?.transaction, before > 0,
      let meta = try LMDBFileCheck.newestMeta(new, &report)
    else { throw StoreError(.damaged) }
    let last = max(before, meta.transaction)
    let size = UInt64(meta.pageBytes)
    let start = UInt64(LMDBPage.headerBytes)
    let body = LMDBMeta.byteCount - LMDBPage.headerBytes
    let newest = try new.read(body, at: (meta.transaction & 1) * size + start)
    let older = try new.read(body, at: ((meta.transaction + 1) & 1) * size + start)
    let output = try FileHandle(changing: copy)
    for (bytes, transaction) in [(newest, last), (older, last - 1)] {
      var bytes = bytes
      for index in 0..<8 {
        bytes[bytes.count - 8 + index] = UInt8(truncatingIfNeeded: transaction >> (8 * index))
      }
      try output.write(bytes, at: (transaction & 1) * size + start)
    }
    try output.sync()
  }

  private static func allocated(_ path: String) -> Int {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_blocks) * 512 : 0
  }
}
