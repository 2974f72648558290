// Sums, averages and counts per group over columns of numbers: a few plain arrays, indexed by
// group, instead of a state with many cases per row. What they have is handed over to the states
// before these are asked.

import Base
package import Graph
package import Planner

/// What one call of sum, avg or count has met per group, as far as it is numbers of one type.
package struct GroupSums: Sendable {
  private enum Kind { case none, rows, integers, floats }

  private var kind = Kind.none
  private var counts: [Int64] = []
  private var floats: [CompensatedSum] = []
  private var integers: [Int128] = []

  package init() {}

  /// Takes the selected rows; `false`, and nothing is taken, where the column is none of these, or
  /// of another type than before.
  package mutating func add(
    _ column: Column?, _ function: AggregateFunction, groups: [Int32], count: Int, _ batch: Batch
  ) -> Bool {
    guard let wanted = Self.kind(column, function), kind == .none || kind == wanted else {
      return false
    }
    kind = wanted
    while counts.count < count { counts.append(0) }
    switch wanted {
    case .none, .rows:
      var counts = counts.mutableSpan
      batch.forEachSelected { counts[Int(groups[$0])] += 1 }
    case .integers:
      guard let numbers = column?.integers else { return false }
      while integers.count < count { integers.append(0) }
      Self.add(numbers, groups, batch, &counts, &integers) { $0 += Int128($1) }
    case .floats:
      guard let numbers = column?.floats else { return false }
      while floats.count < count { floats.append(CompensatedSum()) }
      Self.add(numbers, groups, batch, &counts, &floats) { $0.add($1) }
    }
    return true
  }

  /// The arrays are one span each, so that a row costs no look at who else owns them.
  @inline(__always)
  private static func add<Number, Sum>(
    _ numbers: [Number], _ groups: [Int32], _ batch: Batch, _ counts: inout [Int64],
    _ sums: inout [Sum], _ add: (inout Sum, Number) -> Void
  ) {
    var counts = counts.mutableSpan
    var sums = sums.mutableSpan
    batch.forEachSelected { row in
      let group = Int(groups[row])
      counts[group] += 1
      add(&sums[group], numbers[row])
    }
  }

  private static func kind(_ column: Column?, _ function: AggregateFunction) -> Kind? {
    switch function {
    case .countAll: return .rows
    case .count:
      // Whatever it is, where nothing is null.
      guard let column, column.kind != .values, column.nulls.isEmpty else { return nil }
      return .rows
    case .sum, .avg:
      guard let column, column.nulls.isEmpty else { return nil }
      return column.kind == .floats ? .floats : column.kind == .integers ? .integers : nil
    default: return nil
    }
  }

  /// Hands everything over to the states of the groups.
  package mutating func flush(into states: inout [AggregateAccumulator]) throws {
    guard kind != .none else { return }
    for group in counts.indices where counts[group] > 0 {
      try states[group].add(
        count: counts[group], integers: kind == .integers ? integers[group] : nil,
        floats: kind == .floats ? floats[group] : nil)
    }
    self = GroupSums()
  }
}
