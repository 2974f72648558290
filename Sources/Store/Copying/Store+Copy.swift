// Copies of a store: of its tables as of one snapshot, without the free pages, while others read
// and write; of its objects; of everything beside. Nothing is ever changed in the source.

package import Base
internal import CLMDB
internal import Glibc

extension Store {
  /// What a copy of objects came to.
  package struct ObjectCopy: Sendable, Hashable {
    package var copied = 0
    package var copiedBytes = 0
    /// Objects that were there already.
    package var kept = 0
    /// Names of objects whose bytes do not have their hash; files among them are left out.
    package var damaged: [String] = []

    package init() {}

    package mutating func add(_ other: ObjectCopy) {
      copied += other.copied
      copiedBytes += other.copiedBytes
      kept += other.kept
      damaged += other.damaged
    }
  }

  /// Writes the tables as of now to a new file in `folder`, durably; `placeTables` then makes it
  /// the folder's store.
  package func copyTables(toFolder folder: String) throws {
    guard case .disk(let environment, _) = engine else { return }
    let part = folder + Self.part
    unsafe unlink(part)
    do {
      // A snapshot of our own, so that one that nobody knows of is checked at its end. What cannot
      // be written is the copy.
      try read { _ in
        try Self.atEdge(folder) { () throws(StoreError) in try environment.copy(to: part) }
      }
    } catch {
      unsafe unlink(part)
      throw error
    }
  }

  /// Gives the tables that `copyTables` wrote their name: from here on the folder holds a store.
  package static func placeTables(in folder: String) throws {
    try atEdge(folder) { () throws(StoreError) in
      if unsafe rename(folder + part, folder + "/data.mdb") != 0 {
        throw StoreError(system: errno)
      }
      try FileHandle(folder: folder).sync()
    }
  }

  static let part = "/data.mdb.part"

  /// Copies the objects that are files and that `target` does not have yet, each checked against
  /// its hash; those that the tables there have need no file.
  package static func copyObjectFiles(
    from source: String, to target: String,
    unless isInTables: (Digest) throws -> Bool = { _ in false },
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> ObjectCopy {
    let copies = ObjectFolder(ofStoreAt: target)
    let objects = ObjectFolder(ofStoreAt: source)
    var result = ObjectCopy()
    let all = try atEdge(source) { () throws(StoreError) in try objects.all() }
    for (index, digest) in all.enumerated() {
      if try !isInTables(digest) { try copyObject(digest, objects, copies, &result) }
      if index & 63 == 63 || index + 1 == all.count { progress(index + 1, all.count) }
    }
    return result
  }

  /// Whether an object is a file of the store in a folder.
  package static func hasObjectFile(_ digest: Digest, at path: String) -> Bool {
    ObjectFolder(ofStoreAt: path).byteCount(of: digest) != nil
  }

  /// What a copy of the tables brought along: the objects that are rows, each read and checked.
  /// Those that are files as well were counted with them.
  package func objectsInTables() throws -> ObjectCopy {
    var result = ObjectCopy()
    guard header.has(.objects), let path else { return result }
    let files = ObjectFolder(ofStoreAt: path)
    try read { reading in
      try ObjectRows.forEach(reading) { digest, key, bytes in
        guard let digest, digest == SHA256.hash(bytes) else {
          result.damaged.append(ObjectRows.name(key))
          return
        }
        if files.byteCount(of: digest) != nil { return }
        result.copied += 1
        result.copiedBytes += bytes.byteCount
      }
    }
    return result
  }

  /// The names of objects that are files whose bytes do not have their hash.
  package static func damagedObjectFiles(at path: String) throws -> [String] {
    try atEdge(path) { () throws(StoreError) in try ObjectFolder(ofStoreAt: path).damaged() }
  }

  private static func copyObject(
    _ digest: Digest, _ from: ObjectFolder, _ to: ObjectFolder, _ result: inout ObjectCopy
  ) throws {
    if let size = to.byteCount(of: digest), size == from.byteCount(of: digest) {
      result.kept += 1
      return
    }
    let isWhole = try atEdge(from.root) { () throws(StoreError) in try from.isWhole(digest) }
    guard isWhole else {
      result.damaged.append(digest.hex)
      return
    }
    let copied = try atEdge(to.root) { () throws(StoreError) in
      let file = try FileHandle(readingWithoutFollowing: from.path(of: digest))
      return try to.put(contentsOf: file)
    }
    if copied.digest == digest {
      result.copied += 1
      result.copiedBytes += copied.byteCount
    } else {
      result.damaged.append(digest.hex)
    }
  }

  /// Copies what else lies in a store's folder; see `SideFiles`.
  package static func copySideFiles(from source: String, to target: String) throws {
    try SideFiles.copy(from: source, to: target)
  }

  /// Removes the tables of a store and its folder, where nothing else is in it.
  package static func removeTables(in folder: String) throws {
    for name in ["/data.mdb", "/lock.mdb", "/data.mdb.part", JournalFile.name] {
      unsafe unlink(folder + name)
    }
    unsafe rmdir(folder)
  }
}

extension Environment {
  /// A compact copy of the newest snapshot, synced.
  func copy(to path: String) throws(StoreError) {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let descriptor = unsafe Glibc.open(path, flags, 0o644)
    if descriptor < 0 { throw StoreError(system: errno) }
    defer { Glibc.close(descriptor) }
    let result = unsafe mdb_env_copyfd2(handle, descriptor, UInt32(MDB_CP_COMPACT))
    if result != 0 { throw StoreError(lmdb: result) }
    if fsync(descriptor) != 0 { throw StoreError(system: errno) }
  }
}
