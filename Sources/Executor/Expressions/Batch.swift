// What flows between operators: columns by slot, and a selection of the rows that are still alive.
// Filters change only the selection; nobody copies rows to drop some of them.

package import Graph

/// Some rows: a column per slot, and which of the rows count.
package struct Batch: Sendable {
  /// One column per slot of the query. A slot that is not bound yet has an empty column; every
  /// other column has `rowCount` rows.
  package var columns: [Column]
  /// The number of rows that are physically there.
  package var rowCount: Int
  /// The rows that count, ascending; `nil` when all do.
  package var selection: [Int32]?

  /// The largest number of rows that an operator puts into one batch.
  package static let capacity = 2_048

  package init(slotCount: Int) {
    columns = [Column](repeating: Column(), count: slotCount)
    rowCount = 0
    selection = nil
  }

  /// The number of rows that count.
  package var selectedCount: Int { selection?.count ?? rowCount }

  package var isEmpty: Bool { selectedCount == 0 }

  /// Forgets the rows; buffers and kinds of the columns are kept.
  package mutating func clear() {
    if rowCount == 0 { return }
    for index in columns.indices where !columns[index].isEmpty {
      columns[index].reset(to: columns[index].kind)
    }
    rowCount = 0
    selection = nil
  }

  /// Calls `body` with each row that counts, ascending.
  @inline(__always)
  package func forEachSelected(_ body: (Int) throws -> Void) rethrows {
    if let selection {
      for row in selection { try body(Int(row)) }
    } else {
      var row = 0
      while row < rowCount {
        try body(row)
        row += 1
      }
    }
  }

  /// Keeps the first `count` of the rows that count.
  package mutating func truncate(toSelected count: Int) {
    let surplus = selectedCount - count
    guard surplus > 0 else { return }
    if selection == nil {
      selection = (0..<Int32(count)).map { $0 }
    } else {
      selection?.removeLast(surplus)
    }
  }

  /// Keeps some of the rows that count, by their places among these.
  mutating func keep(selected places: Range<Int>) {
    selection = selection.map { Array($0[places]) } ?? places.map { Int32($0) }
  }

  /// The rows that count, with no others beside them.
  func gathered() -> Batch {
    guard let selection else { return self }
    var result = Batch(slotCount: columns.count)
    for slot in columns.indices where !columns[slot].isEmpty {
      result.columns[slot].gather(selection, of: columns[slot])
    }
    result.rowCount = selection.count
    return result
  }

  /// Copies row `row` of `other` to the end. Slots that are empty there become null here.
  package mutating func append(row: Int, of other: Batch) {
    for slot in columns.indices {
      if slot < other.columns.count, row < other.columns[slot].count {
        if rowCount == 0, columns[slot].kind != other.columns[slot].kind {
          columns[slot].reset(to: other.columns[slot].kind)
        }
        columns[slot].append(row: row, of: other.columns[slot])
      } else {
        columns[slot].appendNull()
      }
    }
    rowCount += 1
  }
}
