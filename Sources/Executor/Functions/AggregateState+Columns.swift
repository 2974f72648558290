// Aggregating whole columns: the state is taken out once, not per row, and numbers go straight from
// typed arrays into it.

import Base
import Graph

extension AggregateState {
  /// Takes the selected rows of a column where the state can do so directly; `false`, and nothing
  /// is taken, where it cannot.
  mutating func addTyped(_ column: Column, _ batch: Batch) throws -> Bool {
    switch (self, column.kind) {
    case (.countAll(let count), _):
      self = .countAll(count + Int64(batch.selectedCount))
    case (.count(let count), _):
      var added: Int64 = 0
      batch.forEachSelected { added += column.isNull($0) ? 0 : 1 }
      self = .count(count + added)
    case (.sum(var state), .integers):
      state.add(integers: column, batch)
      self = .sum(state)
    case (.sum(var state), .floats):
      state.add(floats: column, batch)
      self = .sum(state)
    case (.average(var state), .integers):
      state.add(integers: column, batch)
      self = .average(state)
    case (.average(var state), .floats):
      state.add(floats: column, batch)
      self = .average(state)
    case (.extreme, .integers), (.extreme, .floats), (.extreme, .values):
      try addExtreme(column, batch)
    case (.sum(var state), .values):
      let values = column.values
      try batch.forEachSelected { try state.addUnlessNull(values[$0]) }
      self = .sum(state)
    case (.average(var state), .values):
      let values = column.values
      try batch.forEachSelected { try state.addUnlessNull(values[$0]) }
      self = .average(state)
    default: return false
    }
    return true
  }

  /// Takes what was counted or added up elsewhere.
  mutating func add(count: Int64, integers: Int128?, floats: CompensatedSum?) throws {
    var part = SumState("sum")
    part.add(count: count, integers: integers, floats: floats)
    switch self {
    case .countAll(let known): self = .countAll(known + count)
    case .count(let known): self = .count(known + count)
    case .sum(var state):
      try state.merge(part)
      self = .sum(state)
    case .average(var state):
      try state.merge(part)
      self = .average(state)
    default: preconditionFailure("only counts and sums are made elsewhere")
    }
  }

  /// The smallest or largest of the column first, then one comparison with the state.
  private mutating func addExtreme(_ column: Column, _ batch: Batch) throws {
    guard case .extreme(_, let isMaximum) = self else { return }
    var bestRow = -1
    let (integers, floats, values) = (column.integers, column.floats, column.values)
    batch.forEachSelected { row in
      if column.isNull(row) { return }
      if bestRow < 0 {
        bestRow = row
        return
      }
      let order =
        switch column.kind {
        case .integers: AggregateState.order(integers[row], integers[bestRow])
        case .values: values[row].order(against: values[bestRow])
        // NaN stands above all numbers in the order.
        default:
          Value.float(floats[row]).order(against: .float(floats[bestRow]))
        }
      if isMaximum ? order > 0 : order < 0 { bestRow = row }
    }
    if bestRow >= 0 { try add(column[bestRow], second: .null) }
  }

  @inline(__always)
  private static func order(_ left: Int64, _ right: Int64) -> Int {
    left < right ? -1 : left == right ? 0 : 1
  }
}
