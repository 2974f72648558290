// Comparing rows by their sort keys, in Cypher's total order: null is last ascending.

import Base

/// The order of rows by some key columns.
struct RowComparison {
  let columns: [Column]
  let isDescending: [Bool]

  /// Negative, zero or positive.
  func compare(_ left: Int, _ right: Int) -> Int {
    for index in columns.indices {
      let result = Self.compare(columns[index], left, right)
      if result != 0 { return isDescending[index] ? -result : result }
    }
    return 0
  }

  private static func compare(_ column: Column, _ left: Int, _ right: Int) -> Int {
    if column.nulls.isEmpty {
      switch column.kind {
      case .integers: return sign(column.integers[left], column.integers[right])
      case .nodes: return sign(column.nodes[left], column.nodes[right])
      case .edges: return sign(column.edges[left], column.edges[right])
      default: break
      }
    }
    return column[left].order(against: column[right])
  }

  @inline(__always)
  private static func sign<Key: Comparable>(_ left: Key, _ right: Key) -> Int {
    left < right ? -1 : (left == right ? 0 : 1)
  }
}
