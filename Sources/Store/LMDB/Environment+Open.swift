// Opening and creating LMDB files: which flags, which checks come first, and what is refused.

internal import CLMDB
internal import Glibc

extension Environment {
  /// Opens the LMDB file in a folder. With `creating` the tables and the header are written first.
  static func open(
    folder: String, options: StoreOptions, creating header: FormatHeader?
  ) throws(StoreError) -> Environment {
    if FileSystemKind.isNetwork(folder) { throw StoreError(.networkFileSystem) }
    if header == nil {
      try JournalRecovery.settle(folder, options: options)
      // liblmdb follows page numbers without looking: what it reads at once is looked at before.
      let report = try LMDBFileCheck.check(folder, isWhole: false)
      if !report.isSound { throw StoreError(report.hasMeta ? .damaged : .notAStore) }
    }
    let hasLock = try canLock(folder, options)
    let handle = unsafe try openHandle(folder: folder, options: options, hasLock: hasLock)
    do throws(StoreError) {
      var cleared: Int32 = 0
      unsafe mdb_reader_check(handle, &cleared)
      let found = unsafe try prepareTables(handle, isReadOnly: options.isReadOnly, creating: header)
      let unlocked = hasLock ? nil : try UnlockedSnapshots(folder: folder)
      let journal =
        options.isReadOnly || found.format < FormatHeader.firstJournalFormat
        ? nil : unsafe Journal(handle: handle, folder: folder)
      return unsafe Environment(
        handle: handle, isReadOnly: options.isReadOnly, header: found, journal: journal,
        unlocked: unlocked)
    } catch {
      unsafe mdb_env_close(handle)
      throw error
    }
  }

  /// Whether LMDB's lock file can be used; a writer cannot do without.
  private static func canLock(
    _ folder: String, _ options: StoreOptions
  ) throws(StoreError) -> Bool {
    do throws(StoreError) {
      try LockFile.prepare(in: folder, readers: options.maximumReaders)
      return true
    } catch {
      guard options.isReadOnly, error.code == .readOnly || error.code == .diskFull else {
        throw error
      }
      return false
    }
  }

  /// Reserves as much address space as the process may have, starting from what was asked.
  static func openHandle(
    folder: String, options: StoreOptions, hasLock: Bool
  ) throws(StoreError) -> OpaquePointer {
    var mapBytes = options.mapBytes
    while true {
      do {
        return unsafe try openOnce(
          folder: folder, options: options, mapBytes: mapBytes, hasLock: hasLock)
      } catch {
        // ENOMEM under RLIMIT_AS; other numbers under tools that keep the address space themselves.
        guard error.code == .inputOutput, mapBytes > 1 << 30 else { throw error }
        mapBytes /= 4
      }
    }
  }

  private static func openOnce(
    folder: String, options: StoreOptions, mapBytes: Int, hasLock: Bool
  ) throws(StoreError) -> OpaquePointer {
    var created: OpaquePointer?
    var result = unsafe mdb_env_create(&created)
    guard result == 0, let handle = unsafe created else { throw StoreError(lmdb: result) }
    unsafe mdb_env_set_maxdbs(handle, UInt32(Table.allCases.count))
    unsafe mdb_env_set_maxreaders(handle, UInt32(options.maximumReaders))
    // LMDB would print its own words before it aborts; whoever watches for the signal has better.
    unsafe mdb_env_set_assert(handle) { _, _ in Glibc.abort() }
    result = unsafe mdb_env_set_mapsize(handle, mapBytes)
    if result == 0 {
      let flags =
        MDB_NOTLS | MDB_NORDAHEAD | (options.isReadOnly ? MDB_RDONLY : 0)
        | (hasLock ? 0 : MDB_NOLOCK)
      result = unsafe mdb_env_open(handle, folder, UInt32(flags), 0o644)
    }
    if result != 0 {
      unsafe mdb_env_close(handle)
      throw StoreError(lmdb: result)
    }
    return unsafe handle
  }

  /// Opens every table, in the order of the format, and reads (or writes) the header.
  static func prepareTables(
    _ handle: OpaquePointer, isReadOnly: Bool, creating header: FormatHeader?
  ) throws(StoreError) -> FormatHeader {
    var begun: OpaquePointer?
    let isWriting = header != nil
    var result = unsafe mdb_txn_begin(handle, nil, isWriting ? 0 : UInt32(MDB_RDONLY), &begun)
    guard result == 0, let transaction = unsafe begun else { throw StoreError(lmdb: result) }
    do throws(StoreError) {
      var writing = unsafe WriteTransaction(transaction: transaction, memory: nil)
      unsafe try openTable(.meta, transaction, isWriting: isWriting)
      let found: FormatHeader
      if let header {
        found = header
      } else {
        // What the other tables are depends on the format.
        guard let bytes = try writing.reading.copy(.meta, FormatHeader.key) else {
          throw StoreError(.notAStore)
        }
        found = try FormatHeader(bytes: bytes)
      }
      for table in Table.allCases where table != .meta && found.has(table) {
        unsafe try openTable(table, transaction, isWriting: isWriting)
      }
      if let header { try writing.put(.meta, FormatHeader.key, header.bytes) }
      result = unsafe mdb_txn_commit(transaction)
      if result != 0 { throw StoreError(lmdb: result) }
      return found
    } catch {
      if result == 0 { unsafe mdb_txn_abort(transaction) }
      throw error
    }
  }

  private static func openTable(
    _ table: Table, _ transaction: OpaquePointer, isWriting: Bool
  ) throws(StoreError) {
    var opened: MDB_dbi = 0
    let flags = isWriting ? UInt32(MDB_CREATE) : 0
    let result = unsafe mdb_dbi_open(transaction, table.name, flags, &opened)
    // The header's table is the first: without it this is some other program's file.
    if result == MDB_NOTFOUND {
      throw StoreError(table == .meta ? .notAStore : .damaged, table: table)
    }
    guard result == 0 else { throw StoreError(lmdb: result, table: table) }
    guard opened == table.handle else { throw StoreError(.damaged, table: table) }
  }
}
