// Putting a store in order whose last generation nobody ended: its writer was killed, or the power
// was lost, and then any part of what came after the last sync of the tables may be missing. The
// tables go back to that sync, whose pages nobody has used again, and the records are carried out
// anew. Cut short anywhere, it is done again from the start with the same result.
//
// It must never happen while anybody has the store open: whoever does has seen it in order.

internal import Base
internal import CLMDB
internal import Glibc

enum JournalRecovery {
  /// Puts the store in a folder in order where that is needed, for reading too. Costs one look at
  /// a file otherwise. Throws `unsettled` where this user may not do it.
  ///
  /// Call it only where this process has the store not open.
  static func settle(_ folder: String, options: StoreOptions) throws(StoreError) {
    guard try isOpen(folder) else { return }
    let alone: LockFile.Alone
    do throws(StoreError) {
      try LockFile.prepare(in: folder, readers: options.maximumReaders)
      alone = try LockFile.takeAlone(in: folder)
    } catch {
      if error.code == .openElsewhere || LockFile.isHeld(in: folder) { return }
      throw error.code == .readOnly ? StoreError(.unsettled, number: error.number) : error
    }
    defer { withExtendedLifetime(alone) {} }
    // Another may have done it before we had the lock.
    guard let file = try JournalFile(in: folder, isReadOnly: false),
      let open = try file.state().open
    else { return }
    let records = try file.records(from: open)
    try goBack(records, in: folder)
    try redo(records, in: folder, options: options)
    try file.close(open.generation)
  }

  /// The same where this process may have the store open, which then is in order.
  static func settleUnlessOpen(
    _ folder: String, options: StoreOptions
  ) throws(StoreError) {
    let identity = try EnvironmentRegistry.Identity(folder: folder)
    try EnvironmentRegistry.shared.whileClosed(identity) { () throws(StoreError) in
      try settle(folder, options: options)
    }
  }

  private static func isOpen(_ folder: String) throws(StoreError) -> Bool {
    guard let file = try JournalFile(in: folder, isReadOnly: true) else { return false }
    return try file.state().open != nil
  }

  /// Puts the meta pages of the last sync back.
  private static func goBack(_ records: [JournalRecord], in folder: String) throws(StoreError) {
    let base = try base(of: records)
    try requireOrigin(of: records, try JournalBase(of: folder))
    try base.restore(in: folder)
  }

  /// What a generation starts from.
  static func base(of records: [JournalRecord]) throws(StoreError) -> JournalBase {
    guard let base = records[0].base, base.newest + 1 == records[0].transaction else {
      throw StoreError(.damaged)
    }
    return base
  }

  /// Refuses a file that cannot have come from there: somebody put other tables beside the
  /// journal. Every transaction that LMDB's file knows was in the journal before, so that fewer
  /// records are damage, not the end of the journal.
  static func requireOrigin(
    of records: [JournalRecord], _ now: JournalBase
  ) throws(StoreError) {
    let base = try base(of: records)
    let last = base.newest + UInt64(Journal.commitsPerGeneration)
    guard now.pageBytes == base.pageBytes, (base.newest...last).contains(now.newest) else {
      throw StoreError(.foreignJournal)
    }
    if base.newest + UInt64(records.count) < now.newest { throw StoreError(.brokenJournal) }
  }

  /// Carries out all records in one transaction, synced. LMDB's lock file is left alone: it is what
  /// keeps others out.
  private static func redo(
    _ records: [JournalRecord], in folder: String, options: StoreOptions
  ) throws(StoreError) {
    let report = try LMDBFileCheck.check(folder, isWhole: false)
    if !report.isSound { throw StoreError(.damaged) }
    let handle = unsafe try Environment.openHandle(
      folder: folder, options: options.forWriting, hasLock: false)
    defer { unsafe mdb_env_close(handle) }
    _ = unsafe try Environment.prepareTables(handle, isReadOnly: true, creating: nil)
    var begun: OpaquePointer?
    let result = unsafe mdb_txn_begin(handle, nil, 0, &begun)
    guard result == 0, let transaction = unsafe begun else { throw StoreError(lmdb: result) }
    do throws(StoreError) {
      var writing = unsafe WriteTransaction(transaction: transaction, memory: nil)
      for record in records { try record.redo(&writing) }
    } catch {
      unsafe mdb_txn_abort(transaction)
      throw error
    }
    let committed = unsafe mdb_txn_commit(transaction)
    if committed != 0 { throw StoreError(lmdb: committed) }
  }
}
