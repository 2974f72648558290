// The index beside a store that finds what is like a proposal: words, changed lines, parameters.
// It is derived: it can be deleted at any time, is caught up from the log before each question, and
// is made anew after a redaction or where the file is damaged. It must never answer on its own:
// what it yields are candidates, and everything said about them is read from the graph.

import Base
import Glibc
import Graph
package import Stemma
import Synchronization

/// Finds candidates in one store.
package final class RecallIndex: Sendable {
  /// The layout of the file; another one is made anew.
  static let version: Int64 = 1
  static let folderName = "derived"
  static let fileName = "recall.sqlite"

  package let database: Database

  /// Open files that nobody uses right now; each question has one to itself.
  private let idle = Mutex<[SideFile]>([])

  /// The file is opened, or made, with the first question.
  package init(database: Database) { self.database = database }

  /// Where the index of a store lies; `nil` for a store in memory.
  package static func path(ofStoreAt store: String?) -> String? {
    store.map { "\($0)/\(folderName)/\(fileName)" }
  }

  /// Reads the graph at a snapshot, or at the last that the index has seen, together with the
  /// index, which has everything up to it.
  func read<Result>(
    at transaction: TransactionNumber?,
    _ body: (borrowing GraphView, SideFile) throws -> Result
  ) throws -> Result {
    let file = try caughtUp()
    let result: Result
    do {
      let seen = TransactionNumber(UInt64(clamping: try CatchUp.about("transaction", file) ?? 0))
      result = try database.readLog(at: transaction ?? seen) { graph in try body(graph, file) }
    } catch let fault as SideFileFault { throw Self.failure(fault) }
    idle.withLock { $0.append(file) }
    return result
  }

  /// Brings the index up to the present. Returns how many records it holds.
  @discardableResult
  package func catchUp() throws -> Int {
    let file = try caughtUp()
    let records = try CatchUp.about("records", file) ?? 0
    idle.withLock { $0.append(file) }
    return Int(records)
  }

  private func caughtUp() throws -> SideFile {
    do {
      return try refreshed(try idle.withLock { $0.popLast() } ?? opened())
    } catch let fault as SideFileFault where fault.isDamage {
      // A damaged or foreign file is of no use to anybody.
      for file in idle.withLock({ files in
        defer { files = [] }
        return files
      }) { file.close() }
      if let path = Self.path(ofStoreAt: database.path) { Self.remove(path) }
      do { return try refreshed(try opened()) } catch let fault as SideFileFault {
        throw Self.failure(fault)
      }
    } catch let fault as SideFileFault where fault.isUnwritable {
      return try inMemory()
    } catch let fault as SideFileFault {
      throw Self.failure(fault)
    }
  }

  /// Deletes the index of the store at `path`; the next question makes it anew.
  package static func forget(storeAt path: String) {
    if let file = Self.path(ofStoreAt: path) { remove(file) }
  }

  private static func remove(_ path: String) {
    for ending in ["", "-wal", "-shm", "-journal"] { _ = unlink(path + ending) }
  }

  private static func failure(_ fault: SideFileFault) -> StemmaError {
    StemmaError(
      .fileUnreadable, "the index of what was tried cannot be used: \(fault.message)",
      advice: "it is derived: delete the folder `\(folderName)` of the store and ask again")
  }

  // MARK: The file

  private func opened() throws -> SideFile {
    guard let path = Self.path(ofStoreAt: database.path) else {
      return try SideFile(path: ":memory:")
    }
    _ = mkdir(String(path.dropLast(Self.fileName.count + 1)), 0o777)
    let file = try SideFile(path: path)
    // Big pages keep a block of the grid in few pieces. No sync: after a power cut the file is
    // checked by its own counts and made anew.
    try file.execute("PRAGMA page_size = 32768")
    try file.executeWaiting("PRAGMA journal_mode = WAL")
    try file.execute(
      """
      PRAGMA synchronous = NORMAL; PRAGMA mmap_size = 1073741824; PRAGMA temp_store = MEMORY;
      """)
    return file
  }

  /// For a store whose folder cannot be written.
  private func inMemory() throws -> SideFile {
    do {
      return try refreshed(try SideFile(path: ":memory:"))
    } catch let fault as SideFileFault { throw Self.failure(fault) }
  }

  static let schema =
    "CREATE TABLE about (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;\n"
    + "CREATE TABLE patches (node INTEGER PRIMARY KEY, lines BLOB NOT NULL);\n"
    + ParameterGrid.schema + "\n" + TermIndex.all.map(\.schema).joined(separator: "\n")

  /// The store that an index belongs to, as a number.
  private var identity: Int64 {
    database.storeIdentity.prefix(8).reduce(0) { $0 << 8 | Int64($1) }
  }

  private func refreshed(_ file: SideFile) throws -> SideFile {
    do { try refresh(file) } catch {
      file.close()
      throw error
    }
    return file
  }

  private func refresh(_ file: SideFile) throws {
    let last = try database.lastTransaction()
    if try state(file) == .current(last) { return }
    try file.execute("BEGIN IMMEDIATE")
    do {
      try database.readLog { graph in try CatchUp(identity: identity).run(graph, file, database) }
      try file.execute("COMMIT")
    } catch {
      try? file.execute("ROLLBACK")
      throw error
    }
  }

  private enum State: Equatable {
    case current(TransactionNumber)
    case unusable
  }

  private func state(_ file: SideFile) throws -> State {
    guard try file.number("SELECT count(*) FROM sqlite_schema WHERE name = 'about'") == 1,
      try CatchUp.about("version", file) == Self.version,
      try CatchUp.about("store", file) == identity,
      let mark = try CatchUp.about("transaction", file)
    else { return .unusable }
    return .current(TransactionNumber(UInt64(clamping: mark)))
  }
}
