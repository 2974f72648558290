// Contents too large for properties (trees, logs, artifacts, transcripts), by their SHA-256. Kept
// once however often they are stored; durable when storing returns; checked whenever they are read.
// On disk an object is `objects/ab/cdef...`, a plain file that sha256sum can check.
//
// Objects are never changed, and removed by a redaction or where a campaign says that it does not
// keep them; links are never followed.

package import Base
internal import Synchronization

/// The objects of a store.
package final class ObjectStore: Sendable {
  private let folder: ObjectFolder?
  private let memory = Mutex<[Digest: [UInt8]]>([:])
  private let path: String?
  private let isReadOnly: Bool

  /// Objects below the folder of a store; in memory for `nil`.
  package init(storePath: String?, isReadOnly: Bool) {
    path = storePath
    self.isReadOnly = isReadOnly
    folder = storePath.map { ObjectFolder(root: $0 + "/objects") }
  }

  /// Stores bytes. Two syncs to disk for an object that is new, one for one that is not.
  @discardableResult
  package func put(_ bytes: [UInt8]) throws -> Digest {
    try atEdge { () throws(StoreError) in
      if isReadOnly { throw StoreError(.readOnly) }
      guard let folder else {
        let digest = SHA256.hash(bytes)
        memory.withLock { $0[digest] = bytes }
        return digest
      }
      return try folder.put(bytes)
    }
  }

  /// Stores what an ordinary file holds, without reading all of it into memory. Returns the hash of
  /// what was stored and its size in bytes. Throws where the path is a link, folder or device.
  package func put(fileAt file: String) throws -> (digest: Digest, byteCount: Int) {
    do throws(StoreError) {
      if isReadOnly { throw StoreError(.readOnly) }
      let source = try FileHandle(readingWithoutFollowing: file)
      if let folder { return try folder.put(contentsOf: source) }
      let bytes = try source.readAll()
      let digest = SHA256.hash(bytes)
      memory.withLock { $0[digest] = bytes }
      return (digest, bytes.count)
    } catch {
      throw StemmaError(error, path: error.code == .readOnly ? path : file)
    }
  }

  /// The bytes of an object, checked against its hash.
  package func get(_ digest: Digest) throws -> [UInt8] {
    do throws(StoreError) {
      guard let folder else {
        guard let bytes = memory.withLock({ $0[digest] }) else { throw StoreError(.objectMissing) }
        return bytes
      }
      return try folder.get(digest)
    } catch {
      var words = StemmaError(error, path: path)
      words.place = .record(table: "objects", key: digest.hex)
      throw words
    }
  }

  /// Removes an object; nothing happens where it is not there.
  package func remove(_ digest: Digest) throws {
    try take(digest) { folder throws(StoreError) in try folder.remove(digest) }
  }

  /// Erases an object for ever: a redaction asks for it, nothing else does.
  package func erase(_ digest: Digest) throws {
    try take(digest) { folder throws(StoreError) in try folder.erase(digest) }
  }

  private func take(
    _ digest: Digest, _ fromFolder: (ObjectFolder) throws(StoreError) -> Void
  ) throws {
    try atEdge { () throws(StoreError) in
      if isReadOnly { throw StoreError(.readOnly) }
      guard let folder else {
        memory.withLock { $0[digest] = nil }
        return
      }
      try fromFolder(folder)
    }
  }

  /// Whether an object is there; its bytes are not looked at.
  package func contains(_ digest: Digest) -> Bool { byteCount(of: digest) != nil }

  /// The size of an object in bytes; `nil` where it is not there.
  package func byteCount(of digest: Digest) -> Int? {
    guard let folder else { return memory.withLock { $0[digest]?.count } }
    return folder.byteCount(of: digest)
  }

  /// Every object, in the order of the hashes. What lies in the folder under another name is not
  /// listed.
  package func all() throws -> [Digest] {
    try atEdge { () throws(StoreError) in
      guard let folder else {
        return memory.withLock { Array($0.keys) }.sorted()
      }
      return try folder.all()
    }
  }

  /// Reads every object and returns those whose bytes do not have their hash. `progress` gets the
  /// number done and the number of all.
  package func damaged(
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> [Digest] {
    guard let folder else { return [] }
    let all = try all()
    var damaged: [Digest] = []
    for (index, digest) in all.enumerated() {
      let isWhole = try atEdge { () throws(StoreError) in try folder.isWhole(digest) }
      if !isWhole { damaged.append(digest) }
      if index & 63 == 63 || index + 1 == all.count { progress(index + 1, all.count) }
    }
    return damaged
  }

  private func atEdge<Result>(
    _ body: () throws(StoreError) -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch {
      throw StemmaError(error, path: path)
    }
  }
}
