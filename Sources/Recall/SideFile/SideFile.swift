// One SQLite file, as little of SQLite as the index needs: run a statement, read its rows. The only
// file of this target that speaks to libsqlite3. What is in the file can be made again from the
// log, so a fault here is never a fault of the store.

import Base
import CSQLite
import Glibc

/// What SQLite says went wrong.
struct SideFileFault: Error {
  var code: Int32
  var message: String

  /// The file holds what it must not hold any more.
  static let outdated = SQLITE_CORRUPT

  /// Whether the file itself is of no use, so that making it anew helps.
  var isDamage: Bool {
    [SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_ERROR, SQLITE_MISMATCH].contains(code & 0xFF)
  }

  /// Whether nothing can be written where the file lies.
  var isUnwritable: Bool {
    [SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM].contains(code & 0xFF)
  }
}

/// An open SQLite file. Whoever has it uses it alone: SQLite's own locks are off.
final class SideFile: @unchecked Sendable {
  enum Cell {
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
  }

  private var handle: OpaquePointer?
  private var statements: [String: OpaquePointer] = [:]

  /// How long another process may keep the file to itself.
  private static let busyMilliseconds: Int32 = 60_000

  init(path: String) throws {
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    guard sqlite3_open_v2(path, &handle, flags, nil) == SQLITE_OK else {
      let fault = self.fault()
      sqlite3_close(handle)
      handle = nil
      throw fault
    }
    sqlite3_busy_timeout(handle, Self.busyMilliseconds)
  }

  deinit { close() }

  /// Ends all use. A file that is to be deleted is closed first: closing deletes what SQLite keeps
  /// beside a file by its name, whoever has that name by then.
  func close() {
    for statement in statements.values { sqlite3_finalize(statement) }
    statements = [:]
    sqlite3_close(handle)
    handle = nil
  }

  private func fault() -> SideFileFault {
    guard let handle else { return SideFileFault(code: SQLITE_NOMEM, message: "out of memory") }
    return SideFileFault(
      code: sqlite3_errcode(handle), message: String(cString: sqlite3_errmsg(handle)))
  }

  /// Runs statements that have no parameters and whose rows nobody wants.
  func execute(_ text: String) throws {
    guard sqlite3_exec(handle, text, nil, nil, nil) == SQLITE_OK else { throw fault() }
  }

  /// Like `execute`, for a statement in the middle of which SQLite does not wait for others: of two
  /// that change the journal's mode at once, one is refused on the spot.
  func executeWaiting(_ text: String) throws {
    for _ in 0..<Self.busyMilliseconds {
      if sqlite3_exec(handle, text, nil, nil, nil) == SQLITE_OK { return }
      guard fault().code & 0xFF == SQLITE_BUSY else { throw fault() }
      usleep(1_000)
    }
    throw fault()
  }

  /// Runs a statement that has no rows.
  func run(_ text: String, _ cells: [Cell]) throws { try query(text, cells) { _ in false } }

  /// Hands out the rows of a statement until `body` returns false.
  func query(_ text: String, _ cells: [Cell] = [], _ body: (Row) throws -> Bool) throws {
    let statement = try prepared(text)
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    try bind(cells, to: statement)
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: if try !body(Row(statement: statement)) { return }
      case SQLITE_DONE: return
      default: throw fault()
      }
    }
  }

  /// The first cell of the first row.
  func number(_ text: String, _ cells: [Cell] = []) throws -> Int64? {
    var number: Int64?
    try query(text, cells) { row in
      number = row.integer(0)
      return false
    }
    return number
  }

  private func prepared(_ text: String) throws -> OpaquePointer {
    if let statement = statements[text] { return statement }
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, text, -1, &statement, nil) == SQLITE_OK, let statement
    else { throw fault() }
    statements[text] = statement
    return statement
  }

  private func bind(_ cells: [Cell], to statement: OpaquePointer) throws {
    // SQLite copies what it is given.
    let copying = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    for (index, cell) in cells.enumerated() {
      let place = Int32(index + 1)
      let result =
        switch cell {
        case .integer(let number): sqlite3_bind_int64(statement, place, number)
        case .text(let text):
          sqlite3_bind_text(statement, place, text, Int32(text.utf8.count), copying)
        case .bytes(let bytes):
          bytes.withUnsafeBytes {
            sqlite3_bind_blob(statement, place, $0.baseAddress, Int32($0.count), copying)
          }
        }
      guard result == SQLITE_OK else { throw fault() }
    }
  }

  /// The row that a statement is at.
  struct Row {
    fileprivate let statement: OpaquePointer

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    func text(_ column: Int32) -> String {
      sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
    }

    /// Lends the bytes of a cell, without a copy, until the next row.
    func withBytes<Result>(
      _ column: Int32, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
      let count = Int(sqlite3_column_bytes(statement, column))
      return try body(
        UnsafeRawBufferPointer(start: sqlite3_column_blob(statement, column), count: count))
    }

    func bytes(_ column: Int32) -> [UInt8] { withBytes(column) { Array($0) } }
  }
}
