// The file of LMDB's reader table and writer's lock, looked at before LMDB maps it: whether this
// process may use it, and whether the disk has room for it. A write through a map into a hole of a
// full disk would end the process.

internal import CLMDB
internal import Glibc

/// The lock file of a store.
enum LockFile {
  /// Room for LMDB's head and one cache line per reader.
  private static func byteCount(readers: Int) -> Int { 4096 + 64 * readers }

  /// Makes the file ready for LMDB. Throws `readOnly` where this user or the medium does not let us
  /// write it, and `diskFull` where there is no room.
  ///
  /// Call it only where this process has the store not open: closing a file drops the process's
  /// locks on it.
  static func prepare(in folder: String, readers: Int) throws(StoreError) {
    let flags = O_RDWR | O_CREAT | O_CLOEXEC
    let descriptor = unsafe Glibc.open(folder + "/lock.mdb", flags, 0o644)
    if descriptor < 0 { throw StoreError(system: errno) }
    defer { close(descriptor) }
    // The size stays as it is, since LMDB takes the number of readers from it. File systems that
    // cannot reserve go without.
    let result = clmdb_reserve(descriptor, byteCount(readers: readers))
    if result != 0, [ENOSPC, EDQUOT].contains(errno) { throw StoreError(system: errno) }
  }

  /// Whether another process has the store open; also where this user may only look.
  static func isHeld(in folder: String) -> Bool {
    let descriptor = unsafe Glibc.open(folder + "/lock.mdb", O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return false }
    defer { close(descriptor) }
    var found = firstByte()
    return unsafe fcntl(descriptor, F_GETLK, &found) == 0 && Int32(found.l_type) != F_UNLCK
  }

  private static func firstByte() -> flock {
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = 0
    lock.l_len = 1
    return lock
  }

  /// The store to ourselves, as long as this lives. It must live longer than the open store,
  /// because LMDB's own lock goes with it.
  final class Alone {
    private let descriptor: Int32
    fileprivate init(descriptor: Int32) { self.descriptor = descriptor }
    deinit { close(descriptor) }
  }

  /// Waits for nobody: throws `busy` where another process has the store open. LMDB holds the first
  /// byte of the file shared while a store is open; newcomers wait until it is given back.
  static func takeAlone(in folder: String) throws(StoreError) -> Alone {
    let descriptor = unsafe Glibc.open(folder + "/lock.mdb", O_RDWR | O_CLOEXEC)
    if descriptor < 0 { throw StoreError(system: errno) }
    var wanted = firstByte()
    if unsafe fcntl(descriptor, F_SETLK, &wanted) != 0 {
      let number = errno
      close(descriptor)
      let isTaken = number == EACCES || number == EAGAIN
      throw isTaken ? StoreError(.openElsewhere) : StoreError(system: number)
    }
    return Alone(descriptor: descriptor)
  }
}
