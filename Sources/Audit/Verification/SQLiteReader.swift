// Reads the SQLite copy of a bundle, which may be anybody's: it is opened read-only and as it is,
// and what libsqlite3 objects to is an error, never a trap. The copy's writer is SQLiteCopy.

import Base
import CSQLite

/// A SQLite file that is read once.
final class SQLiteReader {
  private var handle: OpaquePointer?

  init(path: String) throws {
    var escaped = ""
    for byte in path.utf8 {
      let isPlain =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte) || [0x2D, 0x2E, 0x2F, 0x5F].contains(byte)
      escaped += isPlain ? String(UnicodeScalar(byte)) : "%" + HexText.encode([byte])
    }
    let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
    let uri = "file:\(escaped)?mode=ro&immutable=1"
    guard sqlite3_open_v2(uri, &handle, flags, nil) == SQLITE_OK else { throw failure() }
    // Views and triggers of a stranger must not call anything.
    sqlite3_exec(handle, "PRAGMA trusted_schema = OFF", nil, nil, nil)
  }

  deinit { sqlite3_close(handle) }

  enum Cell: Equatable {
    case null
    case integer(Int64)
    case text([UInt8])
    /// A number with a fraction or bytes, which the copy never has.
    case other
  }

  /// The rows of one query, read as they are wanted.
  final class Rows {
    private let reader: SQLiteReader
    private let statement: OpaquePointer

    fileprivate init(_ reader: SQLiteReader, _ statement: OpaquePointer) {
      self.reader = reader
      self.statement = statement
    }

    deinit { sqlite3_finalize(statement) }

    /// The next row; `nil` at the end.
    func next() throws -> [Cell]? {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: return (0..<sqlite3_column_count(statement)).map(cell)
      case SQLITE_DONE: return nil
      default: throw reader.failure()
      }
    }

    private func cell(_ index: Int32) -> Cell {
      switch sqlite3_column_type(statement, index) {
      case SQLITE_NULL: return .null
      case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, index))
      case SQLITE_TEXT:
        guard let start = sqlite3_column_text(statement, index) else { return .text([]) }
        let count = Int(sqlite3_column_bytes(statement, index))
        return .text(Array(UnsafeBufferPointer(start: start, count: count)))
      default: return .other
      }
    }
  }

  func rows(_ query: String) throws -> Rows {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, query, -1, &statement, nil) == SQLITE_OK, let statement
    else { throw failure() }
    return Rows(self, statement)
  }

  fileprivate func failure() -> StemmaError {
    let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
    return StemmaError(.fileUnreadable, "SQLite cannot read it: \(message)")
  }
}
