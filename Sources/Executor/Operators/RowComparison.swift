// Comparing rows by their sort keys, in Cypher's total order: null is last ascending.

import Base
import Graph

/// The order of rows by some key columns.
struct RowComparison {
  let columns: [Column]
  let isDescending: [Bool]

  /// Negative, zero or positive.
  func compare(_ left: Int, _ right: Int) -> Int {
    for index in columns.indices {
      let result = Self.compare(columns[index], left, columns[index], right)
      if result != 0 { return isDescending[index] ? -result : result }
    }
    return 0
  }

  /// The order of a row of one column against a row of another.
  static func compare(_ first: Column, _ left: Int, _ second: Column, _ right: Int) -> Int {
    if first.nulls.isEmpty, second.nulls.isEmpty, first.kind == second.kind {
      switch first.kind {
      case .integers: return sign(first.integers[left], second.integers[right])
      case .nodes: return sign(first.nodes[left], second.nodes[right])
      case .edges: return sign(first.edges[left], second.edges[right])
      default: break
      }
    }
    return first[left].order(against: second[right])
  }

  @inline(__always)
  private static func sign<Key: Comparable>(_ left: Key, _ right: Key) -> Int {
    left < right ? -1 : (left == right ? 0 : 1)
  }
}
