// Contents too large for properties (trees, logs, artifacts, transcripts), by their SHA-256. Kept
// once however often they are stored; durable when storing returns; checked whenever they are read.
// On disk a small object is a row of the table `objects`, and a larger one `objects/ab/cdef...`, a
// plain file that sha256sum can check; stores of formats before 4 have files only.
//
// Objects are never changed, and removed by a redaction or where a campaign says that it does not
// keep them; links are never followed.

package import Base

/// The objects of a store.
package struct ObjectStore: Sendable {
  private let store: Store
  /// `nil` in memory, where every object is a row.
  private let folder: ObjectFolder?

  init(_ store: Store) {
    self.store = store
    folder = store.path.map { ObjectFolder(ofStoreAt: $0) }
  }

  /// Whether contents of so many bytes are rows here, which a transaction can bring along.
  package func keepsRow(ofBytes count: Int) -> Bool {
    hasRows && (folder == nil || count <= ObjectRows.largestBytes)
  }

  private var hasRows: Bool { store.header.has(.objects) }

  // MARK: Storing

  /// Stores bytes. One sync to disk, two for a larger object that is new.
  @discardableResult
  package func put(_ bytes: [UInt8]) throws -> Digest {
    try requireWritable()
    guard keepsRow(ofBytes: bytes.count) else { return try putFile(bytes) }
    let digest = SHA256.hash(bytes)
    // What a snapshot shows is durable.
    if let row = try row(digest), row == bytes { return digest }
    try store.writeGrouped { transaction in try ObjectRows.put(digest, bytes, &transaction) }
    return digest
  }

  /// Stores several, small ones with one commit.
  package func put(all contents: [[UInt8]]) throws {
    try requireWritable()
    for bytes in contents where !keepsRow(ofBytes: bytes.count) { _ = try putFile(bytes) }
    let rows = contents.filter { keepsRow(ofBytes: $0.count) }
    if rows.isEmpty { return }
    try store.write { transaction in try put(all: rows, in: &transaction) }
  }

  /// Stores several within a write transaction, with which small ones become durable.
  package func put(all contents: [[UInt8]], in transaction: inout WriteTransaction) throws {
    for bytes in contents {
      if keepsRow(ofBytes: bytes.count) {
        try ObjectRows.put(SHA256.hash(bytes), bytes, &transaction)
      } else {
        _ = try putFile(bytes)
      }
    }
  }

  /// Stores what comes in pieces, of which the empty one is the end, without having all of it in
  /// memory. Returns the hash of what was stored and its size in bytes.
  package func put(
    pieces next: () throws -> [UInt8]
  ) throws -> (digest: Digest, byteCount: Int) {
    try requireWritable()
    var bytes: [UInt8] = []
    while true {
      let piece = try next()
      bytes += piece
      if piece.isEmpty { return (try put(bytes), bytes.count) }
      if !keepsRow(ofBytes: bytes.count), let folder {
        do { return try folder.put(first: bytes, then: next) } catch let error as StoreError {
          throw StemmaError(error, path: store.path)
        }
      }
    }
  }

  private func putFile(_ bytes: [UInt8]) throws -> Digest {
    try atEdge { folder throws(StoreError) in try folder.put(bytes) }!
  }

  private func requireWritable() throws {
    if store.isReadOnly { throw StemmaError(StoreError(.readOnly), path: store.path) }
  }

  // MARK: Reading

  /// The bytes of an object, checked against its hash.
  package func get(_ digest: Digest) throws -> [UInt8] {
    let row = try row(digest)
    do throws(StoreError) {
      if let row {
        guard SHA256.hash(row) == digest else { throw StoreError(.objectDamaged) }
        return row
      }
      guard let folder else { throw StoreError(.objectMissing) }
      return try folder.get(digest)
    } catch {
      var words = StemmaError(error, path: store.path)
      words.place = .record(table: "objects", key: digest.hex)
      throw words
    }
  }

  /// Gives the bytes of an object in pieces; throws after the last where they do not have their
  /// hash.
  package func get(_ digest: Digest, _ take: ([UInt8]) throws -> Void) throws {
    guard let folder, try row(digest) == nil else { return try take(get(digest)) }
    do {
      try folder.get(digest, take)
    } catch let error as StoreError {
      var words = StemmaError(error, path: store.path)
      words.place = .record(table: "objects", key: digest.hex)
      throw words
    }
  }

  private func row(_ digest: Digest) throws -> [UInt8]? {
    guard hasRows else { return nil }
    return try store.read { try ObjectRows.get(digest, $0) }
  }

  /// Whether an object is there; its bytes are not looked at.
  package func contains(_ digest: Digest) throws -> Bool { try byteCount(of: digest) != nil }

  /// Whether an object is there with these bytes; of a file only the size is looked at.
  func holds(_ digest: Digest, _ bytes: [UInt8]) throws -> Bool {
    if let row = try row(digest) { return row == bytes }
    return folder?.byteCount(of: digest) == bytes.count
  }

  /// The size of an object in bytes; `nil` where it is not there.
  package func byteCount(of digest: Digest) throws -> Int? {
    if hasRows {
      let key = digest.bytes
      let count = try store.read { try $0.get(.objects, key)?.byteCount }
      if let count { return count }
    }
    return folder?.byteCount(of: digest)
  }

  /// Every object, in the order of the hashes. What lies in the folder under another name is not
  /// listed.
  package func all() throws -> [Digest] {
    var all: Set<Digest> = []
    if hasRows {
      try store.read { reading in
        try ObjectRows.forEach(reading) { digest, _, _ in if let digest { all.insert(digest) } }
      }
    }
    all.formUnion(try atEdge { folder throws(StoreError) in try folder.all() } ?? [])
    return all.sorted()
  }

  /// Reads every object and returns the names of those whose bytes do not have their hash.
  package func damaged() throws -> [String] {
    let rows = hasRows ? try store.read { try ObjectRows.damaged($0) } : []
    return rows + (try atEdge { folder throws(StoreError) in try folder.damaged() } ?? [])
  }

  // MARK: Removing

  /// Removes objects; nothing happens with those that are not there.
  package func remove(_ digests: [Digest]) throws {
    try requireWritable()
    if hasRows {
      try store.write { transaction in
        for digest in digests { try transaction.delete(.objects, digest.bytes) }
      }
    }
    for digest in digests {
      _ = try atEdge { folder throws(StoreError) in try folder.remove(digest) }
    }
  }

  /// Removes the rows whose bytes do not have their hash: what came along with a copy of tables.
  package func removeDamagedRows() throws {
    try requireWritable()
    var keys: [[UInt8]] = []
    try store.read { reading in
      try ObjectRows.forEach(reading) { digest, key, bytes in
        if digest != SHA256.hash(bytes) { keys.append([UInt8](copying: key)) }
      }
    }
    try store.write { transaction in
      for key in keys { try transaction.delete(.objects, key) }
    }
  }

  /// `nil` where there is no folder.
  private func atEdge<Result>(
    _ body: (ObjectFolder) throws(StoreError) -> Result
  ) throws -> Result? {
    guard let folder else { return nil }
    do {
      return try body(folder)
    } catch {
      throw StemmaError(error, path: store.path)
    }
  }
}
