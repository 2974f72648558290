// Objects as files. A new one is written under a name of its own, synced, and renamed into place,
// and then its folder is synced: a reader sees the whole object or none, and after a crash what was
// acknowledged is there.

internal import Base
internal import Glibc
internal import Synchronization

/// The folder `objects` of a store.
struct ObjectFolder: Sendable {
  let root: String

  init(ofStoreAt path: String) { root = path + "/objects" }

  /// Names of files that are being written are unique within the process.
  private static let sequence = Atomic<UInt64>(0)

  private var incoming: String { root + "/incoming" }

  private func folder(of digest: Digest) -> String { root + "/" + String(digest.hex.prefix(2)) }

  func path(of digest: Digest) -> String {
    folder(of: digest) + "/" + String(digest.hex.dropFirst(2))
  }

  // MARK: Storing

  func put(_ bytes: [UInt8]) throws(StoreError) -> Digest {
    let digest = SHA256.hash(bytes)
    if byteCount(of: digest) == bytes.count {
      // Whoever put it there may not have come to syncing the folder yet.
      try FileHandle(folder: folder(of: digest)).sync()
      return digest
    }
    let temporary = try createIncoming()
    do throws(StoreError) {
      try temporary.file.write(bytes, count: bytes.count)
      try temporary.file.sync()
      try settle(temporary.path, as: digest)
    } catch {
      unsafe unlink(temporary.path)
      throw error
    }
    return digest
  }

  func put(
    contentsOf source: borrowing FileHandle
  ) throws(StoreError) -> (digest: Digest, byteCount: Int) {
    let temporary = try createIncoming()
    var hasher = SHA256()
    var total = 0
    do throws(StoreError) {
      var buffer = [UInt8](repeating: 0, count: FileHandle.chunkBytes)
      while true {
        let count = try source.read(into: &buffer)
        if count == 0 { break }
        unsafe hasher.update(buffer.span.bytes.extracting(first: count))
        try temporary.file.write(buffer, count: count)
        total += count
      }
      try temporary.file.sync()
      try settle(temporary.path, as: hasher.digest())
    } catch {
      unsafe unlink(temporary.path)
      throw error
    }
    return (hasher.digest(), total)
  }

  /// Stores what comes in pieces after the first; an empty one is the end. Faults of the disk are
  /// store errors, those of `next` come as they are.
  func put(
    first: [UInt8], then next: () throws -> [UInt8]
  ) throws -> (digest: Digest, byteCount: Int) {
    let temporary = try createIncoming()
    var hasher = SHA256()
    var total = 0
    do {
      var piece = first
      while !piece.isEmpty {
        unsafe hasher.update(piece.span.bytes)
        try temporary.file.write(piece, count: piece.count)
        total += piece.count
        piece = try next()
      }
      try temporary.file.sync()
      try settle(temporary.path, as: hasher.digest())
    } catch {
      unsafe unlink(temporary.path)
      throw error
    }
    return (hasher.digest(), total)
  }

  /// A file being written.
  private struct Incoming: ~Copyable {
    var path: String
    var file: FileHandle
  }

  private func createIncoming() throws(StoreError) -> Incoming {
    while true {
      let number = Self.sequence.add(1, ordering: .relaxed).newValue
      let path = "\(incoming)/\(getpid())-\(number)"
      do throws(StoreError) {
        // A name that is taken was left by a process that died and had our number.
        if let file = try FileHandle(creating: path) { return Incoming(path: path, file: file) }
      } catch {
        guard error.number == ENOENT else { throw error }
        try makeFolder(root)
        try makeFolder(incoming)
      }
    }
  }

  /// Renames a synced file into its place, durably.
  private func settle(_ path: String, as digest: Digest) throws(StoreError) {
    let folder = folder(of: digest)
    if unsafe rename(path, self.path(of: digest)) != 0 {
      guard errno == ENOENT else { throw StoreError(system: errno) }
      try makeFolder(folder)
      if unsafe rename(path, self.path(of: digest)) != 0 { throw StoreError(system: errno) }
    }
    try FileHandle(folder: folder).sync()
  }

  /// Makes a folder that may be there already, and syncs the one that it lies in.
  private func makeFolder(_ path: String) throws(StoreError) {
    if unsafe mkdir(path, 0o755) != 0, errno != EEXIST { throw StoreError(system: errno) }
    guard let slash = path.lastIndex(of: "/") else { return }
    try FileHandle(folder: String(path[..<slash])).sync()
  }

  /// Removes an object. Not durable by itself: whoever has a reason finds it again.
  func remove(_ digest: Digest) throws(StoreError) {
    if unsafe unlink(path(of: digest)) != 0, errno != ENOENT { throw StoreError(system: errno) }
  }

  /// Removes what processes that are no more left half-written.
  func removeAbandoned() {
    for name in (try? Self.names(in: incoming)) ?? [] {
      guard let dash = name.firstIndex(of: "-"), let process = Int32(name[..<dash]), process > 0
      else { continue }
      if kill(process, 0) != 0, errno == ESRCH { unsafe unlink(incoming + "/" + name) }
    }
  }

  // MARK: Reading

  func get(_ digest: Digest) throws(StoreError) -> [UInt8] {
    let bytes = try open(digest).readAll()
    guard SHA256.hash(bytes) == digest else { throw StoreError(.objectDamaged) }
    return bytes
  }

  private func open(_ digest: Digest) throws(StoreError) -> FileHandle {
    do throws(StoreError) {
      return try FileHandle(readingWithoutFollowing: path(of: digest))
    } catch {
      throw error.number == ENOENT ? StoreError(.objectMissing) : error
    }
  }

  /// Gives an object's bytes in pieces; throws after the last where they do not have their hash.
  func get(_ digest: Digest, _ take: ([UInt8]) throws -> Void) throws {
    let file = try open(digest)
    var hasher = SHA256()
    var buffer = [UInt8](repeating: 0, count: FileHandle.chunkBytes)
    while true {
      let count = try file.read(into: &buffer)
      if count == 0 { break }
      unsafe hasher.update(buffer.span.bytes.extracting(first: count))
      try take(Array(buffer[..<count]))
    }
    guard hasher.digest() == digest else { throw StoreError(.objectDamaged) }
  }

  /// Whether an object's bytes have its hash; reads it in chunks.
  func isWhole(_ digest: Digest) throws(StoreError) -> Bool {
    let file: FileHandle
    do throws(StoreError) {
      file = try FileHandle(readingWithoutFollowing: path(of: digest))
    } catch {
      if error.code == .notAFile { return false }
      throw error
    }
    var hasher = SHA256()
    var buffer = [UInt8](repeating: 0, count: FileHandle.chunkBytes)
    while true {
      let count = try file.read(into: &buffer)
      if count == 0 { return hasher.digest() == digest }
      unsafe hasher.update(buffer.span.bytes.extracting(first: count))
    }
  }

  /// The names of objects whose bytes do not have their hash.
  func damaged() throws(StoreError) -> [String] {
    var damaged: [String] = []
    for digest in try all() where try !isWhole(digest) { damaged.append(digest.hex) }
    return damaged
  }

  func byteCount(of digest: Digest) -> Int? {
    var information = stat()
    guard unsafe lstat(path(of: digest), &information) == 0,
      information.st_mode & S_IFMT == S_IFREG
    else { return nil }
    return Int(information.st_size)
  }

  func all() throws(StoreError) -> [Digest] {
    var result: [Digest] = []
    for prefix in try Self.names(in: root) where prefix.utf8.count == 2 {
      for rest in try Self.names(in: root + "/" + prefix) {
        if let digest = Digest(hex: prefix + rest) { result.append(digest) }
      }
    }
    return result.sorted()
  }

  /// The names in a folder; none where there is no such folder.
  static func names(in folder: String) throws(StoreError) -> [String] {
    guard let stream = unsafe opendir(folder) else {
      if errno == ENOENT || errno == ENOTDIR { return [] }
      throw errno == EACCES ? StoreError(.forbidden, number: EACCES) : StoreError(system: errno)
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
        unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}

extension ObjectFolder {
  /// What the second name of an object begins with while it is to be destroyed.
  private static let erasing: StaticString = "erasing-"

  /// Gives objects that are to be destroyed a second name, durably; nothing happens with those that
  /// are not there.
  func condemn(_ digests: [Digest]) throws(StoreError) {
    let there = digests.filter { byteCount(of: $0) != nil }
    if there.isEmpty { return }
    try makeFolder(incoming)
    for digest in there {
      let second = "\(incoming)/\(Self.erasing)\(digest.hex)"
      if unsafe link(path(of: digest), second) != 0, errno != EEXIST {
        throw StoreError(system: errno)
      }
    }
    try FileHandle(folder: incoming).sync()
  }

  /// Takes the second names away again from objects that have their first.
  func pardon() throws(StoreError) {
    for name in try condemned() where hasFirstName(name) { unsafe unlink(incoming + "/" + name) }
  }

  /// Destroys the objects that have a second name.
  func finishErasing() throws(StoreError) {
    for name in try condemned() {
      let path = incoming + "/" + name
      if hasFirstName(name), let digest = Self.digest(of: name) {
        try remove(digest)
        try FileHandle(folder: folder(of: digest)).sync()
      }
      // Objects are read-only files; their owner may still replace them.
      if unsafe chmod(path, 0o600) != 0 { throw StoreError(system: errno) }
      try Store.erase(path)
      try FileHandle(folder: incoming).sync()
    }
  }

  /// The second names of objects that are to be destroyed.
  func condemned() throws(StoreError) -> [String] {
    try Self.names(in: incoming).filter { name in
      Self.erasing.withUTF8Buffer { unsafe name.utf8.starts(with: $0) }
    }
  }

  /// Whether the object that has a second name has its first as well.
  func hasFirstName(_ name: String) -> Bool {
    guard let digest = Self.digest(of: name) else { return false }
    return Store.isSameFile(incoming + "/" + name, path(of: digest))
  }

  private static func digest(of name: String) -> Digest? {
    Digest(hex: String(name.utf8.dropFirst(erasing.utf8CodeUnitCount)) ?? "")
  }
}
