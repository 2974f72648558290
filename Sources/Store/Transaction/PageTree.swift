// One table's B-tree as a reader of a snapshot finds it in the mapped file: rows are sought without
// a cursor, and many of them side by side (RowSearches.swift). The pages of a snapshot stay as they
// are as long as a reader holds it. Layout: lmdb's mdb.c of version 0.9, "struct MDB_page", "struct
// MDB_node", "struct MDB_db".
//
// Every number that leads somewhere is checked first. Where a page is not what it should be, the
// answer is that it is not known, and liblmdb is asked instead. It must never be asked about a
// snapshot that its reader has given up, nor by a writer, whose pages lie elsewhere.

internal import CLMDB

/// The tree of one table.
@safe struct PageTree {
  /// What a search found.
  @unsafe enum Found {
    case row(UnsafeRawPointer, Int)
    case none
    /// The pages are not such as are read here.
    case unknown
  }

  /// Where page 0 is mapped.
  private let base: UnsafeRawPointer
  private let root: UInt64
  private let depth: Int
  private let lastPage: UInt64

  /// Pages of another size, on rare machines, are left to liblmdb.
  private static let pageShift = 12
  static let pageBytes = 1 << pageShift
  private static let depths = 1...16

  /// The tree of a table in the snapshot of a read transaction; `nil` where it cannot be read here.
  init?(_ table: Table, _ transaction: OpaquePointer) {
    var statistics = MDB_stat()
    var information = unsafe MDB_envinfo()
    guard unsafe mdb_stat(transaction, Self.listOfTables, &statistics) == 0,
      Int(statistics.ms_psize) == Self.pageBytes,
      unsafe mdb_env_info(mdb_txn_env(transaction), &information) == 0,
      let record = unsafe Self.record(of: table, transaction)
    else { return nil }
    // The record lies in a leaf of the list of tables, which has its number at its beginning.
    let offset = Int(bitPattern: record) & (Self.pageBytes - 1)
    let page = unsafe record - offset
    let number = unsafe page.load(as: UInt64.self)
    let flags = unsafe record.loadUnaligned(fromByteOffset: 4, as: UInt16.self)
    lastPage = unsafe UInt64(information.me_last_pgno)
    depth = Int(unsafe record.loadUnaligned(fromByteOffset: 6, as: UInt16.self))
    root = unsafe record.loadUnaligned(fromByteOffset: 40, as: UInt64.self)
    guard number <= lastPage, unsafe Self.kind(of: page) == LMDBPage.Flag.leaf, flags == 0,
      root <= lastPage, Self.depths.contains(depth)
    else { return nil }
    unsafe base = page - Int(number) << Self.pageShift
  }

  /// LMDB's handle of it, and what it has of each table.
  private static let listOfTables: MDB_dbi = 1
  private static let recordBytes = 48

  private static func record(
    of table: Table, _ transaction: OpaquePointer
  ) -> UnsafeRawPointer? {
    var name = Array(table.name.utf8)
    return unsafe name.withUnsafeMutableBytes { bytes in
      var key = unsafe MDB_val(mv_size: bytes.count, mv_data: bytes.baseAddress)
      var value = unsafe MDB_val()
      guard unsafe mdb_get(transaction, listOfTables, &key, &value) == 0,
        unsafe value.mv_size == recordBytes
      else { return nil }
      return unsafe UnsafeRawPointer(value.mv_data)
    }
  }

  // MARK: Searching

  /// The row under a key. O(log n).
  @inline(__always)
  func find(_ key: RawSpan) -> Found {
    unsafe key.withUnsafeBytes { bytes in
      let key = unsafe PageKey(bytes)
      guard let leaf = unsafe leaf(for: key) else { return unsafe .unknown }
      return unsafe find(key, in: leaf.page, share: leaf.share)
    }
  }

  /// The leaf that has a key if the table does, which is not touched, and about where the key is in
  /// it, from 0 to 1, where keys are as dense as numbers. `nil` where pages are not such as are
  /// read here.
  @inline(__always)
  func leaf(for key: PageKey) -> (page: UnsafeRawPointer, share: Double)? {
    var number = root
    var (least, most): (UInt64?, UInt64?) = (nil, nil)
    for _ in 1..<depth {
      guard let page = unsafe page(number), unsafe Self.kind(of: page) == LMDBPage.Flag.branch
      else { return nil }
      let count = unsafe Self.count(of: page)
      guard let low = unsafe place(of: key, in: page, count) else { return nil }
      let high = low + 1
      guard let entry = unsafe PageEntry(page, low) else { return nil }
      if low > 0 { least = unsafe entry.tail(as: key) }
      if high < count { most = unsafe PageEntry(page, high)?.tail(as: key) }
      number = unsafe entry.child
    }
    guard let leaf = unsafe page(number) else { return nil }
    guard let least, let most, let tail = unsafe key.tail, least < most, least <= tail else {
      return unsafe (leaf, 0.5)
    }
    return unsafe (leaf, min(1, Double(tail - least) / Double(most - least)))
  }

  /// The entry of a branch that leads to a key. The first one stands for everything below the
  /// second, whatever its own key.
  @inline(__always)
  private func place(of key: PageKey, in page: UnsafeRawPointer, _ count: Int) -> Int? {
    if let place = unsafe evenPlace(of: key, in: page, count) { return place }
    var (low, high) = (0, count)
    while high - low > 1 {
      let middle = (low + high) >> 1
      guard let entry = unsafe PageEntry(page, middle) else { return nil }
      if unsafe entry.order(against: key) <= 0 { low = middle } else { high = middle }
    }
    return low
  }

  /// The same where all keys that are looked at are as long as the one that is sought; `nil` where
  /// one is not. No step asks the processor to guess how a comparison ends, which it cannot, so
  /// that it goes on to the next search meanwhile.
  @inline(__always)
  private func evenPlace(of key: PageKey, in page: UnsafeRawPointer, _ count: Int) -> Int? {
    guard let tail = unsafe key.tail, unsafe key.count <= 16,
      LMDBPage.headerBytes + 2 * count <= Self.pageBytes
    else { return nil }
    let most = unsafe Self.pageBytes - LMDBPage.nodeHeaderBytes - key.count
    var (low, rest, odd) = (0, count, 0)
    while rest > 1 {
      let half = rest >> 1
      let said = Int(
        unsafe page.load(
          fromByteOffset: LMDBPage.headerBytes + 2 * (low + half), as: UInt16.self))
      let offset = min(said, most)
      let entry = unsafe page + offset
      let keyCount = Int(unsafe entry.loadUnaligned(fromByteOffset: 6, as: UInt16.self))
      odd |= unsafe (said - offset) | (keyCount ^ key.count)
      let theirs = unsafe UInt64(
        bigEndian: entry.loadUnaligned(
          fromByteOffset: LMDBPage.nodeHeaderBytes, as: UInt64.self))
      let theirTail = unsafe UInt64(
        bigEndian: entry.loadUnaligned(fromByteOffset: key.count, as: UInt64.self))
      let isBelow = unsafe Self.bit(theirs < key.head)
      let isSame = unsafe Self.bit(theirs == key.head) & Self.bit(theirTail <= tail)
      low += half & (0 &- (isBelow | isSame))
      rest -= half
    }
    return odd == 0 ? low : nil
  }

  @inline(__always)
  private static func bit(_ truth: Bool) -> Int { truth ? 1 : 0 }

  /// The row under a key in a leaf that has it if the table does. The search begins where the share
  /// leads, since every entry that is looked at lies elsewhere in the page.
  @inline(__always)
  func find(_ key: PageKey, in leaf: UnsafeRawPointer, share: Double) -> Found {
    guard unsafe Self.kind(of: leaf) == LMDBPage.Flag.leaf else { return unsafe .unknown }
    var (low, high) = (0, unsafe Self.count(of: leaf))
    guard high > 0 else { return unsafe .unknown }
    var (next, step) = (unsafe guess(share, in: leaf), 1)
    while low < high {
      guard let entry = unsafe PageEntry(leaf, next) else { return unsafe .unknown }
      let order = unsafe entry.order(against: key)
      if order == 0 { return unsafe row(of: entry) }
      if order < 0 {
        (low, next) = (next + 1, next + step)
      } else {
        (high, next) = (next, next - step)
      }
      step *= 2
      if next < low || next >= high { next = (low + high) >> 1 }
    }
    return unsafe .none
  }

  /// The entry of a leaf that a share leads to.
  @inline(__always)
  func guess(_ share: Double, in leaf: UnsafeRawPointer) -> Int {
    let count = unsafe Self.count(of: leaf)
    return max(0, min(count - 1, Int(share * Double(count))))
  }

  /// Has the entry of a leaf fetched that a share leads to.
  @inline(__always)
  func prefetch(_ share: Double, in leaf: UnsafeRawPointer) {
    let place = unsafe LMDBPage.headerBytes + 2 * guess(share, in: leaf)
    guard place + 2 <= Self.pageBytes else { return }
    let offset = unsafe Int(leaf.load(fromByteOffset: place, as: UInt16.self))
    unsafe clmdb_prefetch(leaf + min(offset, Self.pageBytes))
  }

  private func row(of entry: PageEntry) -> Found {
    let count = unsafe entry.valueCount
    switch unsafe entry.flags {
    case 0:
      guard let value = unsafe entry.value(count) else { return unsafe .unknown }
      return unsafe .row(value, count)
    case LMDBPage.NodeFlag.big:
      guard let place = unsafe entry.value(8) else { return unsafe .unknown }
      let first = unsafe place.loadUnaligned(as: UInt64.self)
      let pages = UInt64((LMDBPage.headerBytes + count + Self.pageBytes - 1) >> Self.pageShift)
      guard let page = unsafe page(first), pages <= lastPage - first + 1,
        unsafe Self.kind(of: page) == LMDBPage.Flag.overflow
      else { return unsafe .unknown }
      return unsafe .row(page + LMDBPage.headerBytes, count)
    default: return unsafe .unknown
    }
  }

  // MARK: Pages

  @inline(__always)
  private func page(_ number: UInt64) -> UnsafeRawPointer? {
    guard number <= lastPage else { return nil }
    return unsafe base + Int(number) << Self.pageShift
  }

  @inline(__always)
  private static func kind(of page: UnsafeRawPointer) -> UInt16 {
    unsafe page.load(fromByteOffset: 10, as: UInt16.self)
  }

  /// The number of entries; none where the page says what cannot be.
  @inline(__always)
  private static func count(of page: UnsafeRawPointer) -> Int {
    let end = Int(unsafe page.load(fromByteOffset: 12, as: UInt16.self))
    return end <= pageBytes ? max(0, end - LMDBPage.headerBytes) >> 1 : 0
  }
}
