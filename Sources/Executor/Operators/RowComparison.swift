// Comparing rows by their sort keys, in Cypher's total order: null is last ascending.

import Base
import Graph

/// The order of rows by some key columns.
struct RowComparison {
  private let columns: [Column]
  private let isDescending: [Bool]
  /// Per column numbers in the order that is wanted, where there are such; empty elsewhere.
  private let images: [[UInt64]]

  /// More rows than this are compared where they are: numbers beside them would take their room.
  private static let fewRows = 1 << 14

  init(columns: [Column], isDescending: [Bool]) {
    self.columns = columns
    self.isDescending = isDescending
    images = columns.indices.map { index in
      columns[index].count > Self.fewRows
        ? [] : Self.image(of: columns[index], isDescending: isDescending[index])
    }
  }

  /// Negative, zero or positive.
  @inline(__always)
  func compare(_ left: Int, _ right: Int) -> Int {
    for index in columns.indices {
      if !images[index].isEmpty {
        let (first, second) = (images[index][left], images[index][right])
        if first != second { return first < second ? -1 : 1 }
        continue
      }
      let result = Self.compare(columns[index], left, columns[index], right)
      if result != 0 { return isDescending[index] ? -result : result }
    }
    return 0
  }

  /// Numbers that are ordered as the rows of a column are; none where a row may be null or of a
  /// general kind.
  private static func image(of column: Column, isDescending: Bool) -> [UInt64] {
    guard column.nulls.isEmpty else { return [] }
    let inversion: UInt64 = isDescending ? .max : 0
    switch column.kind {
    case .integers:
      return column.integers.map { (UInt64(bitPattern: $0) ^ 1 << 63) ^ inversion }
    case .floats: return column.floats.map { OrderedEncoding.image(of: $0) ^ inversion }
    case .nodes: return column.nodes.map { $0.rawValue ^ inversion }
    case .edges: return column.edges.map { $0.rawValue ^ inversion }
    case .booleans, .values: return []
    }
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
