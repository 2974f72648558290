// Rows that a reader found lately, by their keys. A row of a snapshot never moves and never
// changes, so what was found once need not be sought again: neither by this reader nor by the next
// one that sees the same snapshot through the same map. It must never be asked about another.

/// Where rows with short keys lie, as far as one read transaction has met them.
@safe @usableFromInline
final class RecentRows: @unchecked Sendable {
  // @unchecked: it belongs to one read transaction, which one thread uses at a time.

  /// What was found under a key; `start` is `nil` where nothing was.
  @unsafe private struct Entry {
    var key: RecentKey
    var start: UnsafeRawPointer?
    var count: UInt32
    /// Entries of another age are empty.
    var age: UInt32
  }

  /// A direct-mapped table: 128 KiB at first, which stay in a processor's second cache, and up to
  /// 2 MiB for a reader that meets more rows of one snapshot.
  private static let fewestPlaces = 1 << 12
  private static let mostPlaces = 1 << 16
  private static let growth = 4
  private var places = RecentRows.fewestPlaces
  private var entries: UnsafeMutablePointer<Entry>
  /// Rows that were noted in a table of this size, of this snapshot.
  private var noted = 0
  private var age: UInt32 = 1
  private var snapshot: Int?
  private var map = 0
  /// The trees of the tables in the snapshot, and which of them were looked for.
  private var trees = [PageTree?](repeating: nil, count: Table.allCases.count)
  private var knownTrees: UInt16 = 0
  /// What is sought at the moment, in one table.
  private var searches = RowSearches()

  init() {
    unsafe entries = UnsafeMutablePointer<Entry>.allocate(capacity: places)
    clear()
  }

  deinit { unsafe entries.deallocate() }

  private func clear() {
    let none = unsafe Entry(key: RecentKey(), start: nil, count: 0, age: 0)
    unsafe entries.initialize(repeating: none, count: places)
  }

  /// Makes the table larger; what was in it is noted again when it is met.
  private func grow() {
    unsafe entries.deallocate()
    places *= Self.growth
    noted = 0
    unsafe entries = UnsafeMutablePointer<Entry>.allocate(capacity: places)
    clear()
  }

  /// Forgets everything unless it is about this snapshot, in this map.
  func turn(to snapshot: Int, map: Int) {
    if snapshot == self.snapshot, map == self.map { return }
    self.snapshot = snapshot
    self.map = map
    knownTrees = 0
    noted = 0
    if age == .max {
      clear()
      age = 0
    }
    age += 1
  }

  /// The tree of a table in the snapshot of this transaction; `nil` where it cannot be read by us.
  @inline(__always)
  func tree(of table: Table, _ transaction: OpaquePointer) -> PageTree? {
    let place = Int(table.rawValue)
    if knownTrees >> place & 1 == 0 {
      knownTrees |= 1 << place
      trees[place] = unsafe PageTree(table, transaction)
    }
    return trees[place]
  }

  /// Begins to seek a row that is not known; one that is known is given to `body`.
  @inline(__always)
  func seekAhead(
    _ key: RecentKey, tag: UInt64, _ tree: PageTree, _ body: (UnsafeRawBufferPointer) -> Void
  ) {
    let known = unsafe find(key)
    if unsafe !known.isKnown { return searches.add(key, tag: tag, tree) }
    guard let start = unsafe known.start else { return }
    unsafe body(UnsafeRawBufferPointer(start: start, count: known.count))
  }

  /// Ends what was begun so, and gives each row that was found to `body`.
  @inline(__always)
  func finishSeeking(_ tree: PageTree, _ body: (UnsafeRawBufferPointer, UInt64) -> Void) {
    unsafe searches.finish(tree, self, body)
  }

  /// The row under a key, if it is known: a row, or that there is none.
  @inline(__always)
  func find(_ key: RecentKey) -> (isKnown: Bool, start: UnsafeRawPointer?, count: Int) {
    let entry = unsafe entries[key.place(of: places)]
    guard unsafe entry.age == age, unsafe entry.key == key else { return (false, nil, 0) }
    return unsafe (true, entry.start, Int(entry.count))
  }

  /// Remembers what is under a key.
  @inline(__always)
  func note(_ key: RecentKey, _ start: UnsafeRawPointer?, _ count: Int) {
    guard let count = UInt32(exactly: count) else { return }
    noted += 1
    if noted > places, places < Self.mostPlaces { grow() }
    unsafe entries[key.place(of: places)] = unsafe Entry(
      key: key, start: start, count: count, age: age)
  }
}

/// A table and a key of at most fourteen bytes in two words.
struct RecentKey: Equatable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  init() {}

  /// `nil` where the key is longer.
  @inline(__always)
  init?(_ table: Table, _ key: RawSpan) {
    let count = key.byteCount
    if count >= 8 {
      guard count <= 14 else { return nil }
      unsafe low = key.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self)
      if count == 9 {
        // Most keys that are not of eight bytes are; the byte was written with those behind it.
        high = UInt64(unsafe key.unsafeLoad(fromByteOffset: 8, as: UInt8.self))
      } else if count > 8 {
        let last = unsafe key.unsafeLoadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        high = last >> UInt64(64 - 8 * (count - 8))
      }
    } else {
      for index in 0..<count {
        let byte = unsafe key.unsafeLoad(fromByteOffset: index, as: UInt8.self)
        low |= UInt64(byte) << UInt64(8 * index)
      }
    }
    high |= UInt64(count) << 48 | UInt64(table.rawValue) << 56
  }

  /// The key as its bytes.
  @inline(__always)
  func withPageKey<Result>(_ body: (PageKey) -> Result) -> Result {
    // The two words have the bytes of the key in their order, and behind them its length.
    unsafe withUnsafeBytes(of: self) { bytes in
      unsafe body(PageKey(UnsafeRawBufferPointer(rebasing: bytes[..<Int(high >> 48 & 0xFF)])))
    }
  }

  @inline(__always)
  func place(of places: Int) -> Int {
    // Rows that follow each other differ in the last bytes of their keys: the highest bits, which
    // a product alone would not carry down.
    var mixed = low ^ (high &* 0x9E37_79B9_7F4A_7C15)
    mixed ^= mixed >> 32
    mixed &*= 0xD6E8_FEB8_6659_FD93
    return Int(truncatingIfNeeded: mixed >> 40) & (places - 1)
  }
}
