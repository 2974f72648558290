// The common half of every operator that makes several output rows from one input row: it notes
// which input row each output row comes from and copies the slots that are needed later.

import Base
import Graph

/// Collects output rows by the input rows they come from.
struct RowGather {
  /// The slots of the input that somebody above still reads.
  let carried: [Int]
  private(set) var rows: [Int32] = []

  init(carried: [Int]) { self.carried = carried }

  var count: Int { rows.count }

  mutating func clear() { rows.empty() }

  @inline(__always)
  mutating func append(_ row: Int) { rows.append(Int32(truncatingIfNeeded: row)) }

  mutating func append(_ others: [Int32]) { rows.append(contentsOf: others) }

  mutating func append(_ row: Int, times: Int) {
    for _ in 0..<times { append(row) }
  }

  /// Copies the carried slots for all noted rows; slots that are unbound stay empty.
  func copy(from source: Batch, into batch: inout Batch) {
    for slot in carried where source.columns[slot].count == source.rowCount {
      batch.columns[slot].gather(rows, of: source.columns[slot])
    }
    batch.rowCount = rows.count
    batch.selection = nil
  }
}
