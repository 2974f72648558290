// Rows of one table read from an LMDB file without liblmdb: what is left to read where the file is
// damaged. Every number that leads somewhere is checked; one that leads nowhere ends it, or is told
// and passed over, as the caller likes.

internal import Base

/// A reader of the tables of a damaged file.
package struct LMDBRows: ~Copyable {
  /// Which state of the file is read.
  package enum State: CaseIterable, Sendable {
    /// What the next one to open the store would find: with what its journal has.
    case settled
    /// The newest in the file alone, and the one before.
    case newest, older
  }

  private let file: FileHandle
  private let meta: LMDBMeta
  private let overlay: JournalOverlay?
  /// Why the last commit may not be in what is read; `nil` where it is.
  package let doubt: String?

  /// The table cannot be read on: why.
  package struct Broken: Error {
    package var page: UInt64
    package var words: String
    /// The row whose value cannot be read, where it is known.
    package var key: [UInt8]?

    package init(page: UInt64, words: String, key: [UInt8]? = nil) {
      self.page = page
      self.words = words
      self.key = key
    }
  }

  /// Opens the file of the store in `folder`, which nothing is changed about.
  package static func open(storeAt folder: String, at state: State = .settled) throws -> LMDBRows {
    do throws(StoreError) {
      let overlay = state == .settled ? try JournalOverlay(of: folder) : nil
      let file = try FileHandle(readingWithoutFollowing: folder + "/data.mdb")
      if let overlay { return LMDBRows(file, overlay.meta, overlay, doubt: nil) }
      var report = LMDBFileReport()
      let metas = try LMDBFileCheck.metas(file, &report)
      guard let meta = state == .older ? metas.dropFirst().first : metas.first else {
        throw StoreError(.notAStore)
      }
      let doubt = state == .older ? nil : try doubt(file, metas, report)
      return LMDBRows(file, meta, nil, doubt: doubt)
    } catch {
      throw StemmaError(error, path: folder)
    }
  }

  private init(
    _ file: consuming FileHandle, _ meta: LMDBMeta, _ overlay: JournalOverlay?, doubt: String?
  ) {
    self.file = file
    self.meta = meta
    self.overlay = overlay
    self.doubt = doubt
  }

  /// Commits write the two meta pages in turn. Where only one can be read it may be the older one;
  /// the other's number may be all that is left of it, and tells.
  private static func doubt(
    _ file: borrowing FileHandle, _ metas: [LMDBMeta], _ report: LMDBFileReport
  ) throws(StoreError) -> String? {
    guard !report.faults.isEmpty, let meta = metas.first else { return nil }
    if metas.count == 1 {
      let place = meta.transaction & 1 == 0 ? UInt64(meta.pageBytes) : 0
      let other = LMDBPage(bytes: try file.read(LMDBMeta.byteCount, at: place))
      if other.little(LMDBMeta.byteCount - 8, width: 8) &+ 1 == meta.transaction { return nil }
    }
    return "the page of the file that the last commit wrote may be the one that is broken: "
      + report.faults[0].words
  }

  // MARK: Rows

  /// Hands out the rows of a table in the order of the keys, until `body` returns false. Throws
  /// `Broken` where the file leads nowhere; with `passingOver`, which is told, it goes on behind
  /// the page.
  package func forEach(
    in table: Table, passingOver: ((Broken) -> Void)? = nil,
    _ body: (_ key: [UInt8], _ value: [UInt8]) throws -> Bool
  ) throws {
    var changes = (overlay?.changes(of: table) ?? [])[...]
    /// Changed rows that come before a key, or all that are left.
    func changed(before key: [UInt8]?) throws -> Bool {
      while let change = changes.first, key.map(change.key.lexicographicallyPrecedes) ?? true {
        changes.removeFirst()
        if let value = change.value, try !body(change.key, value) { return false }
      }
      return true
    }
    if let tree = try tree(of: table) {
      let walk = Walk(name: "the table \(table.name)", passingOver: passingOver)
      let isWanted = try self.walk(tree.root, levels: tree.depth, walk) { row in
        guard try changed(before: row.key) else { return false }
        // What is changed need not be readable.
        if changes.first?.key == row.key { return true }
        guard let value = try walk.passing({ try value(of: row, walk.name) }) else { return true }
        return try body(row.key, value)
      }
      guard isWanted else { return }
    }
    _ = try changed(before: nil)
  }

  /// The number of rows of a table, as the file says.
  package func count(of table: Table) throws -> Int {
    let changed = overlay?.changes(of: table).count { $0.value != nil } ?? 0
    return Int(clamping: (try tree(of: table)?.entries ?? 0) &+ UInt64(changed))
  }

  /// The number of tables, as the file says: older formats have fewer.
  package var tableCount: Int { Int(clamping: meta.main.entries) }

  private func tree(of table: Table) throws -> LMDBTree? {
    guard let tree = try description(of: table) else {
      throw Broken(page: meta.main.root, words: "there is no table \(table.name)")
    }
    return tree.root == LMDBTree.emptyRoot ? nil : tree
  }

  /// What the list of tables says of one. Where its name is not there, but another that is none of
  /// ours, that is taken: rows of the log and objects are checked by what they hold.
  private func description(of table: Table) throws -> LMDBTree? {
    var found: LMDBTree?
    var strangers: [LMDBTree] = []
    let names = Table.allCases.map { Array($0.name.utf8) }
    let list = Walk(name: "the list of tables", passingOver: nil)
    _ = try walk(meta.main.root, levels: meta.main.depth, list) { row in
      let value = try value(of: row, list.name)
      let isMeant = row.key == names[Int(table.rawValue)]
      guard isMeant || !names.contains(row.key) else { return true }
      guard value.count == LMDBTree.byteCount else {
        throw Broken(page: meta.main.root, words: "the table \(table.name) is not described")
      }
      let tree = LMDBTree(LMDBPage(bytes: value), at: 0)
      if isMeant { found = tree } else { strangers.append(tree) }
      return !isMeant
    }
    return found ?? (strangers.count == 1 ? strangers[0] : nil)
  }

  // MARK: The walk

  /// What is walked, and what becomes of what is broken.
  private final class Walk {
    let name: String
    private let passingOver: ((Broken) -> Void)?
    /// A wrong number may lead up again, or many times to the same page.
    private var reached: Set<UInt64> = []

    init(name: String, passingOver: ((Broken) -> Void)?) {
      self.name = name
      self.passingOver = passingOver
    }

    func reach(_ page: UInt64) throws {
      guard reached.insert(page).inserted else {
        throw Broken(page: page, words: "\(name) leads twice to one page")
      }
    }

    /// The result of `body`; `nil` where it met what is broken and that is passed over.
    func passing<Result>(_ body: () throws -> Result) throws -> Result? {
      do {
        return try body()
      } catch let broken as Broken {
        guard let passingOver else { throw broken }
        passingOver(broken)
        return nil
      }
    }
  }

  /// A row before its value is looked at, which may lie elsewhere.
  private struct Row {
    var node: LMDBPage.Node
    var page: LMDBPage
    var key: [UInt8] { node.key }
  }

  /// One page and everything below it; false where `body` wants no more.
  private func walk(
    _ number: UInt64, levels: Int, _ walk: Walk, _ body: (Row) throws -> Bool
  ) throws -> Bool {
    guard
      let (page, nodes) = try walk.passing({ try nodes(of: number, levels: levels, walk) })
    else { return true }
    for node in nodes {
      let isWanted =
        levels > 1
        ? try self.walk(node.child, levels: levels - 1, walk, body)
        : try body(Row(node: node, page: page))
      guard isWanted else { return false }
    }
    return true
  }

  private func nodes(
    of number: UInt64, levels: Int, _ walk: Walk
  ) throws -> (page: LMDBPage, nodes: [LMDBPage.Node]) {
    let name = walk.name
    try walk.reach(number)
    guard (1...LMDBFileCheck.depthLimit).contains(levels), let page = try load(number, count: 1)
    else { throw Broken(page: number, words: "\(name) leads to a page that is not in the file") }
    // What a page says of itself is not needed: its level tells what it must be, and what the rows
    // that matter here hold is checked by its hash.
    let flags = levels == 1 ? LMDBPage.Flag.leaf : LMDBPage.Flag.branch
    var bytes = page.bytes
    (bytes[10], bytes[11]) = (UInt8(flags), 0)
    let taken = LMDBPage(bytes: bytes)
    do {
      return (taken, try taken.nodes())
    } catch {
      throw Broken(page: number, words: "\(name): " + error.words)
    }
  }

  private func value(of row: Row, _ name: String) throws -> [UInt8] {
    let (node, page) = (row.node, row.page)
    guard node.flags & LMDBPage.NodeFlag.big != 0 else {
      return Array(page.bytes[node.valueOffset..<node.valueOffset + node.valueCount])
    }
    let first = page.little(node.valueOffset, width: 8)
    let count = (LMDBPage.headerBytes - 1 + node.valueCount) / meta.pageBytes + 1
    guard first <= meta.lastPage, UInt64(count - 1) <= meta.lastPage - first,
      let run = try load(first, count: count)
    else {
      let words = "\(name): a long value is not where it should be"
      throw Broken(page: first, words: words, key: node.key)
    }
    return Array(run.bytes[LMDBPage.headerBytes..<LMDBPage.headerBytes + node.valueCount])
  }

  private func load(_ page: UInt64, count: Int) throws -> LMDBPage? {
    let (offset, isTooLarge) = page.multipliedReportingOverflow(by: UInt64(meta.pageBytes))
    guard !isTooLarge else { return nil }
    let bytes = try file.read(count * meta.pageBytes, at: offset)
    return bytes.count == count * meta.pageBytes ? LMDBPage(bytes: bytes) : nil
  }
}
