// Walks a store's LMDB file with a reader of our own, before liblmdb is trusted with it (liblmdb
// follows page numbers without looking). Every page is reached once: by a tree, or by the free
// list.
//
// It only reads, never traps on any file, and needs a bit of memory per page.

internal import Base

/// The check of an LMDB 0.9 file.
package struct LMDBFileCheck: ~Copyable {
  package static let faultLimit = 100
  /// LMDB's own limit.
  static let depthLimit = 32
  /// Pages at the end of a file that were freed before they were ever written are not in it.
  private static let unwrittenLimit: UInt64 = 1 << 20
  /// How often a file that changes under the check is looked at again.
  private static let attempts = 3

  let file: FileHandle
  let fileBytes: UInt64
  var report = LMDBFileReport()
  var meta: LMDBMeta
  /// One bit per page: whether it was reached.
  var reached: [UInt64] = []

  /// Checks the file of the store in `folder`, as of its newest transaction. Faults are in the
  /// report; what is thrown is that the file could not be read, or is being written too busily.
  package static func check(storeAt folder: String) throws -> LMDBFileReport {
    do {
      try JournalRecovery.settleUnlessOpen(folder, options: StoreOptions(isReadOnly: true))
      return try check(folder, isWhole: true)
    } catch {
      throw StemmaError(error, path: folder)
    }
  }

  /// The whole file, or only what liblmdb reads when it opens one: the metas and the list of
  /// tables.
  static func check(_ folder: String, isWhole: Bool) throws(StoreError) -> LMDBFileReport {
    for _ in 0..<attempts {
      let (report, isStill) = try once(folder + "/data.mdb", isWhole: isWhole)
      // A writer may have used pages of our snapshot again while we looked.
      if report.isSound || isStill { return report }
    }
    throw StoreError(.busy)
  }

  /// One walk, and whether the file was the same at its end.
  private static func once(
    _ path: String, isWhole: Bool
  ) throws(StoreError) -> (report: LMDBFileReport, isStill: Bool) {
    let file = try FileHandle(readingWithoutFollowing: path)
    var report = LMDBFileReport()
    let metas = try metas(file, &report)
    guard let meta = metas.first else { return (report, true) }
    let fileBytes = try file.byteCount()
    var check = LMDBFileCheck(file: file, fileBytes: fileBytes, report: report, meta: meta)
    try check.walk(isWhole: isWhole)
    var later = LMDBFileReport()
    // Both of them: commits between the reading of one and of the other leave the newer as it is.
    let again = try Self.metas(check.file, &later)
    return (check.report, again.map(\.transaction) == metas.map(\.transaction))
  }

  private init(
    file: consuming FileHandle, fileBytes: UInt64, report: LMDBFileReport, meta: LMDBMeta
  ) {
    self.file = file
    self.fileBytes = fileBytes
    self.report = report
    self.meta = meta
  }

  // MARK: Metas

  /// The meta page that counts.
  static func newestMeta(
    _ file: borrowing FileHandle, _ report: inout LMDBFileReport
  ) throws(StoreError) -> LMDBMeta? {
    try metas(file, &report).first
  }

  /// The meta pages that can be read, the newest first.
  static func metas(
    _ file: borrowing FileHandle, _ report: inout LMDBFileReport
  ) throws(StoreError) -> [LMDBMeta] {
    let first = meta(LMDBPage(bytes: try file.read(LMDBMeta.byteCount, at: 0)), 0)
    // The second page lies behind the first; its place follows from the size of pages.
    let sizes = first.map { [$0.pageBytes] } ?? [4096, 8192, 16384, 32768, 65536, 2048, 1024, 512]
    var second: LMDBMeta?
    for size in sizes where second == nil {
      let bytes = try file.read(LMDBMeta.byteCount, at: UInt64(size))
      second = meta(LMDBPage(bytes: bytes), 1)
      if second?.pageBytes != size { second = nil }
    }
    let metas = [first, second].compactMap { $0 }.sorted { $0.transaction > $1.transaction }
    guard let newest = metas.first else {
      report.hasMeta = false
      report.faults = [.init(page: 0, tree: "file", words: "there is no meta page to start from")]
      return []
    }
    compare(first, second, &report)
    report.pageBytes = newest.pageBytes
    report.transaction = newest.transaction
    return metas
  }

  /// liblmdb writes the two in turn, so that their transactions follow each other: where they do
  /// not, one of the numbers is wrong, and with it the choice between the two.
  private static func compare(
    _ first: LMDBMeta?, _ second: LMDBMeta?, _ report: inout LMDBFileReport
  ) {
    guard let first, let second else {
      report.isOlderMetaWhole = false
      let page: UInt64 = first == nil ? 0 : 1
      report.faults.append(.init(page: page, tree: "file", words: "it is no meta page"))
      return
    }
    let (even, odd) = (first.transaction, second.transaction)
    let areInTurn = even & 1 == 0 && odd & 1 == 1 && (even == odd &+ 1 || odd == even &+ 1)
    if !areInTurn, even != 0 || odd != 0 {
      let words = "transactions \(even) and \(odd) cannot follow each other"
      report.faults.append(.init(page: even > odd ? 0 : 1, tree: "file", words: words))
    }
  }

  private static func meta(_ page: LMDBPage, _ number: UInt64) -> LMDBMeta? {
    try? LMDBMeta(page, number: number)
  }

  // MARK: The walk

  private mutating func walk(isWhole: Bool) throws(StoreError) {
    let filePages = fileBytes / UInt64(meta.pageBytes)
    guard meta.lastPage >= 1, meta.lastPage < filePages + Self.unwrittenLimit else {
      fault(0, "file", "the last page is \(meta.lastPage) in a file of \(filePages) pages")
      return
    }
    report.pages = meta.lastPage + 1
    reached = [UInt64](repeating: 0, count: Int(meta.lastPage / 64 + 1))
    _ = claim(0, "file")
    _ = claim(1, "file")
    report.reachablePages = 2
    if !isWhole {
      var tables = LMDBTreeWalk(name: "main", tree: meta.main, content: .names)
      try tables.walk(&self)
      if meta.lastPage >= filePages { try requireFree(from: filePages) }
      return
    }
    var free = LMDBTreeWalk(name: "free list", tree: meta.free, content: .freeList)
    try free.walk(&self)
    var main = LMDBTreeWalk(name: "main", tree: meta.main, content: .tables)
    try main.walk(&self)
    for page in 0...meta.lastPage where !isReached(page) {
      fault(page, "file", "it is neither in use nor free")
    }
  }

  /// A file may end before its last page where the rest is free and was never written. Otherwise it
  /// was cut short, and a process that maps it would die of reading there.
  private mutating func requireFree(from first: UInt64) throws(StoreError) {
    var free = LMDBTreeWalk(name: "free list", tree: meta.free, content: .freeList)
    try free.walk(&self)
    for page in first...meta.lastPage where !isReached(page) {
      fault(page, "file", "the file ends before it")
      return
    }
  }

  mutating func fault(_ page: UInt64, _ tree: String, _ words: String) {
    guard report.faults.count < Self.faultLimit else { return }
    report.faults.append(.init(page: page, tree: tree, words: words))
  }

  func isReached(_ page: UInt64) -> Bool {
    reached[Int(page / 64)] >> (page % 64) & 1 == 1
  }

  /// Marks a page as reached; false, with a fault, where it cannot be or was reached before.
  mutating func claim(_ page: UInt64, _ tree: String) -> Bool {
    guard page <= meta.lastPage else {
      fault(page, tree, "it lies behind the last page")
      return false
    }
    guard !isReached(page) else {
      fault(page, tree, "it is used twice")
      return false
    }
    reached[Int(page / 64)] |= 1 << (page % 64)
    return true
  }

  /// The bytes of pages; `nil`, with a fault, where the file ends before.
  mutating func load(_ page: UInt64, count: Int, _ tree: String) throws(StoreError) -> LMDBPage? {
    let size = UInt64(meta.pageBytes)
    let wanted = Int(size) * count
    let bytes = try file.read(wanted, at: page * size)
    guard bytes.count == wanted else {
      fault(page, tree, "the file ends before it")
      return nil
    }
    return LMDBPage(bytes: bytes)
  }
}
