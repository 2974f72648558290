// Durable commits by one sync of a few kilobytes. Instead of syncing LMDB's file at every commit,
// which takes two waits for the disk and many scattered pages, what the transaction puts and
// deletes is written to a journal and synced; only then LMDB commits, without a sync. The file of
// the tables follows once for a generation of commits.
//
// What a loss of power leaves of LMDB's file may then be anything, so the journal says how to go
// back to what was synced last (JournalRecovery.swift). That state must stay whole meanwhile: a
// reader of our own holds its pages as long as the generation lasts. The order in which things
// become durable is what must never change here:
//
//   1. a record, before its transaction can be seen;
//   2. the tables, before a generation is over or the next one begins;
//   3. that a generation is over, before any commit that is not in the journal.
//
// docs/decisions/0006-journal.md has the reasons and the measurements.

internal import CLMDB
internal import Glibc

/// The journal of an open environment.
@safe final class Journal: @unchecked Sendable {
  // @unchecked: touched only by the thread that has the writer's turn of the environment.

  /// After so many commits the tables are synced. What is free between is not used again, so that
  /// this bounds by how much the file grows.
  static let commitsPerGeneration = 32
  /// A process that commits once or twice gains nothing; and where processes take turns, each
  /// would have to end the other's generation.
  static let commitsBefore = 2

  /// A generation that this process has begun, and that nobody has ended.
  @safe private struct Generation {
    var number: UInt64
    /// Where its newest record lies, and where the next one goes.
    var newest: Int
    var next: Int
    var count: Int
    /// The reader that holds what was synced last.
    var pin: OpaquePointer
  }

  /// What the transaction at hand does.
  let redo = RedoBuffer()
  private let handle: OpaquePointer
  private let folder: String
  private var file: JournalFile?
  private var own: Generation?
  /// LMDB's number of our last commit, and how many were ours without another between.
  private var last: UInt64 = 0
  private var streak = 0
  /// A sync failed: what the disk has is not known any more, and nothing is built on it.
  private var isBroken = false

  init(handle: OpaquePointer, folder: String) {
    unsafe self.handle = handle
    self.folder = folder
  }

  /// Whether there is a generation that this process began and has not ended.
  var isOpen: Bool { own != nil }

  /// Whether nobody else has ended that generation either.
  func isStillOpen() throws(StoreError) -> Bool {
    guard let own, let closed = try file?.lastClosed() else { return false }
    if closed < own.number { return true }
    forget(own)
    return false
  }

  // MARK: With LMDB's lock for writing taken

  /// Call it when a transaction was begun: ends what another process has left open.
  func begin(_ transaction: OpaquePointer) throws(StoreError) {
    if isBroken { throw StoreError(.inputOutput, number: EIO) }
    redo.clear()
    if unsafe UInt64(mdb_txn_id(transaction)) != last + 1 { streak = 0 }
    if file == nil { file = try JournalFile(in: folder, isReadOnly: false) }
    if try isStillOpen() { return }
    if let open = try file?.state().open { try close(open.generation) }
  }

  /// Commits; the data is durable when this returns. Where it throws, the transaction is gone.
  func commit(_ transaction: OpaquePointer) throws(StoreError) {
    let number = unsafe UInt64(mdb_txn_id(transaction))
    var generation: Generation?
    do throws(StoreError) {
      if redo.isComplete, streak >= Self.commitsBefore { generation = try append(number) }
      if generation == nil { try end() }
    } catch {
      unsafe mdb_txn_abort(transaction)
      throw error
    }
    let flags = generation == nil ? 0 : UInt32(MDB_NOSYNC)
    unsafe mdb_env_set_flags(handle, flags, 1)
    let result = unsafe mdb_txn_commit(transaction)
    unsafe mdb_env_set_flags(handle, flags, 0)
    if result != 0 {
      if let generation { withdraw(generation) }
      throw StoreError(lmdb: result)
    }
    if let generation { adopt(generation) }
    last = number
    streak += 1
  }

  /// Syncs the tables, and ends the generation that this process began. The next commits are not
  /// in the journal.
  func end() throws(StoreError) {
    guard let own else { return }
    try close(own.number)
    forget(own)
    streak = 0
  }

  /// Gives up what is held without saying anything on the disk; for a file that is to be closed.
  func abandon() {
    if let own { forget(own) }
  }

  // MARK: Generations

  private func forget(_ generation: Generation) {
    unsafe mdb_txn_abort(generation.pin)
    own = nil
  }

  private func adopt(_ generation: Generation) {
    if let own, own.number != generation.number { forget(own) }
    own = generation
  }

  private func close(_ generation: UInt64) throws(StoreError) {
    try syncTables()
    try sure { () throws(StoreError) in try file?.close(generation) }
  }

  /// Writes the record of a transaction, durably; `nil` where there can be no journal now.
  private func append(_ transaction: UInt64) throws(StoreError) -> Generation? {
    if var generation = own, generation.count < Self.commitsPerGeneration,
      generation.next + redo.blocksBytes <= JournalFile.end(of: generation.number)
    {
      generation.newest = generation.next
      generation.count += 1
      return try write(generation, transaction, nil)
    }
    // What this generation starts from must be on the disk: after commits that are not in the
    // journal it is.
    if own != nil { try syncTables() }
    if file == nil {
      do throws(StoreError) {
        file = try JournalFile(making: folder)
      } catch {
        return nil
      }
    }
    guard let newest = try file?.state().newest, let pin = unsafe pin(transaction - 1) else {
      return nil
    }
    do throws(StoreError) {
      let base = try base(transaction - 1)
      let start = JournalFile.start(of: newest + 1)
      let generation = unsafe Generation(
        number: newest + 1, newest: start, next: start, count: 1, pin: pin)
      return try write(generation, transaction, base)
    } catch {
      unsafe mdb_txn_abort(pin)
      throw error
    }
  }

  private func write(
    _ generation: Generation, _ transaction: UInt64, _ base: JournalBase?
  ) throws(StoreError) -> Generation {
    let number = generation.number
    let place = generation.newest
    let failure = unsafe redo.withRecord(
      generation: number, transaction: transaction, base: base
    ) { bytes in unsafe file?.put(bytes, at: place) }
    if let failure { throw failure }
    try sure { () throws(StoreError) in try file?.sync() }
    var generation = generation
    generation.next = place + redo.blocksBytes
    return generation
  }

  /// Takes back the newest record of a generation, whose transaction could not be committed.
  private func withdraw(_ generation: Generation) {
    if own?.number != generation.number { unsafe mdb_txn_abort(generation.pin) }
    let nothing = [UInt8](repeating: 0, count: RedoBuffer.headBytes)
    do throws(StoreError) {
      try file?.write(nothing, at: generation.newest)
      try file?.sync()
    } catch {
      isBroken = true
    }
  }

  /// A reader of the newest snapshot, which is that of a transaction.
  private func pin(_ transaction: UInt64) -> OpaquePointer? {
    var pin: OpaquePointer?
    guard unsafe mdb_txn_begin(handle, nil, UInt32(MDB_RDONLY), &pin) == 0 else {
      return nil
    }
    if unsafe UInt64(mdb_txn_id(pin)) == transaction { return unsafe pin }
    unsafe mdb_txn_abort(pin)
    return nil
  }

  /// The meta pages as they are, of which the newer is of a transaction.
  private func base(_ transaction: UInt64) throws(StoreError) -> JournalBase {
    let base = try JournalBase(of: folder)
    guard base.newest == transaction else { throw StoreError(.damaged) }
    return base
  }

  // MARK: Syncs

  private func syncTables() throws(StoreError) {
    try sure { () throws(StoreError) in
      let result = unsafe mdb_env_sync(handle, 1)
      if result != 0 { throw StoreError(lmdb: result) }
    }
  }

  /// After a sync that failed nobody knows what is on the disk, whatever a second one says.
  private func sure(_ sync: () throws(StoreError) -> Void) throws(StoreError) {
    do throws(StoreError) {
      try sync()
    } catch {
      isBroken = true
      throw error
    }
  }
}
