// The tables of a store made anew, and the old file destroyed: what a redaction needs, since LMDB
// leaves the bytes of deleted rows in free pages.

package import Base
internal import Glibc

extension Store {
  /// The old file of a rewriting, from when it is replaced until it is destroyed.
  private static let erasing = "/data.mdb.erasing"

  /// Lets `make` write a store into a new folder from the one at `path`, puts its tables in the
  /// place of the old ones, and overwrites the old file and those objects that are files and that
  /// `make` returned. Throws `store.busy` where anybody else has the store open. A crash leaves the
  /// old store with all its objects or the new one, whole; what it left of files that are to be
  /// destroyed is destroyed by the next call.
  package static func rewrite(
    at path: String, _ make: (_ old: Store, _ folder: String) throws -> [Digest]
  ) throws {
    do {
      // The store is closed when this returns, and only then is the lock given back.
      let lock = try rewriteAlone(path, make)
      withExtendedLifetime(lock) {}
    } catch let error as StoreError {
      throw StemmaError(error, path: path)
    }
  }

  /// What an interrupted rewriting left on the disk after it had replaced the tables: names of
  /// files that are to be destroyed. The next rewriting does it.
  package static func unfinishedErasures(at path: String) throws -> [String] {
    try atEdge(path) { () throws(StoreError) in
      let isReplaced = isReplaced(path)
      let folder = ObjectFolder(ofStoreAt: path)
      let objects = try folder.condemned().filter { isReplaced || !folder.hasFirstName($0) }
      return (isReplaced ? ["data.mdb.erasing"] : []) + objects.map { "objects/incoming/" + $0 }
    }
  }

  /// Whether new tables have taken the place of old ones, which are still there.
  private static func isReplaced(_ path: String) -> Bool {
    unsafe access(path + erasing, F_OK) == 0 && !isSameFile(path + erasing, path + "/data.mdb")
  }

  /// Takes back what a rewriting prepared that did not come to replacing the tables; before
  /// anything else replaces them, after which it could not be told.
  static func forgetUnreplaced(_ path: String) throws(StoreError) {
    if isReplaced(path) { return }
    try ObjectFolder(ofStoreAt: path).pardon()
    unsafe unlink(path + erasing)
  }

  /// The files of before an upgrade, which hold whatever the store held then.
  package static func keptFiles(at path: String) throws -> [String] {
    try atEdge(path) { () throws(StoreError) in
      let prefix: StaticString = "data.mdb.format-"
      return try ObjectFolder.names(in: path).filter { name in
        prefix.withUTF8Buffer { unsafe name.utf8.starts(with: $0) }
      }.sorted()
    }
  }

  private static func rewriteAlone(
    _ path: String, _ make: (_ old: Store, _ folder: String) throws -> [Digest]
  ) throws -> LockFile.Alone {
    let (store, _, lock) = try openAlone(path)
    try eraseLeftovers(path)
    let folder = path + "/rewriting"
    defer { try? removeTables(in: folder) }
    let objects = try make(store, folder)
    // Nothing in it is needed while nobody writes.
    try JournalFile.destroy(in: path)
    try replace(path, by: folder, erasing: objects)
    return lock
  }

  private static func replace(
    _ path: String, by folder: String, erasing objects: [Digest]
  ) throws(StoreError) {
    let (old, new) = (path + "/data.mdb", folder + "/data.mdb")
    guard try LMDBFileCheck.check(folder, isWhole: true).isSound else { throw StoreError(.damaged) }
    try continueTransactions(of: old, in: new)
    try ObjectFolder(ofStoreAt: path).condemn(objects)
    // The old file keeps a name until it is destroyed, so that a crash does not hide it. It is the
    // last to go: while it is there, so is the intent to destroy the objects.
    if unsafe link(old, path + erasing) != 0 { throw StoreError(system: errno) }
    try FileHandle(folder: path).sync()
    if unsafe rename(new, old) != 0 { throw StoreError(system: errno) }
    try FileHandle(folder: path).sync()
    try ObjectFolder(ofStoreAt: path).finishErasing()
    try erase(path + erasing)
    try FileHandle(folder: path).sync()
  }

  /// Destroys what interrupted runs of anything left of the tables.
  private static func eraseLeftovers(_ path: String) throws(StoreError) {
    try ObjectFolder(ofStoreAt: path).finishErasing()
    try erase(path + erasing)
    // What layers above derive is made again.
    for name in try ObjectFolder.names(in: path + "/derived") {
      try erase(path + "/derived/" + name)
    }
    for folder in ["/creating", "/compacting", "/rewriting", "/rebuilding"] {
      // A renaming that a loss of power cut in two left the store's own file here as well.
      let copy = path + folder + "/data.mdb"
      if isSameFile(copy, path + "/data.mdb") { unsafe unlink(copy) }
      try eraseTables(path + folder + "/creating")
      try eraseTables(path + folder)
    }
  }

  /// Destroys tables that are no store's, and their folder.
  private static func eraseTables(_ folder: String) throws(StoreError) {
    for name in ["/data.mdb", JournalFile.name] { try erase(folder + name) }
    unsafe unlink(folder + "/lock.mdb")
    unsafe rmdir(folder)
  }

  /// Whether two names are of one file.
  static func isSameFile(_ first: String, _ second: String) -> Bool {
    var (left, right) = (stat(), stat())
    return unsafe lstat(first, &left) == 0 && lstat(second, &right) == 0
      && left.st_ino == right.st_ino && left.st_dev == right.st_dev
  }

  /// Overwrites a file and removes it; nothing happens where it is not there.
  static func erase(_ path: String) throws(StoreError) {
    let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
    if descriptor < 0 {
      if errno == ENOENT { return }
      throw StoreError(system: errno)
    }
    defer { close(descriptor) }
    try overwrite(descriptor)
    if unsafe unlink(path) != 0 { throw StoreError(system: errno) }
  }

  /// Fills a file with zeros.
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
