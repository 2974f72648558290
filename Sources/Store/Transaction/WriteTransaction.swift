// Writing: puts and deletes within one write transaction, which the store begins and commits on one
// thread. Move-only; whoever holds it can read what it wrote, but not while writing.
//
// It must never be kept beyond the closure that it is lent to, nor cross a suspension point.

internal import CLMDB

/// A write transaction, lent to the closure of `Store.write`.
@safe @frozen
package struct WriteTransaction: ~Copyable {
  @usableFromInline let transaction: OpaquePointer?
  @usableFromInline let memory: MemorySnapshot?
  /// How many puts and deletes were made; the group commit asks whether a member left traces.
  @usableFromInline package internal(set) var writeCount = 0
  /// The first failed write. LMDB refuses everything after it, so it is what we report from then
  /// on.
  @usableFromInline var failure: StoreError?
  /// The write that is to fail in a test; 0 for none.
  var failingWrite = 0
  /// What the members of a group have in common; the first of them makes it.
  package var companion: (any GroupCompanion)?
  /// How often a member began something that only the companion may have.
  var traceCount = 0
  /// What the journal is told of this transaction.
  var redo: RedoBuffer?

  @usableFromInline
  init(transaction: OpaquePointer?, memory: MemorySnapshot?) {
    unsafe self.transaction = transaction
    self.memory = memory
  }

  /// Reads that see what this transaction wrote; no write can happen while the reading is in use.
  package var reading: Reading {
    @_lifetime(borrow self)
    get { unsafe Reading(transaction: transaction, memory: memory, owner: self) }
  }

  /// Says that whoever fails from here on leaves traces, though they may not be written yet.
  package mutating func leaveTrace() { traceCount += 1 }

  /// Puts a value under a key, replacing what was there. The key has 1...511 bytes.
  @inlinable
  package mutating func put(
    _ table: Table, _ key: RawSpan, _ value: RawSpan
  ) throws(StoreError) {
    try put(table, key, value, flags: 0)
  }

  /// Puts a value under a key that is above every key of the table; faster and denser than `put`.
  /// Throws `keyOrder` where it is not.
  @inlinable
  package mutating func append(
    _ table: Table, _ key: RawSpan, _ value: RawSpan
  ) throws(StoreError) {
    try put(table, key, value, flags: UInt32(MDB_APPEND))
  }

  /// Removes a key; false where it was not there.
  @discardableResult
  package mutating func delete(_ table: Table, _ key: RawSpan) throws(StoreError) -> Bool {
    if let failure { throw failure }
    writeCount += 1
    if writeCount == failingWrite { throw inject(table) }
    guard let transaction = unsafe transaction else {
      return try remember(table) { memory throws(StoreError) in try memory.delete(table, key) }
    }
    let result = unsafe key.withUnsafeBytes { bytes in
      var wanted = unsafe lmdbValue(bytes)
      let result = unsafe mdb_del(transaction, table.handle, &wanted, nil)
      if result == 0 {
        let nothing = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        unsafe redo?.note(RedoBuffer.Kind.delete, table, bytes, nothing)
      }
      return result
    }
    if result == 0 { return true }
    if result == MDB_NOTFOUND { return false }
    throw fail(result, table)
  }

  @usableFromInline
  mutating func put(
    _ table: Table, _ key: RawSpan, _ value: RawSpan, flags: UInt32
  ) throws(StoreError) {
    if let failure { throw failure }
    writeCount += 1
    if writeCount == failingWrite { throw inject(table) }
    guard let transaction = unsafe transaction else {
      return try remember(table) { memory throws(StoreError) in
        try memory.put(table, key, value, isAppend: flags != 0)
      }
    }
    let result = unsafe key.withUnsafeBytes { keyBytes in
      unsafe value.withUnsafeBytes { valueBytes in
        var wanted = unsafe lmdbValue(keyBytes)
        var stored = unsafe lmdbValue(valueBytes)
        let result = unsafe mdb_put(transaction, table.handle, &wanted, &stored, flags)
        if result == 0 {
          let kind = flags == 0 ? RedoBuffer.Kind.put : RedoBuffer.Kind.append
          unsafe redo?.note(kind, table, keyBytes, valueBytes)
        }
        return result
      }
    }
    if result != 0 { throw fail(result, table) }
  }

  private mutating func fail(_ result: Int32, _ table: Table) -> StoreError {
    let error = StoreError(lmdb: result, table: table)
    failure = error
    return error
  }

  private mutating func inject(_ table: Table) -> StoreError {
    let error = StoreError(.injected, table: table)
    failure = error
    return error
  }

  private mutating func remember<Result>(
    _ table: Table, _ body: (MemorySnapshot) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    do {
      return try body(memory!)
    } catch {
      failure = error
      throw error
    }
  }
}

extension WriteTransaction {
  /// `put` with arrays.
  package mutating func put(
    _ table: Table, _ key: [UInt8], _ value: [UInt8]
  ) throws(StoreError) {
    unsafe try put(table, key.span.bytes, value.span.bytes)
  }

  /// `append` with arrays.
  package mutating func append(
    _ table: Table, _ key: [UInt8], _ value: [UInt8]
  ) throws(StoreError) {
    unsafe try append(table, key.span.bytes, value.span.bytes)
  }

  /// `delete` with an array.
  @discardableResult
  package mutating func delete(_ table: Table, _ key: [UInt8]) throws(StoreError) -> Bool {
    unsafe try delete(table, key.span.bytes)
  }
}
