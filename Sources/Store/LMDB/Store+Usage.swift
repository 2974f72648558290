// What a store takes and who holds it: sizes per table, free pages, and the readers of all
// processes with their snapshots.

internal import Base
internal import CLMDB
internal import Glibc

/// The space and the readers of a store.
package struct StoreUsage: Sendable, Hashable {
  package struct Table: Sendable, Hashable {
    package var name: String
    package var entries: Int
    package var bytes: Int
  }

  /// A slot in LMDB's table of readers.
  package struct Reader: Sendable, Hashable {
    package var process: Int
    /// How many commits were made since its snapshot; `nil` where it reads nothing now.
    package var commitsBehind: Int?
  }

  package var tables: [Table] = []
  /// The file up to its last page, and those of its pages that are free.
  package var fileBytes = 0
  package var freeBytes = 0
  package var readers: [Reader] = []
  /// Whether readers could be seen: not where the lock file cannot be used.
  package var seesReaders = true
  package var objects = 0
  package var objectBytes = 0
}

extension Store {
  /// Counts what is there. O(tables) for the file, O(n) in the number of objects.
  package func usage() throws -> StoreUsage {
    var usage = StoreUsage()
    for digest in try objects.all() {
      usage.objects += 1
      usage.objectBytes += try objects.byteCount(of: digest) ?? 0
    }
    guard case .disk(let environment, _) = engine else { return usage }
    try read { reading in unsafe try Self.measure(reading.transaction, environment, &usage) }
    usage.seesReaders = !environment.isUnlocked
    if usage.seesReaders { usage.readers = environment.readers() }
    return usage
  }

  private static func measure(
    _ transaction: OpaquePointer?, _ environment: Environment, _ usage: inout StoreUsage
  ) throws(StoreError) {
    var information = unsafe MDB_envinfo()
    unsafe mdb_env_info(environment.handle, &information)
    var used = 0
    var pageBytes = 0
    // LMDB's own two trees come first: the free list and the list of tables.
    let tables = Table.allCases.filter(environment.header.has)
    for handle in 0..<UInt32(tables.count + 2) {
      var statistics = MDB_stat()
      let result = unsafe mdb_stat(transaction, handle, &statistics)
      if result != 0 { throw StoreError(lmdb: result) }
      pageBytes = Int(statistics.ms_psize)
      let pages =
        statistics.ms_branch_pages + statistics.ms_leaf_pages + statistics.ms_overflow_pages
      used += Int(pages) * pageBytes
      guard handle >= 2 else { continue }
      usage.tables.append(
        .init(
          name: tables[Int(handle) - 2].name, entries: Int(statistics.ms_entries),
          bytes: Int(pages) * pageBytes))
    }
    usage.fileBytes = (unsafe Int(information.me_last_pgno) + 1) * pageBytes
    usage.freeBytes = max(0, usage.fileBytes - used - 2 * pageBytes)
  }
}

extension Environment {
  /// The slots in use, of this process too.
  func readers() -> [StoreUsage.Reader] {
    let lines = ReaderLines()
    _ = withExtendedLifetime(lines) {
      unsafe mdb_reader_list(
        handle,
        { text, context in
          guard let text = unsafe text, let context = unsafe context else { return 0 }
          let lines = unsafe Unmanaged<ReaderLines>.fromOpaque(context).takeUnretainedValue()
          unsafe lines.text += String(cString: text)
          return 0
        }, Unmanaged.passUnretained(lines).toOpaque())
    }
    var information = unsafe MDB_envinfo()
    unsafe mdb_env_info(handle, &information)
    let last = unsafe Int(information.me_last_txnid)
    return lines.text.split(separator: "\n").compactMap { line in
      // process, thread, and the snapshot or a dash.
      let words = line.split(separator: " ")
      guard words.count == 3, let process = Int(words[0]) else { return nil }
      return .init(process: process, commitsBehind: Int(words[2]).map { max(0, last - $0) })
    }
  }
}

/// What LMDB prints, gathered by its callback.
private final class ReaderLines {
  var text = ""
}
