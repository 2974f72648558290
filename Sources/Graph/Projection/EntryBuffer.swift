// Index entries of new nodes, held back during a load so that they are put in the order of their
// keys: into an index that is new they are appended, without a search and without gaps.

import Base
import Store

/// The entries of one index.
struct EntryBuffer: Sendable {
  /// Keys and values, one after another.
  private var bytes: [UInt8] = []
  private var entries: [Entry] = []
  /// Whether the entries came in the order of their keys.
  private(set) var wasOrdered = true

  private struct Entry: Sendable {
    /// The first bytes of the key after those that every key has.
    var prefix: UInt64
    var start: Int
    var keyCount: Int32
    var count: Int32
    /// How much of the key is the index and its first value.
    var firstCount: Int32
  }

  mutating func add(
    _ key: [UInt8], firstCount: Int, _ isCut: Bool, from transaction: TransactionNumber
  ) {
    let start = bytes.count
    bytes.append(contentsOf: key)
    bytes.appendVariable(transaction.rawValue << 1 | (isCut ? 1 : 0))
    // The number of the index and the type of the value are mostly the same.
    var prefix: UInt64 = 0
    for index in 3..<11 { prefix = prefix << 8 | UInt64(index < key.count ? key[index] : 0) }
    let indexCount = key[0] < 0x80 ? 2 : 4
    entries.append(
      Entry(
        prefix: key[2] == 0x0F && indexCount == 2 ? prefix : 0, start: start,
        keyCount: Int32(key.count), count: Int32(bytes.count - start),
        firstCount: Int32(indexCount + firstCount)))
  }

  /// Puts the entries in order. Returns how many first values the index did not have before.
  mutating func flush(_ store: inout WriteTransaction) throws -> Int64 {
    sort()
    guard let first = entries.first else { return 0 }
    let isAbove = try isAboveAll(first, store)
    var distinct: Int64 = 0
    var before: Range<Int>?
    for entry in entries {
      let value = entry.start..<entry.start + Int(entry.firstCount)
      if before == nil || !isSame(before!, value) {
        // Above all others there can be entries with the first value only, not with later ones.
        let isNew = try isAbove && before != nil || !hasFirstValue(value, store)
        if isNew { distinct += 1 }
        before = value
      }
      let key = bytes.span.bytes.extracting(entry.start..<entry.start + Int(entry.keyCount))
      let rest = bytes.span.bytes.extracting(
        entry.start + Int(entry.keyCount)..<entry.start + Int(entry.count))
      if isAbove {
        try store.append(.indexes, key, rest)
      } else {
        try store.put(.indexes, key, rest)
      }
    }
    return distinct
  }

  mutating func sort() {
    let bytes = bytes
    func isBefore(_ left: Entry, _ right: Entry) -> Bool {
      Self.isBefore(left, bytes, right, bytes)
    }
    // Keys that count up come in order already.
    for index in entries.indices.dropFirst() where !isBefore(entries[index - 1], entries[index]) {
      entries.sort(by: isBefore)
      wasOrdered = false
      return
    }
  }

  /// Whether the table has no key at or above those of the buffer, which is sorted.
  func isAboveAll(_ store: borrowing WriteTransaction) throws -> Bool {
    try entries.first.map { try isAboveAll($0, store) } ?? false
  }

  private static func isBefore(
    _ left: Entry, _ leftBytes: [UInt8], _ right: Entry, _ rightBytes: [UInt8]
  ) -> Bool {
    if left.prefix != right.prefix, left.prefix != 0, right.prefix != 0 {
      return left.prefix < right.prefix
    }
    let first = leftBytes.span.bytes.extracting(left.start..<left.start + Int(left.keyCount))
    let second = rightBytes.span.bytes.extracting(right.start..<right.start + Int(right.keyCount))
    return first.order(against: second) < 0
  }

  /// Both buffers, each of them sorted, as one that is.
  static func merged(_ left: EntryBuffer, _ right: EntryBuffer) -> EntryBuffer {
    guard let last = left.entries.last else { return right }
    guard let first = right.entries.first else { return left }
    var result = EntryBuffer()
    result.bytes.reserveCapacity(left.bytes.count + right.bytes.count)
    result.bytes += left.bytes
    result.bytes += right.bytes
    result.entries.reserveCapacity(left.entries.count + right.entries.count)
    func add(_ entry: Entry) {
      var moved = entry
      moved.start += left.bytes.count
      result.entries.append(moved)
    }
    if isBefore(last, left.bytes, first, right.bytes) {
      result.entries += left.entries
      for entry in right.entries { add(entry) }
      return result
    }
    var index = 0
    for entry in right.entries {
      while index < left.entries.count,
        isBefore(left.entries[index], left.bytes, entry, right.bytes)
      {
        result.entries.append(left.entries[index])
        index += 1
      }
      add(entry)
    }
    result.entries += left.entries[index...]
    return result
  }

  var count: Int { entries.count }

  /// Whether the table has no key at or above an entry's.
  private func isAboveAll(_ entry: Entry, _ store: borrowing WriteTransaction) throws -> Bool {
    let reading = store.reading
    var cursor = try reading.cursor(.indexes)
    return try !cursor.seek(
      bytes.span.bytes.extracting(entry.start..<entry.start + Int(entry.keyCount)))
  }

  private func isSame(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
    bytes.span.bytes.extracting(left).order(against: bytes.span.bytes.extracting(right)) == 0
  }

  private func hasFirstValue(
    _ value: Range<Int>, _ store: borrowing WriteTransaction
  ) throws -> Bool {
    let reading = store.reading
    var cursor = try reading.cursor(.indexes)
    let prefix = bytes.span.bytes.extracting(value)
    return try cursor.seek(prefix) && cursor.keyStarts(with: prefix)
  }
}

extension Projector {
  /// Holds the entries of new nodes back until the next flush; but not those of unique indexes, in
  /// which values are looked up.
  func holdEntries() { entries = [:] }

  /// The entries that were held back, which are the caller's from here on.
  func takeEntries() -> [UInt32: EntryBuffer] {
    defer { if entries != nil { entries = [:] } }
    return entries ?? [:]
  }

  /// Puts the entries that were held back.
  func flushEntries(_ store: inout WriteTransaction) throws {
    guard let held = entries, !held.isEmpty else { return }
    for number in held.keys.sorted() {
      var buffer = held[number]!
      count(.indexDistinct, number, try buffer.flush(&store))
    }
    entries = [:]
  }
}
