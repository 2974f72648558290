// An open file, closed when it goes out of scope. The few calls that objects and the journal need,
// with every short read and write finished and every failure a store error.

internal import Glibc

/// An open file descriptor.
struct FileHandle: ~Copyable {
  private let descriptor: Int32

  static let chunkBytes = 256 * 1024

  /// An ordinary file, opened for reading; links, folders and devices are refused.
  init(readingWithoutFollowing path: String) throws(StoreError) {
    let flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
    descriptor = unsafe Glibc.open(path, flags)
    if descriptor < 0 {
      switch errno {
      case ELOOP: throw StoreError(.notAFile, number: ELOOP)
      case EACCES, EPERM: throw StoreError(.forbidden, number: errno)
      default: throw StoreError(system: errno)
      }
    }
    var information = stat()
    let result = unsafe fstat(descriptor, &information)
    if result != 0 { throw StoreError(system: errno) }
    if information.st_mode & S_IFMT != S_IFREG { throw StoreError(.notAFile) }
  }

  /// A file that did not exist before; `nil` where it did.
  init?(creating path: String) throws(StoreError) {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    descriptor = unsafe Glibc.open(path, flags, 0o444)
    if descriptor < 0 {
      if errno == EEXIST { return nil }
      throw StoreError(system: errno)
    }
  }

  /// A file that is there, to change bytes of it.
  init(changing path: String) throws(StoreError) {
    descriptor = unsafe Glibc.open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
    if descriptor < 0 { throw StoreError(system: errno) }
  }

  /// A file to read and to change, made where it is missing if that is wanted.
  init(updating path: String, creates: Bool = false) throws(StoreError) {
    let flags = O_RDWR | (creates ? O_CREAT : 0) | O_NOFOLLOW | O_CLOEXEC
    descriptor = unsafe Glibc.open(path, flags, 0o644)
    if descriptor < 0 { throw StoreError(system: errno) }
  }

  /// A file without a name, to write and read: gone with the handle, or with the process.
  init(temporaryIn folder: String) throws(StoreError) {
    var name = Array("\(folder)/stemma-XXXXXX".utf8CString)
    descriptor = unsafe mkstemp(&name)
    if descriptor < 0 { throw StoreError(system: errno) }
    _ = unsafe unlink(&name)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  /// A folder, to sync it.
  init(folder path: String) throws(StoreError) {
    descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { throw StoreError(system: errno) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Reads the next chunk into `buffer`, which is as large as a chunk; returns its size, 0 at the
  /// end.
  func read(into buffer: inout [UInt8]) throws(StoreError) -> Int {
    while true {
      let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR { throw StoreError(system: errno) }
    }
  }

  /// Up to `count` bytes at an offset; fewer where the file ends.
  func read(_ count: Int, at offset: UInt64) throws(StoreError) -> [UInt8] {
    guard offset <= UInt64(Int64.max) else { return [] }
    return try elements(count, at: offset)
  }

  /// Up to `count` elements at an offset, as they lie there; fewer where the file ends.
  func elements<Element: BitwiseCopyable>(
    _ count: Int, at offset: UInt64
  ) throws(StoreError) -> [Element] {
    let stride = MemoryLayout<Element>.stride
    var failure: StoreError?
    let elements = unsafe [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      var done = 0
      while done < count * stride {
        let result = unsafe pread(
          descriptor, bytes.baseAddress! + done, count * stride - done, Int(offset) + done)
        if result == 0 { break }
        if result > 0 {
          done += result
        } else if errno != EINTR {
          failure = StoreError(system: errno)
          return
        }
      }
      initialized = done / stride
    }
    if let failure { throw failure }
    return elements
  }

  /// The size of the file.
  func byteCount() throws(StoreError) -> UInt64 {
    var information = stat()
    if unsafe fstat(descriptor, &information) != 0 { throw StoreError(system: errno) }
    return UInt64(information.st_size)
  }

  /// All the bytes from here to the end.
  func readAll() throws(StoreError) -> [UInt8] {
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: Self.chunkBytes)
    while true {
      let count = try read(into: &buffer)
      if count == 0 { return result }
      result.append(contentsOf: buffer[..<count])
    }
  }

  /// Writes what another file has from here to its end.
  func write(contentsOf source: borrowing FileHandle) throws(StoreError) {
    var buffer = [UInt8](repeating: 0, count: Self.chunkBytes)
    while true {
      let count = try source.read(into: &buffer)
      if count == 0 { return }
      try write(buffer, count: count)
    }
  }

  /// Writes all of the first `count` bytes.
  func write(_ bytes: [UInt8], count: Int) throws(StoreError) {
    var written = 0
    while written < count {
      let result = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress! + written, count - written)
      }
      if result >= 0 {
        written += result
      } else if errno != EINTR {
        throw StoreError(system: errno)
      }
    }
  }

  /// Writes all elements at an offset, as they lie in memory.
  func write<Element: BitwiseCopyable>(
    _ elements: [Element], at offset: UInt64
  ) throws(StoreError) {
    let failure = unsafe elements.withUnsafeBytes { unsafe put($0, at: offset) }
    if let failure { throw failure }
  }

  /// Writes all bytes at an offset; returns what went wrong.
  func put(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) -> StoreError? {
    var written = 0
    while written < bytes.count {
      let result = unsafe pwrite(
        descriptor, bytes.baseAddress! + written, bytes.count - written, Int(offset) + written)
      if result > 0 {
        written += result
      } else if result == 0 {
        return StoreError(.diskFull, number: ENOSPC)
      } else if errno != EINTR {
        return StoreError(system: errno)
      }
    }
    return nil
  }

  /// Waits for the lock of flock(2), which is given back when the handle goes.
  func lockExclusively() throws(StoreError) {
    while flock(descriptor, LOCK_EX) != 0 {
      if errno != EINTR { throw StoreError(system: errno) }
    }
  }

  /// The same without waiting; false where another has it.
  func tryLockExclusively() throws(StoreError) -> Bool {
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return false }
      if errno != EINTR { throw StoreError(system: errno) }
    }
    return true
  }

  func sync() throws(StoreError) {
    if fsync(descriptor) != 0 { throw StoreError(system: errno) }
  }

  /// Syncs the bytes, and of what is said about them only what reading needs.
  func syncData() throws(StoreError) {
    if fdatasync(descriptor) != 0 { throw StoreError(system: errno) }
  }
}

extension StoreError {
  /// The error for an errno.
  init(system number: Int32) {
    switch number {
    case ENOSPC, EDQUOT, EFBIG: self.init(.diskFull, number: number)
    case EACCES, EROFS, EPERM: self.init(.readOnly, number: number)
    default: self.init(.inputOutput, number: number)
    }
  }
}
