// The tables of a store made anew, and the old file destroyed: what a redaction needs, since LMDB
// leaves the bytes of deleted rows in free pages.

internal import Base
internal import Glibc

extension Store {
  /// Lets `make` write a store into a new folder from the one at `path`, puts its tables in the
  /// place of the old ones, and overwrites the old file. Throws `store.busy` where anybody else has
  /// the store open. A crash leaves the old store or the new one, whole.
  package static func rewrite(
    at path: String, _ make: (_ old: Store, _ folder: String) throws -> Void
  ) throws {
    do {
      // The store is closed when this returns, and only then is the lock given back.
      let lock = try rewriteAlone(path, make)
      withExtendedLifetime(lock) {}
    } catch let error as StoreError {
      throw StemmaError(error, path: path)
    }
  }

  private static func rewriteAlone(
    _ path: String, _ make: (_ old: Store, _ folder: String) throws -> Void
  ) throws -> LockFile.Alone {
    let store = try open(at: path)
    guard case .disk(_, let identity) = store.engine,
      EnvironmentRegistry.shared.userCount(identity) == 1
    else { throw StoreError(.busy) }
    let lock = try LockFile.takeAlone(in: path)
    let folder = path + "/rewriting"
    try removeTables(in: folder)
    defer { try? removeTables(in: folder) }
    try make(store, folder)
    try replace(path, by: folder)
    return lock
  }

  private static func replace(_ path: String, by folder: String) throws(StoreError) {
    let (old, new) = (path + "/data.mdb", folder + "/data.mdb")
    guard try LMDBFileCheck.check(folder, isWhole: true).isSound else { throw StoreError(.damaged) }
    try continueTransactions(of: old, in: new)
    let descriptor = unsafe Glibc.open(old, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
    if descriptor < 0 { throw StoreError(system: errno) }
    defer { close(descriptor) }
    if unsafe rename(new, old) != 0 { throw StoreError(system: errno) }
    try FileHandle(folder: path).sync()
    try overwrite(descriptor)
  }

  /// Fills a file that has no name any more with zeros.
  static func overwrite(_ descriptor: Int32) throws(StoreError) {
    var status = stat()
    if unsafe fstat(descriptor, &status) != 0 { throw StoreError(system: errno) }
    let zeros = [UInt8](repeating: 0, count: 1 << 20)
    var offset = 0
    while offset < status.st_size {
      let count = min(zeros.count, Int(status.st_size) - offset)
      let written = unsafe pwrite(descriptor, zeros, count, offset)
      if written <= 0, errno != EINTR { throw StoreError(system: errno) }
      offset += max(0, written)
    }
    if fsync(descriptor) != 0 { throw StoreError(system: errno) }
  }
}
