// One open LMDB file of this process: its handle, the pool of read transactions, and the growing of
// the map. Opening is in Environment+Open.swift. There is one environment per file and process
// (EnvironmentRegistry.swift), since a second one would silently drop the first one's locks.

internal import CLMDB
internal import Glibc

/// An open LMDB environment.
@safe final class Environment: @unchecked Sendable {
  // @unchecked: `handle` is LMDB's and made for sharing (MDB_NOTLS); everything below `monitor` is
  // touched only with it locked.
  let handle: OpaquePointer
  let isReadOnly: Bool
  let header: FormatHeader
  /// Where the lock file cannot be used: what tells whether a snapshot was whole to its end.
  private let unlocked: UnlockedSnapshots?
  private let monitor = Monitor()
  private var pool: [PooledReader] = []
  private var liveTransactions = 0
  private var isResizing = false
  /// How often the map was set anew: addresses of before mean nothing.
  private var mapNumber = 0
  /// Writers of this process take turns here before they ask for LMDB's own lock.
  let writer = WriterTurn()
  /// What makes small commits durable; `nil` where nothing is written, or in an older format.
  let journal: Journal?
  private let rest = JournalRest()
  /// What goes wrong in a test.
  let faults = PlannedFaults()

  static let pooledTransactions = 64
  /// How long we wait for this process's own transactions to end before the map can grow.
  static let resizePatienceMilliseconds = 10_000

  init(
    handle: OpaquePointer, isReadOnly: Bool, header: FormatHeader, journal: Journal?,
    unlocked: consuming UnlockedSnapshots?
  ) {
    unsafe self.handle = handle
    self.journal = journal
    self.isReadOnly = isReadOnly
    self.header = header
    self.unlocked = unlocked
  }

  /// Closes the file. Called by the registry when the last store over it is gone.
  func close() {
    rest.stop()
    endJournal()
    journal?.abandon()
    monitor.withLock {
      for reader in pool { unsafe mdb_txn_abort(reader.transaction) }
      pool = []
    }
    unsafe mdb_env_close(handle)
  }

  // MARK: Reading

  func beginRead() throws(StoreError) -> PooledReader {
    var hasClearedReaders = false
    while true {
      let (pooled, map) = enter()
      var transaction: OpaquePointer? = unsafe pooled?.transaction
      let result =
        pooled != nil
        ? unsafe mdb_txn_renew(transaction)
        : unsafe mdb_txn_begin(handle, nil, UInt32(MDB_RDONLY), &transaction)
      if result == 0 {
        let reader = unsafe pooled ?? PooledReader(transaction!)
        if unsafe reader.isOvertaken(in: handle) {
          endRead(reader)
          continue
        }
        reader.recent.turn(to: reader.snapshot, map: map)
        return reader
      }
      if let pooled { unsafe mdb_txn_abort(pooled.transaction) }
      leave()
      switch result {
      case MDB_MAP_RESIZED: try adoptMapSize()
      case MDB_READERS_FULL where !hasClearedReaders:
        hasClearedReaders = true
        clearDeadReaders()
      default: throw StoreError(lmdb: result)
      }
    }
  }

  func endRead(_ reader: PooledReader) {
    unsafe mdb_txn_reset(reader.transaction)
    let isKept = monitor.withLock {
      let isKept = pool.count < Self.pooledTransactions
      if isKept {
        pool.append(reader)
        countOut()
      }
      return isKept
    }
    if isKept { return }
    unsafe mdb_txn_abort(reader.transaction)
    leave()
  }

  /// Whether nobody else can know of our snapshots.
  var isUnlocked: Bool {
    switch unlocked {
    case .none: false
    case .some: true
    }
  }

  /// Throws where a snapshot that nobody knew of may have been written over.
  func requireWhole(_ reader: PooledReader) throws(StoreError) {
    switch unlocked {
    case .none: return
    case .some(let snapshots):
      try snapshots.requireWhole(UInt64(unsafe mdb_txn_id(reader.transaction)))
    }
  }

  /// Frees the slots of readers that were killed; returns how many.
  @discardableResult
  func clearDeadReaders() -> Int {
    var cleared: Int32 = 0
    unsafe mdb_reader_check(handle, &cleared)
    return Int(cleared)
  }

  // MARK: Writing

  /// Begins a write transaction; waits for writers of other processes. End it on the same thread.
  func beginWrite() throws(StoreError) -> OpaquePointer {
    if isReadOnly { throw StoreError(.readOnly) }
    while true {
      enterWithoutPool()
      var transaction: OpaquePointer?
      let result = unsafe mdb_txn_begin(handle, nil, 0, &transaction)
      if result == 0, let transaction = unsafe transaction {
        do throws(StoreError) {
          try unsafe journal?.begin(transaction)
        } catch {
          unsafe abort(transaction)
          throw error
        }
        return unsafe transaction
      }
      leave()
      guard result == MDB_MAP_RESIZED else { throw StoreError(lmdb: result) }
      try adoptMapSize()
    }
  }

  func commit(_ transaction: OpaquePointer) throws(StoreError) {
    defer { leave() }
    guard let journal else {
      let result = unsafe mdb_txn_commit(transaction)
      if result != 0 { throw StoreError(lmdb: result) }
      return
    }
    try unsafe journal.commit(transaction)
    if journal.isOpen { rest.schedule { [unowned self] in endJournal() } }
  }

  /// Ends the generation that this process has open. What cannot be done now is left to the next
  /// who opens the store.
  private func endJournal() {
    guard let journal else { return }
    do throws(StoreError) {
      try writer.take()
      defer { writer.giveBack() }
      guard try journal.isStillOpen() else { return }
      let transaction = unsafe try beginWrite()
      defer { unsafe abort(transaction) }
      try journal.end()
    } catch {
      return
    }
  }

  func abort(_ transaction: OpaquePointer) {
    unsafe mdb_txn_abort(transaction)
    leave()
  }

  // MARK: The map

  /// Counts a transaction in and hands out a pooled one if there is one, with the map's number.
  private func enter() -> (pooled: PooledReader?, map: Int) {
    monitor.withLock {
      countIn()
      return (pool.popLast(), mapNumber)
    }
  }

  private func enterWithoutPool() { monitor.withLock { countIn() } }

  private func leave() { monitor.withLock { countOut() } }

  /// With the monitor locked.
  private func countIn() {
    while isResizing { _ = monitor.wait(milliseconds: 1000) }
    liveTransactions += 1
  }

  /// With the monitor locked.
  private func countOut() {
    liveTransactions -= 1
    if isResizing { monitor.broadcast() }
  }

  /// Takes over the map size that another process set, once no transaction of ours is open.
  private func adoptMapSize() throws(StoreError) {
    monitor.lock()
    defer { monitor.unlock() }
    if isResizing {
      while isResizing { _ = monitor.wait(milliseconds: 1000) }
      return
    }
    isResizing = true
    defer {
      isResizing = false
      monitor.broadcast()
    }
    while liveTransactions > 0 {
      guard monitor.wait(milliseconds: Self.resizePatienceMilliseconds) else {
        throw StoreError(.busy, number: MDB_MAP_RESIZED)
      }
    }
    mapNumber += 1
    let result = unsafe mdb_env_set_mapsize(handle, 0)
    if result != 0 { throw StoreError(lmdb: result) }
  }
}

/// A read transaction that is used again and again, with what its readers found.
@safe final class PooledReader: @unchecked Sendable {
  // @unchecked: one thread at a time has it, between `beginRead` and `endRead`.
  let transaction: OpaquePointer
  let recent = RecentRows()

  init(_ transaction: OpaquePointer) { unsafe self.transaction = transaction }

  /// The number of the snapshot.
  var snapshot: Int { Int(unsafe mdb_txn_id(transaction)) }

  /// Whether the snapshot may be a later one than its number says. LMDB notes the number first and
  /// looks at the roots then; where two commits come in between, the roots are those of the second.
  /// What is remembered of a number must not be mixed up so.
  func isOvertaken(in environment: OpaquePointer) -> Bool {
    var information = unsafe MDB_envinfo()
    unsafe mdb_env_info(environment, &information)
    return unsafe information.me_last_txnid > snapshot + 1
  }
}
