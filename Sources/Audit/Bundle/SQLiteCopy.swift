// The graph as one SQLite file, for those whose tools read that. The same graph gives the same
// bytes: no clock, no journal left behind, rows in the order of their numbers. The only file that
// speaks to libsqlite3.

import Base
import CSQLite

/// Writes a SQLite file, by one thread at a time.
final class SQLiteCopy: @unchecked Sendable {
  // @unchecked: whoever hands it to another thread waits for that one.
  private var handle: OpaquePointer?
  private var statements: [OpaquePointer] = []

  static let schema = """
    PRAGMA page_size = 16384;
    PRAGMA cache_size = -32768;
    PRAGMA threads = 2;
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA locking_mode = EXCLUSIVE;
    BEGIN;
    CREATE TABLE about (name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE records (
      record INTEGER PRIMARY KEY, committed_at INTEGER NOT NULL, actor TEXT NOT NULL,
      on_behalf_of TEXT, reason TEXT NOT NULL, operations INTEGER NOT NULL, leaf TEXT NOT NULL);
    CREATE TABLE nodes (
      id INTEGER PRIMARY KEY, key TEXT, label TEXT, labels TEXT NOT NULL,
      created INTEGER NOT NULL, properties TEXT NOT NULL);
    CREATE TABLE edges (
      id INTEGER PRIMARY KEY, type TEXT NOT NULL, source INTEGER NOT NULL, target INTEGER NOT NULL,
      created INTEGER NOT NULL, properties TEXT NOT NULL);
    INSERT INTO about VALUES
      ('records', 'one row per record of the log that is in the bundle; microseconds since 1970'),
      ('nodes', 'living nodes; label is the first of labels; properties is JSON'),
      ('edges', 'living edges from nodes.id to nodes.id; properties is JSON'),
      ('values', 'what JSON has no word for: {"$tag": [number, content]}, see docs/audit.md');
    """

  init(path: String) throws {
    guard sqlite3_open(path, &handle) == SQLITE_OK else { throw failure() }
    try execute(Self.schema)
    for text in [
      "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?)",
      "INSERT INTO nodes VALUES (?, ?, ?, ?, ?, ?)",
      "INSERT INTO edges VALUES (?, ?, ?, ?, ?, ?)",
    ] {
      var statement: OpaquePointer?
      guard sqlite3_prepare_v2(handle, text, -1, &statement, nil) == SQLITE_OK, let statement
      else { throw failure() }
      statements.append(statement)
    }
  }

  deinit {
    for statement in statements { sqlite3_finalize(statement) }
    sqlite3_close(handle)
  }

  /// Inserts rows.
  func insert(_ rows: RowBuffer) throws {
    try rows.bytes.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        let statement = statements[Int(bytes[offset])]
        offset += 1
        var place: Int32 = 1
        while bytes[offset] != RowBuffer.Tag.end {
          guard bind(bytes, &offset, to: statement, place) == SQLITE_OK else { throw failure() }
          place += 1
        }
        offset += 1
        guard sqlite3_step(statement) == SQLITE_DONE, sqlite3_reset(statement) == SQLITE_OK else {
          throw failure()
        }
      }
    }
  }

  /// Binds a cell, which SQLite reads where it lies before the row is done.
  private func bind(
    _ bytes: UnsafeRawBufferPointer, _ offset: inout Int, to statement: OpaquePointer,
    _ place: Int32
  ) -> Int32 {
    let tag = bytes[offset]
    offset += 1
    switch tag {
    case RowBuffer.Tag.integer:
      let number = bytes.loadUnaligned(fromByteOffset: offset, as: Int64.self)
      offset += 8
      return sqlite3_bind_int64(statement, place, Int64(littleEndian: number))
    case RowBuffer.Tag.text:
      let number = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
      let count = Int(UInt32(littleEndian: number))
      let text = UnsafeRawBufferPointer(rebasing: bytes[offset + 4..<offset + 4 + count])
      offset += 4 + count
      // An empty text has an address too, or it would be a null.
      let start = text.baseAddress ?? bytes.baseAddress
      return sqlite3_bind_text(
        statement, place, start?.assumingMemoryBound(to: CChar.self), Int32(clamping: count), nil)
    default: return sqlite3_bind_null(statement, place)
    }
  }

  /// Adds a view per label with a column per property, the indexes, and ends.
  func finish(labels: [(label: Text, properties: [Text])]) throws {
    for (label, properties) in labels {
      let columns = properties.map { name in
        let path = "$." + Self.quoted(name.string, "\"")
        return "json_extract(properties, \(Self.quoted(path, "'"))) AS "
          + Self.quoted(name.string, "\"")
      }
      let list = (["id", "key"] + columns).joined(separator: ", ")
      try execute(
        "CREATE VIEW \(Self.quoted(label.string, "\"")) AS SELECT \(list) FROM nodes WHERE label = "
          + Self.quoted(label.string, "'") + ";")
    }
    try execute(
      """
      CREATE INDEX nodes_key ON nodes (key) WHERE key IS NOT NULL;
      CREATE INDEX nodes_label ON nodes (label);
      CREATE INDEX edges_source ON edges (source, type);
      CREATE INDEX edges_target ON edges (target, type);
      COMMIT;
      """)
  }

  private static func quoted(_ text: String, _ mark: Character) -> String {
    String(mark) + text.flatMap { $0 == mark ? [mark, mark] : [$0] } + String(mark)
  }

  private func execute(_ text: String) throws {
    guard sqlite3_exec(handle, text, nil, nil, nil) == SQLITE_OK else { throw failure() }
  }

  private func failure() -> StemmaError {
    let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
    return StemmaError(.fileUnreadable, "cannot write the SQLite copy: \(message)")
  }
}
