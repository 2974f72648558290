// The tables of a store in memory at one moment. A committed snapshot never changes; a writer works
// on a copy of its own.

/// All tables at one moment.
@usableFromInline
final class MemorySnapshot: @unchecked Sendable {
  // @unchecked: only a writer's own copy changes, before it is committed and shared.
  var tables: [MemoryTable]
  /// Bytes of keys and values.
  private(set) var byteCount: Int
  private var faults: FaultPlan

  init() {
    tables = Array(repeating: MemoryTable(), count: Table.allCases.count)
    byteCount = 0
    faults = FaultPlan()
  }

  /// A copy for a writer; shares everything until it is changed.
  init(copying other: MemorySnapshot, faults: FaultPlan) {
    tables = other.tables
    byteCount = other.byteCount
    self.faults = faults
  }

  func find(_ table: Table, _ key: RawSpan) -> MemoryCell? {
    tables[Int(table.rawValue)].find(key)
  }

  func put(
    _ table: Table, _ key: RawSpan, _ value: RawSpan, isAppend: Bool
  ) throws(StoreError) {
    try check(table, key)
    let index = Int(table.rawValue)
    if isAppend, !tables[index].isAboveAll(key) { throw StoreError(.keyOrder, table: table) }
    let replaced = tables[index].find(key).map { $0.keyCount + $0.valueCount } ?? 0
    let size = byteCount - replaced + key.byteCount + value.byteCount
    if let limit = faults.byteLimit, size > limit { throw StoreError(.mapFull, table: table) }
    tables[index].put(MemoryCell(key: key, value: value), key: key)
    byteCount = size
  }

  func delete(_ table: Table, _ key: RawSpan) throws(StoreError) -> Bool {
    try check(table, key)
    guard let removed = tables[Int(table.rawValue)].delete(key) else { return false }
    byteCount -= removed.keyCount + removed.valueCount
    return true
  }

  private func check(_ table: Table, _ key: RawSpan) throws(StoreError) {
    guard key.byteCount > 0, key.byteCount <= Store.maximumKeyBytes else {
      throw StoreError(.keyLength, table: table)
    }
  }
}
