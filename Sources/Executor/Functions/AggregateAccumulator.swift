// The state of one aggregating function over the rows of one group. States over parts of a group
// can be merged, in the order of the parts, so that groups may be computed in parallel.

package import Base
package import Graph
package import Planner

/// One aggregate under way.
package struct AggregateAccumulator: Sendable {
  private var state: AggregateState
  /// The values met so far, where only distinct ones count: one set, in an array, so that a state
  /// that has none is small.
  private var distinct: [DistinctValues]
  /// An estimate of the bytes that the state holds beyond its own size.
  package private(set) var memoryBytes = 0

  package init(_ function: AggregateFunction, isDistinct: Bool) {
    state = AggregateState(function)
    distinct = isDistinct ? [DistinctValues()] : []
  }

  /// Takes the value of the first argument (anything for `count(*)`), and of the second where the
  /// function has one. Throws where the value does not fit the function.
  package mutating func add(_ value: Value, second: Value = .null) throws {
    if state.ignores(value) { return }
    if !distinct.isEmpty {
      guard distinct[0].insert(value) else { return }
      memoryBytes += value.estimatedBytes + 48
    }
    try addNew(value, second: second)
  }

  private mutating func addNew(_ value: Value, second: Value = .null) throws {
    if state.keepsValues { memoryBytes += value.estimatedBytes }
    try state.add(value, second: second)
  }

  /// Takes all selected rows of a column: the same as `add` for each, without boxing numbers where
  /// the function does not keep them.
  package mutating func add(_ column: Column, _ batch: Batch) throws {
    if distinct.isEmpty {
      if try state.addTyped(column, batch) { return }
    } else if let rows = distinct[0].newRows(column, batch) {
      // Nodes and numbers hold nothing beyond themselves.
      memoryBytes += rows.count * (24 + 48)
      var new = batch
      new.selection = rows
      if try !state.addTyped(column, new) {
        for row in rows { try addNew(column[Int(row)]) }
      }
      return
    }
    try batch.forEachSelected { try add(column[$0]) }
  }

  /// Takes what was counted or added up elsewhere.
  mutating func add(count: Int64, integers: Int128?, floats: CompensatedSum?) throws {
    try state.add(count: count, integers: integers, floats: floats)
  }

  /// `count(*)` of rows that nobody looks at.
  package mutating func add(rows count: Int) {
    state.addRows(count)
  }

  /// Takes what another accumulator of the same function has met in later rows.
  package mutating func merge(_ other: AggregateAccumulator) throws {
    if let theirs = other.distinct.first {
      // Nothing may depend on the order of a set: collect has the order in which values came, the
      // others take the order of values.
      let met =
        other.state.distinctValues
        ?? theirs.elements.sorted { $0.order(against: $1) < 0 }
      for value in met { try add(value, second: other.state.second) }
      return
    }
    try state.merge(other.state)
    memoryBytes += other.memoryBytes
  }

  /// The aggregate of all that was added. Throws where a sum does not fit.
  package func result(tick: () throws -> Void = {}) throws -> Value {
    try state.result(tick: tick)
  }
}

extension Value {
  /// The bytes that a value takes outside its own 24, roughly.
  package var estimatedBytes: Int {
    switch self {
    case .string(let text): return text.utf8Count < 16 ? 24 : text.utf8Count + 56
    case .bytes(let bytes): return bytes.count + 56
    case .list(let elements):
      var total = 56
      for element in elements { total += element.estimatedBytes }
      return total
    case .map(let map):
      var total = 56
      for entry in map.entries { total += 24 + entry.value.estimatedBytes }
      return total
    case .path(let path): return 112 + 16 * path.nodes.count
    default: return 24
    }
  }
}
