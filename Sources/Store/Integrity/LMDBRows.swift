// Rows of one table read from an LMDB file without liblmdb: what is left to read where the file is
// damaged. Every number that leads somewhere is checked; the first that leads nowhere ends it.

internal import Base

/// A reader of the tables of a damaged file.
package struct LMDBRows: ~Copyable {
  private let file: FileHandle
  private let meta: LMDBMeta

  /// The table cannot be read on: why.
  package struct Broken: Error {
    package var page: UInt64
    package var words: String

    package init(page: UInt64, words: String) {
      self.page = page
      self.words = words
    }
  }

  /// Opens the file of the store in `folder` at its newest transaction, or at the one before.
  package static func open(storeAt folder: String, older: Bool = false) throws -> LMDBRows {
    do throws(StoreError) {
      let file = try FileHandle(readingWithoutFollowing: folder + "/data.mdb")
      let meta = try meta(of: file, older: older)
      return LMDBRows(file: file, meta: meta)
    } catch {
      throw StemmaError(error, path: folder)
    }
  }

  private init(file: consuming FileHandle, meta: LMDBMeta) {
    self.file = file
    self.meta = meta
  }

  private static func meta(
    of file: borrowing FileHandle, older: Bool
  ) throws(StoreError) -> LMDBMeta {
    var report = LMDBFileReport()
    let metas = try LMDBFileCheck.metas(file, &report)
    guard let chosen = older ? metas.dropFirst().first : metas.first else {
      throw StoreError(.notAStore)
    }
    return chosen
  }

  /// LMDB's number of the transaction that is read.
  package var transaction: UInt64 { meta.transaction }

  /// Hands out the rows of a table in the order of the keys, until `body` returns false. Throws
  /// `Broken` where the file leads nowhere.
  package func forEach(
    in table: Table, _ body: (_ key: [UInt8], _ value: [UInt8]) throws -> Bool
  ) throws {
    guard let tree = try tree(of: table) else { return }
    _ = try walk(tree.root, levels: tree.depth, "the table \(table.name)", body)
  }

  /// The number of rows of a table, as the file says.
  package func count(of table: Table) throws -> Int {
    Int(clamping: try tree(of: table)?.entries ?? 0)
  }

  /// Whether there is such a table: older formats have fewer.
  package func holds(_ table: Table) throws -> Bool { try description(of: table) != nil }

  private func tree(of table: Table) throws -> LMDBTree? {
    guard let tree = try description(of: table) else {
      throw Broken(page: meta.main.root, words: "there is no table \(table.name)")
    }
    return tree.root == LMDBTree.emptyRoot ? nil : tree
  }

  private func description(of table: Table) throws -> LMDBTree? {
    var found: LMDBTree?
    let name = Array(table.name.utf8)
    _ = try walk(meta.main.root, levels: meta.main.depth, "the list of tables") { key, value in
      guard key == name else { return true }
      guard value.count == LMDBTree.byteCount else {
        throw Broken(page: meta.main.root, words: "the table \(table.name) is not described")
      }
      found = LMDBTree(LMDBPage(bytes: value), at: 0)
      return false
    }
    return found
  }

  private func load(_ page: UInt64, count: Int) throws -> LMDBPage? {
    let (offset, isTooLarge) = page.multipliedReportingOverflow(by: UInt64(meta.pageBytes))
    guard !isTooLarge else { return nil }
    let bytes = try file.read(count * meta.pageBytes, at: offset)
    return bytes.count == count * meta.pageBytes ? LMDBPage(bytes: bytes) : nil
  }

  /// One page and everything below it; false where `body` wants no more.
  private func walk(
    _ number: UInt64, levels: Int, _ name: String,
    _ body: (_ key: [UInt8], _ value: [UInt8]) throws -> Bool
  ) throws -> Bool {
    guard (1...LMDBFileCheck.depthLimit).contains(levels), let page = try load(number, count: 1),
      page.number == number,
      page.flags == (levels == 1 ? LMDBPage.Flag.leaf : LMDBPage.Flag.branch)
    else { throw Broken(page: number, words: "\(name) leads to a page that is not its own") }
    let nodes: [LMDBPage.Node]
    do {
      nodes = try page.nodes()
    } catch {
      throw Broken(page: number, words: "\(name): " + error.words)
    }
    for node in nodes {
      if levels > 1 {
        guard try walk(node.child, levels: levels - 1, name, body) else { return false }
      } else if try !body(node.key, value(of: node, on: page, name)) {
        return false
      }
    }
    return true
  }

  private func value(
    of node: LMDBPage.Node, on page: LMDBPage, _ name: String
  ) throws -> [UInt8] {
    guard node.flags & LMDBPage.NodeFlag.big != 0 else {
      return Array(page.bytes[node.valueOffset..<node.valueOffset + node.valueCount])
    }
    let first = page.little(node.valueOffset, width: 8)
    let count = (LMDBPage.headerBytes - 1 + node.valueCount) / meta.pageBytes + 1
    guard first <= meta.lastPage, UInt64(count) <= meta.lastPage - first + 1,
      let run = try load(first, count: count), run.number == first,
      run.flags == LMDBPage.Flag.overflow
    else { throw Broken(page: first, words: "\(name): a long value is not where it should be") }
    return Array(run.bytes[LMDBPage.headerBytes..<LMDBPage.headerBytes + node.valueCount])
  }
}
