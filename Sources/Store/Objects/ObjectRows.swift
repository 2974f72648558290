// Small objects as rows of the table `objects`, by their SHA-256: a file of its own for each would
// cost two syncs and an inode, and a transaction that names them can bring them along. They are no
// projection of the log, so whoever makes tables anew must carry them over.

package import Base

/// The objects that are rows.
package enum ObjectRows {
  /// Contents of at most so many bytes are rows; larger ones are files.
  package static let largestBytes = 16 << 10

  /// So much is carried over with one commit.
  private static let portionBytes = 4 << 20

  static func put(
    _ digest: Digest, _ bytes: [UInt8], _ transaction: inout WriteTransaction
  ) throws(StoreError) {
    let key = digest.bytes
    // Most contents are new; but one that is there whole need not be written again.
    if let row = try transaction.reading.get(.objects, key),
      unsafe row.order(against: bytes.span.bytes) == 0
    {
      return
    }
    try transaction.put(.objects, key, bytes)
  }

  /// The bytes of an object, not checked against its hash.
  static func get(_ digest: Digest, _ reading: Reading) throws(StoreError) -> [UInt8]? {
    try reading.copy(.objects, digest.bytes)
  }

  /// Calls `body` with the name of each, in their order; with `nil` for a key that is none.
  static func forEach(
    _ reading: Reading, _ body: (_ digest: Digest?, _ key: RawSpan, _ bytes: RawSpan) throws -> Void
  ) throws {
    var cursor = try reading.cursor(.objects)
    while try cursor.next() { try body(Digest(cursor.key), cursor.key, cursor.value) }
  }

  /// The keys, in hexadecimal digits, of those whose bytes do not have their hash.
  package static func damaged(_ reading: Reading) throws -> [String] {
    var damaged: [String] = []
    try forEach(reading) { digest, key, bytes in
      if digest != SHA256.hash(bytes) { damaged.append(name(key)) }
    }
    return damaged
  }

  static func name(_ key: RawSpan) -> String { HexText.encode([UInt8](copying: key)) }

  // MARK: Carrying over

  /// Puts every object of a snapshot that `target` does not have, or has with other bytes, into it,
  /// but for those that are to be gone; those whose bytes do not have their hash are left out, and
  /// told.
  package static func carry(
    _ reading: Reading, into target: Store, without gone: Set<Digest> = [],
    _ result: inout Store.ObjectCopy
  ) throws {
    var carrier = Carrier(target: target)
    defer { result.add(carrier.counts) }
    try forEach(reading) { digest, key, bytes in
      if let digest, gone.contains(digest) { return }
      try carrier.take([UInt8](copying: key), [UInt8](copying: bytes))
    }
    try carrier.flush()
  }

  /// The same from a file that is read without liblmdb. Those whose bytes cannot be found count as
  /// damaged; what else cannot be read on is told to `passingOver`, or thrown as `LMDBRows.Broken`.
  package static func carry(
    _ rows: borrowing LMDBRows, into target: Store, _ result: inout Store.ObjectCopy,
    passingOver: ((LMDBRows.Broken) -> Void)?
  ) throws {
    var carrier = Carrier(target: target)
    var unread: LMDBRows.Broken?
    do {
      let passed = { (broken: LMDBRows.Broken) in
        if let key = broken.key {
          carrier.counts.damaged.append(HexText.encode(key))
        } else if let passingOver {
          passingOver(broken)
        } else {
          unread = unread ?? broken
        }
      }
      defer { result.add(carrier.counts) }
      try rows.forEach(in: .objects, passingOver: passed) { key, value in
        if unread == nil { try carrier.take(key, value) }
        return unread == nil
      }
      try carrier.flush()
    }
    if let unread { throw unread }
  }

  /// Takes objects in portions, each of which is one durable write.
  private struct Carrier {
    let target: Store
    private var portion: [[UInt8]] = []
    private var bytes = 0
    var counts = Store.ObjectCopy()

    init(target: Store) { self.target = target }

    mutating func take(_ key: [UInt8], _ value: [UInt8]) throws {
      guard let digest = Digest(bytes: key), digest == SHA256.hash(value) else {
        counts.damaged.append(HexText.encode(key))
        return
      }
      if try target.objects.holds(digest, value) {
        counts.kept += 1
        return
      }
      counts.copied += 1
      counts.copiedBytes += value.count
      portion.append(value)
      bytes += value.count
      if bytes >= ObjectRows.portionBytes { try flush() }
    }

    mutating func flush() throws {
      if !portion.isEmpty { try target.objects.put(all: portion) }
      portion = []
      bytes = 0
    }
  }
}
