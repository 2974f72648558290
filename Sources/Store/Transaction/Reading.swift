// The one way to read a store, over a read transaction or over a write transaction (which sees its
// own writes), on disk or in memory. It cannot outlive its transaction, and the bytes it hands out
// cannot outlive it either: the compiler checks both.
//
// It must never be used by two threads at once. It is `public`, as `Cursor` is, for one reason:
// Swift 6.3 does not inline `package` functions into other modules, and these are the hottest
// calls.

public import CLMDB

/// Read access to the tables within one transaction. Copies are free and mean the same snapshot.
@safe @frozen
public struct Reading: ~Escapable {
  /// So many rows are sought at once, as many as a processor waits for.
  @inlinable public static var rowsSideBySide: Int { 16 }

  /// LMDB's transaction; `nil` for a store in memory.
  @usableFromInline let transaction: OpaquePointer?
  /// The tables of a store in memory, kept alive by the transaction that this reading depends on.
  @usableFromInline unowned(unsafe) let memory: MemorySnapshot?
  /// What was found before in the same snapshot; `nil` where rows may change.
  unowned(unsafe) let recent: RecentRows?

  @_lifetime(borrow owner)
  init<Owner: ~Copyable>(
    transaction: OpaquePointer?, memory: MemorySnapshot?, recent: RecentRows? = nil,
    owner: borrowing Owner
  ) {
    unsafe self.transaction = transaction
    unsafe self.memory = memory
    unsafe self.recent = recent
  }

  /// The value under a key, in place; `nil` where there is none. O(log n), and O(1) for a key that
  /// was asked for lately in the same snapshot.
  @_lifetime(copy self)
  public func get(_ table: Table, _ key: RawSpan) throws(StoreError) -> RawSpan? {
    guard let recent = unsafe recent, let short = RecentKey(table, key) else {
      return try seek(table, key)
    }
    let known = unsafe recent.find(short)
    if unsafe known.isKnown {
      guard let start = unsafe known.start else { return nil }
      let span = unsafe RawSpan(_unsafeStart: start, byteCount: known.count)
      return unsafe _overrideLifetime(span, copying: self)
    }
    guard let found = try seek(table, key) else {
      unsafe recent.note(short, nil, 0)
      return nil
    }
    // An empty value has no address of its own.
    if found.byteCount > 0 {
      unsafe found.withUnsafeBytes { unsafe recent.note(short, $0.baseAddress, $0.count) }
    }
    return found
  }

  /// The value under a key that mostly lies near the last one: what is not known is sought from
  /// where the cursor stands.
  @_lifetime(copy self)
  @_lifetime(cursor: copy cursor)
  public func get(
    _ key: RawSpan, near cursor: inout Cursor
  ) throws(StoreError) -> RawSpan? {
    guard let recent = unsafe recent, let short = RecentKey(cursor.table, key) else {
      guard try cursor.find(key) else { return nil }
      return unsafe _overrideLifetime(cursor.value, copying: self)
    }
    let known = unsafe recent.find(short)
    if unsafe known.isKnown {
      guard let start = unsafe known.start else { return nil }
      let span = unsafe RawSpan(_unsafeStart: start, byteCount: known.count)
      return unsafe _overrideLifetime(span, copying: self)
    }
    guard try cursor.find(key) else {
      unsafe recent.note(short, nil, 0)
      return nil
    }
    let found = unsafe _overrideLifetime(cursor.value, copying: self)
    if found.byteCount > 0 {
      unsafe found.withUnsafeBytes { unsafe recent.note(short, $0.baseAddress, $0.count) }
    }
    return found
  }

  /// Whether a key was asked for lately.
  public func isKnown(_ table: Table, _ key: RawSpan) -> Bool {
    guard let recent = unsafe recent, let short = RecentKey(table, key) else { return false }
    return unsafe recent.find(short).isKnown
  }

  /// Begins to seek a row that will be asked for soon, as one of several; `body` is given a row
  /// that is known. The tag is what `finishSeeking` calls it. Where it does nothing, none is lost.
  public func seekAhead(
    _ table: Table, _ key: RawSpan, tag: UInt64, _ body: (RawSpan) -> Void
  ) {
    guard let recent = unsafe recent, let transaction = unsafe transaction,
      let tree = unsafe recent.tree(of: table, transaction), let short = RecentKey(table, key)
    else { return }
    unsafe recent.seekAhead(short, tag: tag, tree) { unsafe body($0.bytes) }
  }

  /// Finds the rows of a table that were begun to be sought; `body` is given each, which the
  /// processor has not fetched yet.
  public func finishSeeking(_ table: Table, _ body: (RawSpan, UInt64) -> Void) {
    guard let recent = unsafe recent, let transaction = unsafe transaction,
      let tree = unsafe recent.tree(of: table, transaction)
    else { return }
    unsafe recent.finishSeeking(tree) { unsafe body($0.bytes, $1) }
  }

  /// The value under a key as the engine finds it.
  @_lifetime(copy self)
  @inline(__always)
  private func seek(_ table: Table, _ key: RawSpan) throws(StoreError) -> RawSpan? {
    guard let transaction = unsafe transaction else { return getInMemory(table, key) }
    if let tree = unsafe recent?.tree(of: table, transaction) {
      switch unsafe tree.find(key) {
      case .row(let start, let count):
        let span = unsafe RawSpan(_unsafeStart: start, byteCount: count)
        return unsafe _overrideLifetime(span, copying: self)
      case .none: return nil
      case .unknown: break
      }
    }
    // Nothing mutable is captured: a captured variable would be allocated for each call.
    let (result, found) = unsafe key.withUnsafeBytes { bytes in
      var wanted = unsafe lmdbValue(bytes)
      var value = unsafe MDB_val()
      let result = unsafe mdb_get(transaction, table.handle, &wanted, &value)
      return unsafe (result, value)
    }
    if result == 0 {
      let span = unsafe RawSpan(_unsafeStart: found.mv_data, byteCount: found.mv_size)
      return unsafe _overrideLifetime(span, copying: self)
    }
    if result == MDB_NOTFOUND { return nil }
    throw StoreError(lmdb: result, table: table)
  }

  @_lifetime(copy self)
  private func getInMemory(_ table: Table, _ key: RawSpan) -> RawSpan? {
    guard let cell = unsafe memory!.find(table, key) else { return nil }
    let span = unsafe RawSpan(_unsafeStart: cell.value, byteCount: cell.valueCount)
    return unsafe _overrideLifetime(span, copying: self)
  }

  /// Whether a key is there.
  @inlinable
  public func contains(_ table: Table, _ key: RawSpan) throws(StoreError) -> Bool {
    try get(table, key) != nil
  }

  /// A cursor that stands before the first row. A malloc in LMDB: make one per scan, not per row.
  @_lifetime(copy self)
  public func cursor(_ table: Table) throws(StoreError) -> Cursor {
    try Cursor(self, table)
  }

  /// What tells one snapshot of this file from another: the same number, the same contents. `nil`
  /// for a store in memory.
  public var snapshotNumber: UInt64? {
    guard let transaction = unsafe transaction else { return nil }
    return UInt64(unsafe mdb_txn_id(transaction))
  }

  /// The number of rows of a table. O(1) on disk.
  public func count(_ table: Table) throws(StoreError) -> Int {
    if let transaction = unsafe transaction {
      var statistics = MDB_stat()
      let result = unsafe mdb_stat(transaction, table.handle, &statistics)
      guard result == 0 else { throw StoreError(lmdb: result, table: table) }
      return Int(statistics.ms_entries)
    }
    return unsafe memory!.tables[Int(table.rawValue)].count
  }
}

extension Reading {
  /// The value under a key given as an array; see `get(_:_:)`.
  @_lifetime(copy self)
  public func get(_ table: Table, _ key: [UInt8]) throws(StoreError) -> RawSpan? {
    unsafe try get(table, key.span.bytes)
  }

  /// A copy of the value under a key.
  public func copy(_ table: Table, _ key: [UInt8]) throws(StoreError) -> [UInt8]? {
    guard let span = unsafe try get(table, key.span.bytes) else { return nil }
    return [UInt8](copying: span)
  }
}

extension [UInt8] {
  /// A copy of the bytes of a span.
  public init(copying span: RawSpan) {
    self = unsafe span.withUnsafeBytes { unsafe [UInt8]($0) }
  }

  /// Appends the bytes of a span.
  public mutating func append(copying span: RawSpan) {
    unsafe span.withUnsafeBytes { unsafe append(contentsOf: $0) }
  }
}

/// Bytes as LMDB takes them; it only reads them.
@unsafe @inlinable
public func lmdbValue(_ bytes: UnsafeRawBufferPointer) -> MDB_val {
  unsafe MDB_val(
    mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
}
