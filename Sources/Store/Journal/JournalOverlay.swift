// What putting a store in order would make of its tables, for a reader that changes nothing and
// goes without liblmdb: the state of the last sync, and over it what the journal has put and
// deleted. It must agree with JournalRecovery.swift in everything but that it writes.

internal import Base
internal import Glibc

/// The open generation of a journal as a layer over the tables.
struct JournalOverlay {
  /// What became of a row.
  struct Change {
    var key: [UInt8]
    /// `nil` where it is deleted.
    var value: [UInt8]?
  }

  /// The state that the changes are over.
  let meta: LMDBMeta
  private let changes: [Table: [Change]]

  /// What has changed of a table, in the order of the keys.
  func changes(of table: Table) -> [Change] { changes[table] ?? [] }

  /// The overlay of the store in a folder; `nil` where its tables are whole: no generation is open,
  /// or somebody has the store open and sees it in order. Throws `foreignJournal` and
  /// `brokenJournal` as putting in order does.
  init?(of folder: String) throws(StoreError) {
    var found: [JournalRecord]?
    let identity = try EnvironmentRegistry.Identity(folder: folder)
    try EnvironmentRegistry.shared.whileClosed(identity) { () throws(StoreError) in
      if LockFile.isHeld(in: folder) { return }
      guard let file = try JournalFile(in: folder, isReadOnly: true),
        let open = try file.state().open
      else { return }
      found = try file.records(from: open)
    }
    guard let records = found else { return nil }
    let base = try JournalRecovery.base(of: records)
    // Where the file has lost both of its meta pages, those of the journal stand for them.
    if let now = try Self.metas(of: folder) {
      try JournalRecovery.requireOrigin(of: records, now)
    }
    guard let meta = base.newestMeta else { throw StoreError(.damaged) }
    self.meta = meta
    changes = try Self.changes(by: records)
  }

  private static func metas(of folder: String) throws(StoreError) -> JournalBase? {
    do throws(StoreError) {
      return try JournalBase(of: folder)
    } catch {
      if error.code == .damaged { return nil }
      throw error
    }
  }

  /// The last of the changes of each row.
  private static func changes(
    by records: [JournalRecord]
  ) throws(StoreError) -> [Table: [Change]] {
    var last: [Table: [[UInt8]: [UInt8]?]] = [:]
    for record in records {
      try record.forEachOperation { (kind, table, key, value) throws(StoreError) in
        last[table, default: [:]].updateValue(
          kind == RedoBuffer.Kind.delete ? nil : value, forKey: key)
      }
    }
    return last.mapValues { rows in
      rows.map { Change(key: $0.key, value: $0.value) }
        .sorted { $0.key.lexicographicallyPrecedes($1.key) }
    }
  }
}
