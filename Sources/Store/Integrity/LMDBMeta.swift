// The meta pages of an LMDB 0.9 file: two, of which the one with the higher transaction counts.

/// A B-tree as its parent describes it.
struct LMDBTree {
  static let byteCount = 48
  static let emptyRoot = UInt64.max

  var flags: UInt16
  var depth: Int
  var branchPages: UInt64
  var leafPages: UInt64
  var overflowPages: UInt64
  var entries: UInt64
  var root: UInt64

  /// Whether there is anything in it, by its counts.
  var isCounting: Bool { branchPages | leafPages | overflowPages | entries != 0 }

  init(_ page: LMDBPage, at offset: Int) {
    flags = UInt16(page.little(offset + 4, width: 2))
    depth = Int(page.little(offset + 6, width: 2))
    branchPages = page.little(offset + 8, width: 8)
    leafPages = page.little(offset + 16, width: 8)
    overflowPages = page.little(offset + 24, width: 8)
    entries = page.little(offset + 32, width: 8)
    root = page.little(offset + 40, width: 8)
  }
}

/// One meta page.
struct LMDBMeta {
  /// Enough bytes of a page to read a meta from.
  static let byteCount = 16 + 24 + 2 * LMDBTree.byteCount + 16
  private static let magic: UInt64 = 0xBEEF_C0DE
  private static let version: UInt64 = 1

  var pageBytes: Int
  var mapBytes: UInt64
  var free: LMDBTree
  var main: LMDBTree
  var lastPage: UInt64
  var transaction: UInt64

  init(_ page: LMDBPage, number: UInt64) throws(LMDBPage.Fault) {
    guard page.bytes.count >= Self.byteCount, page.number == number,
      page.flags == LMDBPage.Flag.meta
    else { throw LMDBPage.Fault(words: "it is no meta page") }
    guard page.little(16, width: 4) == Self.magic, page.little(20, width: 4) == Self.version else {
      throw LMDBPage.Fault(words: "it is not of LMDB 0.9")
    }
    mapBytes = page.little(32, width: 8)
    pageBytes = Int(page.little(40, width: 4))
    guard (512...65536).contains(pageBytes), pageBytes & (pageBytes - 1) == 0 else {
      throw LMDBPage.Fault(words: "a page size of \(pageBytes) is impossible")
    }
    free = LMDBTree(page, at: 40)
    main = LMDBTree(page, at: 40 + LMDBTree.byteCount)
    // The free list's flags are LMDB's INTEGERKEY; its padding holds the size of pages.
    guard free.flags == 0x08, main.flags == 0 else {
      throw LMDBPage.Fault(words: "its flags are none that a store has")
    }
    let end = 40 + 2 * LMDBTree.byteCount
    lastPage = page.little(end, width: 8)
    transaction = page.little(end + 8, width: 8)
  }
}
