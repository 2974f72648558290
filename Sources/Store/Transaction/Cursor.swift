// A position in a table, in key order. Keys and values are handed out in place; they stay valid as
// long as the transaction, not only until the cursor moves.

public import CLMDB

/// A cursor over one table within one transaction.
@safe @frozen
public struct Cursor: ~Copyable, ~Escapable {
  @usableFromInline let handle: OpaquePointer?
  @usableFromInline unowned(unsafe) let memory: MemorySnapshot?
  @usableFromInline let table: Table
  @usableFromInline var position = MemoryTable.Position.none
  @usableFromInline var currentKey = unsafe MDB_val()
  @usableFromInline var currentValue = unsafe MDB_val()
  @usableFromInline var standsOnRow = false

  @_lifetime(copy reading)
  init(_ reading: Reading, _ table: Table) throws(StoreError) {
    self.table = table
    unsafe self.memory = reading.memory
    var opened: OpaquePointer?
    if let transaction = unsafe reading.transaction {
      let result = unsafe mdb_cursor_open(transaction, table.handle, &opened)
      guard result == 0 else { throw StoreError(lmdb: result, table: table) }
    }
    unsafe self.handle = opened
  }

  @inlinable
  deinit {
    if let handle = unsafe handle { unsafe mdb_cursor_close(handle) }
  }

  /// Whether the cursor stands on a row; `key` and `value` are empty otherwise.
  @inlinable
  public var isValid: Bool { standsOnRow }

  /// The key at the cursor.
  public var key: RawSpan {
    @_lifetime(copy self)
    @inlinable @inline(__always)
    get {
      let span = unsafe RawSpan(_unsafeStart: lmdbStart(currentKey), byteCount: currentKey.mv_size)
      return unsafe _overrideLifetime(span, copying: self)
    }
  }

  /// The value at the cursor.
  public var value: RawSpan {
    @_lifetime(copy self)
    @inlinable @inline(__always)
    get {
      let start = unsafe lmdbStart(currentValue)
      let span = unsafe RawSpan(_unsafeStart: start, byteCount: currentValue.mv_size)
      return unsafe _overrideLifetime(span, copying: self)
    }
  }

  /// Moves to the first row whose key is `key` or above; false where there is none. O(log n).
  @_lifetime(self: copy self)
  @inlinable
  public mutating func seek(_ key: RawSpan) throws(StoreError) -> Bool {
    if let handle = unsafe handle {
      let (result, foundKey, foundValue) = unsafe key.withUnsafeBytes { bytes in
        var foundKey = unsafe lmdbValue(bytes)
        var foundValue = unsafe MDB_val()
        let result = unsafe mdb_cursor_get(handle, &foundKey, &foundValue, MDB_SET_RANGE)
        return unsafe (result, foundKey, foundValue)
      }
      unsafe currentKey = foundKey
      unsafe currentValue = foundValue
      return try settle(result)
    }
    return seekInMemory(key)
  }

  /// Moves to the row whose key is `key`; false where there is none, and `value` is then empty.
  /// Rows on the page where the cursor stood last are found without going down the tree.
  @_lifetime(self: copy self)
  @inlinable @inline(__always)
  public mutating func find(_ key: RawSpan) throws(StoreError) -> Bool {
    if let handle = unsafe handle {
      let (result, foundKey, foundValue) = unsafe key.withUnsafeBytes { bytes in
        var foundKey = unsafe lmdbValue(bytes)
        var foundValue = unsafe MDB_val()
        let result = unsafe mdb_cursor_get(handle, &foundKey, &foundValue, MDB_SET_KEY)
        return unsafe (result, foundKey, foundValue)
      }
      unsafe currentKey = foundKey
      unsafe currentValue = foundValue
      return try settle(result)
    }
    return seekInMemory(key) && self.key.order(against: key) == 0
  }

  /// Moves to the last row whose key is below `key`; false where there is none. O(log n).
  @_lifetime(self: copy self)
  public mutating func seekBelow(_ key: RawSpan) throws(StoreError) -> Bool {
    if try seek(key) { return try previous() }
    return try last()
  }

  /// Moves to the first row; false where the table is empty.
  @_lifetime(self: copy self)
  public mutating func first() throws(StoreError) -> Bool {
    if unsafe handle != nil { return try move(MDB_FIRST) }
    return unsafe settle(memory!.tables[Int(table.rawValue)].firstPosition)
  }

  /// Moves to the last row; false where the table is empty.
  @_lifetime(self: copy self)
  public mutating func last() throws(StoreError) -> Bool {
    if unsafe handle != nil { return try move(MDB_LAST) }
    return unsafe settle(memory!.tables[Int(table.rawValue)].lastPosition)
  }

  /// Moves to the next row (the first one from a fresh cursor); false at the end.
  @_lifetime(self: copy self)
  @inlinable @inline(__always)
  public mutating func next() throws(StoreError) -> Bool {
    if unsafe handle != nil { return try move(MDB_NEXT) }
    return stepInMemory(isForward: true)
  }

  /// Moves to the row before; false at the beginning.
  @_lifetime(self: copy self)
  @inlinable
  public mutating func previous() throws(StoreError) -> Bool {
    if unsafe handle != nil { return try move(MDB_PREV) }
    return stepInMemory(isForward: false)
  }

  @_lifetime(self: copy self)
  @usableFromInline
  mutating func seekInMemory(_ key: RawSpan) -> Bool {
    unsafe settle(memory!.tables[Int(table.rawValue)].lowerBound(key))
  }

  @_lifetime(self: copy self)
  @usableFromInline
  mutating func stepInMemory(isForward: Bool) -> Bool {
    let rows = unsafe memory!.tables[Int(table.rawValue)]
    return settle(isForward ? rows.position(after: position) : rows.position(before: position))
  }

  @_lifetime(self: copy self)
  @inlinable @inline(__always)
  mutating func move(_ operation: MDB_cursor_op) throws(StoreError) -> Bool {
    var foundKey = unsafe MDB_val()
    var foundValue = unsafe MDB_val()
    let result = unsafe mdb_cursor_get(handle, &foundKey, &foundValue, operation)
    unsafe currentKey = foundKey
    unsafe currentValue = foundValue
    return try settle(result)
  }

  /// Takes over the result of a move in LMDB.
  @_lifetime(self: copy self)
  @inlinable @inline(__always)
  mutating func settle(_ result: Int32) throws(StoreError) -> Bool {
    if result == 0 {
      standsOnRow = true
      return true
    }
    unsafe currentKey = MDB_val()
    unsafe currentValue = MDB_val()
    standsOnRow = false
    if result == MDB_NOTFOUND { return false }
    throw StoreError(lmdb: result, table: table)
  }

  /// Takes over the result of a move in memory.
  @_lifetime(self: copy self)
  @usableFromInline
  mutating func settle(_ found: MemoryTable.Position) -> Bool {
    position = found
    guard let cell = unsafe memory!.tables[Int(table.rawValue)].cell(at: found) else {
      unsafe currentKey = MDB_val()
      unsafe currentValue = MDB_val()
      standsOnRow = false
      return false
    }
    unsafe currentKey = MDB_val(mv_size: cell.keyCount, mv_data: cell.key)
    unsafe currentValue = MDB_val(mv_size: cell.valueCount, mv_data: cell.value)
    standsOnRow = true
    return true
  }
}

extension Cursor {
  /// Whether the key at the cursor starts with `prefix`; false off the end.
  @inlinable
  public func keyStarts(with prefix: RawSpan) -> Bool {
    guard isValid, prefix.byteCount <= key.byteCount else { return false }
    return key.extracting(first: prefix.byteCount).order(against: prefix) == 0
  }

  /// Whether the key at the cursor is below `bound`; false off the end.
  @inlinable
  public func keyIsBelow(_ bound: RawSpan) -> Bool {
    isValid && key.order(against: bound) < 0
  }
}

/// The start of the bytes; an address that is never read for an empty value.
@unsafe @inlinable
public func lmdbStart(_ value: MDB_val) -> UnsafeRawPointer {
  if let data = unsafe value.mv_data { return UnsafeRawPointer(data) }
  return unsafe UnsafeRawPointer(bitPattern: 8)!
}
