// Comparing a column with one value: the loop under most WHERE clauses. Numbers are compared as
// machine numbers where that is exact, and exactly where it is not.

import Base
import Cypher
import Graph

/// A comparison with a constant.
struct ComparisonKernel {
  private let comparison: ComparisonOperator
  private let bound: Value

  init(_ comparison: ComparisonOperator, _ bound: Value) {
    self.comparison = comparison
    self.bound = bound
  }

  /// The selected rows of the column for which the comparison is true.
  func filter(_ column: Column, _ rows: RowSelection) -> [Int32] {
    switch (column.kind, bound) {
    case (_, .null): return []
    case (.integers, .integer(let number)):
      return filter(column.integers, column.nulls, number, rows)
    case (.floats, .float(let number)):
      return filter(column.floats, column.nulls, number, rows)
    case (.floats, .integer(let number)) where number.magnitude <= 1 << 53:
      return filter(column.floats, column.nulls, Double(number), rows)
    case (.nodes, .node(let node)) where comparison == .equal:
      return filter(column.nodes, column.nulls, node, rows)
    default: return filterValues(column, rows)
    }
  }

  private func filterValues(_ column: Column, _ rows: RowSelection) -> [Int32] {
    if column.kind == .values {
      // Properties are general columns: the loop looks for the bound's own type first.
      switch bound {
      case .integer(let number):
        return filter(column.values, number, rows) {
          if case .integer(let item) = $0 { item } else { nil }
        }
      case .float(let number):
        return filter(column.values, number, rows) {
          if case .float(let item) = $0 { item } else { nil }
        }
      case .string(let text):
        return filter(column.values, text, rows) {
          if case .string(let item) = $0 { item } else { nil }
        }
      default: break
      }
    }
    var kept: [Int32] = []
    kept.reserveCapacity(rows.count)
    rows.forEach { row in
      if comparison.holds(column[row], bound) == true {
        kept.append(Int32(truncatingIfNeeded: row))
      }
    }
    return kept
  }

  @inline(__always)
  private func filter<Item: Comparable>(
    _ values: [Value], _ bound: Item, _ rows: RowSelection, _ item: (Value) -> Item?
  ) -> [Int32] {
    switch comparison {
    case .equal: keep(values, rows, item) { $0 == bound }
    case .notEqual: keep(values, rows, item) { $0 != bound }
    case .less: keep(values, rows, item) { $0 < bound }
    case .lessOrEqual: keep(values, rows, item) { $0 <= bound }
    case .greater: keep(values, rows, item) { $0 > bound }
    case .greaterOrEqual: keep(values, rows, item) { $0 >= bound }
    }
  }

  /// Values of another type than the bound's take the general comparison.
  @inline(__always)
  private func keep<Item>(
    _ values: [Value], _ rows: RowSelection, _ item: (Value) -> Item?, _ test: (Item) -> Bool
  ) -> [Int32] {
    var kept = [Int32](repeating: 0, count: rows.count)
    var count = 0
    rows.forEach { row in
      kept[count] = Int32(truncatingIfNeeded: row)
      let holds =
        if let same = item(values[row]) { test(same) } else {
          comparison.holds(values[row], bound) == true
        }
      count += holds ? 1 : 0
    }
    kept.removeLast(kept.count - count)
    return kept
  }

  /// The comparison is chosen once, not per row.
  private func filter<Item: Comparable>(
    _ items: [Item], _ nulls: [Bool], _ bound: Item, _ rows: RowSelection
  ) -> [Int32] {
    switch comparison {
    case .equal: keep(items, nulls, rows) { $0 == bound }
    case .notEqual: keep(items, nulls, rows) { $0 != bound }
    case .less: keep(items, nulls, rows) { $0 < bound }
    case .lessOrEqual: keep(items, nulls, rows) { $0 <= bound }
    case .greater: keep(items, nulls, rows) { $0 > bound }
    case .greaterOrEqual: keep(items, nulls, rows) { $0 >= bound }
    }
  }

  @inline(__always)
  private func keep<Item>(
    _ items: [Item], _ nulls: [Bool], _ rows: RowSelection, _ test: (Item) -> Bool
  ) -> [Int32] {
    // Written without a branch on the result: the row is always stored, and counted if kept.
    var kept = [Int32](repeating: 0, count: rows.count)
    var count = 0
    rows.forEach { row in
      kept[count] = Int32(truncatingIfNeeded: row)
      count += test(items[row]) && (nulls.isEmpty || !nulls[row]) ? 1 : 0
    }
    kept.removeLast(kept.count - count)
    return kept
  }
}
