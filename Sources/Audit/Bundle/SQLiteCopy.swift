// The graph as one SQLite file, for those whose tools read that. The same graph gives the same
// bytes: no clock, no journal left behind, rows in the order of their numbers. The only file that
// speaks to libsqlite3.

import Base
import CSQLite

/// Writes a SQLite file.
final class SQLiteCopy {
  private var handle: OpaquePointer?
  private var statements: [OpaquePointer] = []

  static let schema = """
    PRAGMA page_size = 4096;
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
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

  enum Table: Int { case records, nodes, edges }

  enum Cell {
    case null
    case integer(Int64)
    case text([UInt8])

    static func text(_ text: String) -> Cell { .text(Array(text.utf8)) }
  }

  func insert(_ table: Table, _ cells: [Cell]) throws {
    let statement = statements[table.rawValue]
    // SQLite copies what it is given.
    let copying = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    for (index, cell) in cells.enumerated() {
      let place = Int32(index + 1)
      let result =
        switch cell {
        case .null: sqlite3_bind_null(statement, place)
        case .integer(let number): sqlite3_bind_int64(statement, place, number)
        case .text(let bytes):
          bytes.withUnsafeBytes {
            sqlite3_bind_text(
              statement, place, $0.baseAddress?.assumingMemoryBound(to: CChar.self),
              Int32($0.count), copying)
          }
        }
      guard result == SQLITE_OK else { throw failure() }
    }
    guard sqlite3_step(statement) == SQLITE_DONE, sqlite3_reset(statement) == SQLITE_OK else {
      throw failure()
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
      CREATE INDEX nodes_key ON nodes (key);
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
