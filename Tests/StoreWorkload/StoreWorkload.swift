// What the store's crash and process tests write, and the check that nothing of it is half there.
// Transaction n puts one object, its log row, a row per table that counts, and n itself.

import Base
package import Store

package enum StoreWorkload {
  private static let lastKey: [UInt8] = [0x10]

  package static func key(_ number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(number >> (56 - 8 * $0) & 0xFF) }
  }

  /// The value of a transaction's log row; some are larger than a page.
  package static func value(_ number: UInt64) -> [UInt8] {
    var random = SplitMix64(seed: number)
    let count = number % 5 == 0 ? 9000 : Int(random.next() % 400)
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
  }

  /// A row, or now and then a file.
  package static func object(_ number: UInt64) -> [UInt8] {
    let bytes = Array("object \(number)\n".utf8)
    return number % 4 == 0
      ? bytes + [UInt8](repeating: 0x20, count: ObjectRows.largestBytes) : bytes
  }

  package static func openOrCreate(_ folder: String) throws -> Store {
    do {
      return try Store.open(at: folder)
    } catch let error as StemmaError where error.code == .storeMissing {
      return try Store.create(
        at: folder, header: FormatHeader(uuid: Array(0..<16), writer: "probe"))
    }
  }

  package static func last(_ store: Store) throws -> UInt64 {
    try store.read { reading in
      try reading.get(.meta, lastKey)?.bigEndianUInt64(at: 0) ?? 0
    }
  }

  package static func append(_ number: UInt64, to store: Store) throws {
    let digest = try store.objects.put(object(number))
    try store.write { transaction in try put(number, digest, &transaction) }
  }

  /// Appends whatever comes next, where others may write at the same time.
  package static func appendNext(to store: Store) throws {
    try store.write { transaction in
      let last = try transaction.reading.get(.meta, lastKey)?.bigEndianUInt64(at: 0) ?? 0
      let bytes = object(last + 1)
      try store.objects.put(all: [bytes], in: &transaction)
      try put(last + 1, SHA256.hash(bytes), &transaction)
    }
  }

  private static func put(
    _ number: UInt64, _ digest: Digest, _ transaction: inout WriteTransaction
  ) throws {
    try transaction.append(.log, key(number), value(number))
    try transaction.put(.requests, digest.bytes, key(number))
    try transaction.put(.meta, lastKey, key(number))
    // Keys in no order, and one that is written again and again.
    try transaction.put(.keys, SHA256.hash(key(number)).bytes, key(number))
    try transaction.put(.statistics, [1], key(number))
  }

  /// Throws unless a snapshot holds exactly the transactions up to its last one; returns that.
  package static func check(_ store: Store) throws -> UInt64 {
    try store.read { reading in
      let last = try reading.get(.meta, lastKey)?.bigEndianUInt64(at: 0) ?? 0
      var expected: UInt64 = 0
      var cursor = try reading.cursor(.log)
      while try cursor.next() {
        expected += 1
        guard cursor.key.bigEndianUInt64(at: 0) == expected,
          [UInt8](copying: cursor.value) == value(expected),
          try reading.copy(.keys, SHA256.hash(key(expected)).bytes) == key(expected),
          try reading.copy(.requests, SHA256.hash(object(expected)).bytes) == key(expected)
        else { throw StemmaError(.storeDamaged, "transaction \(expected) is not whole") }
      }
      guard expected == last, try UInt64(reading.count(.keys)) == last,
        try UInt64(reading.count(.requests)) == last,
        try last == 0 || reading.copy(.statistics, [1]) == key(last)
      else { throw StemmaError(.storeDamaged, "\(expected) rows for \(last) transactions") }
      return last
    }
  }

  /// `check`, and that every object is there and whole.
  package static func checkWithObjects(_ store: Store) throws -> UInt64 {
    let last = try check(store)
    for number in 0..<last { _ = try store.objects.get(SHA256.hash(object(number + 1))) }
    return last
  }
}
