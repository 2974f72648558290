// The total order of ORDER BY, min and max, and the equivalence of DISTINCT and grouping that goes
// with it. Every two values are ordered; those that are equivalent are those that the order calls
// equal. The byte codec of the store keeps the same order.
//
//   maps < nodes < edges < lists < paths < date-times < local date-times < dates < times
//   < local times < durations < bytes < strings < booleans < numbers < NaN < null

extension Value {
  /// Negative, zero or positive: where this value stands against another in ascending order.
  package func order(against other: Value) -> Int {
    switch (self, other) {
    case (.integer(let left), .integer(let right)): return sign(left, right)
    case (.integer(let left), .float(let right)):
      return right.isNaN ? -1 : exactOrder(left, right)
    case (.float(let left), .integer(let right)):
      return left.isNaN ? 1 : -exactOrder(right, left)
    case (.float(let left), .float(let right)):
      if left.isNaN || right.isNaN { return sign(left.isNaN ? 1 : 0, right.isNaN ? 1 : 0) }
      return sign(left, right)
    case (.string(let left), .string(let right)): return left.order(against: right)
    case (.boolean(let left), .boolean(let right)): return sign(left ? 1 : 0, right ? 1 : 0)
    case (.node(let left), .node(let right)): return sign(left, right)
    case (.edge(let left), .edge(let right)): return sign(left, right)
    case (.list(let left), .list(let right)):
      return lexicographic(left.count, right.count) { left[$0].order(against: right[$0]) }
    case (.map(let left), .map(let right)): return left.order(against: right)
    case (.path(let left), .path(let right)): return left.order(against: right)
    default: return orderOfOthers(against: other)
    }
  }

  private func orderOfOthers(against other: Value) -> Int {
    switch (self, other) {
    case (.date(let left), .date(let right)): return sign(left, right)
    case (.localTime(let left), .localTime(let right)): return sign(left, right)
    case (.time(let left), .time(let right)): return sign(left, right)
    case (.localDateTime(let left), .localDateTime(let right)): return sign(left, right)
    case (.dateTime(let left), .dateTime(let right)): return sign(left, right)
    case (.duration(let left), .duration(let right)): return sign(left, right)
    case (.bytes(let left), .bytes(let right)):
      return lexicographic(left.count, right.count) { sign(left[$0], right[$0]) }
    default: return orderRank - other.orderRank
    }
  }

  /// The place of the value's type in the order; integers and floats share one.
  package var orderRank: Int {
    switch self {
    case .map: 0
    case .node: 1
    case .edge: 2
    case .list: 3
    case .path: 4
    case .dateTime: 5
    case .localDateTime: 6
    case .date: 7
    case .time: 8
    case .localTime: 9
    case .duration: 10
    case .bytes: 11
    case .string: 12
    case .boolean: 13
    case .integer, .float: 14
    case .null: 15
    }
  }

  /// Whether DISTINCT and grouping take the two for one value: as `=`, but null is null and NaN
  /// is NaN, inside lists and maps as well.
  package func isEquivalent(to other: Value) -> Bool {
    switch (self, other) {
    case (.integer(let left), .integer(let right)): left == right
    case (.string(let left), .string(let right)): left == right
    case (.node(let left), .node(let right)): left == right
    default: order(against: other) == 0
    }
  }

  /// Feeds the hasher so that equivalent values hash alike.
  package func hashEquivalence(into hasher: inout Hasher) {
    hasher.combine(UInt8(truncatingIfNeeded: orderRank))
    switch self {
    case .null: break
    case .boolean(let flag): hasher.combine(flag)
    case .integer(let number): hasher.combine(number)
    case .float(let number): Value.hash(number, into: &hasher)
    case .string(let text): hasher.combine(text)
    case .list(let elements):
      hasher.combine(elements.count)
      for element in elements { element.hashEquivalence(into: &hasher) }
    case .map(let map):
      hasher.combine(map.count)
      for entry in map.entries {
        hasher.combine(entry.key)
        entry.value.hashEquivalence(into: &hasher)
      }
    case .node(let node): hasher.combine(node)
    case .edge(let edge): hasher.combine(edge)
    default: hasher.combine(self)
    }
  }

  /// A float that is a whole number hashes as the integer it equals.
  private static func hash(_ number: Double, into hasher: inout Hasher) {
    if let whole = Int64(exactly: number) {
      hasher.combine(whole)
    } else {
      hasher.combine(number.isNaN ? Double.nan.bitPattern : number.bitPattern)
    }
  }
}

/// One or more values as a key of DISTINCT or grouping, equal when the values are equivalent.
package struct EquivalenceKey: Hashable, Sendable {
  package var values: [Value]

  package init(_ values: [Value]) { self.values = values }

  package static func == (left: EquivalenceKey, right: EquivalenceKey) -> Bool {
    guard left.values.count == right.values.count else { return false }
    for index in left.values.indices
    where !left.values[index].isEquivalent(to: right.values[index]) {
      return false
    }
    return true
  }

  package func hash(into hasher: inout Hasher) {
    for value in values { value.hashEquivalence(into: &hasher) }
  }
}

extension ValueMap {
  /// Entry by entry in the order of the keys; a map that is the beginning of another is less.
  fileprivate func order(against other: ValueMap) -> Int {
    lexicographic(count, other.count) { index in
      let (left, right) = (entries[index], other.entries[index])
      let keys = left.key.order(against: right.key)
      return keys != 0 ? keys : left.value.order(against: right.value)
    }
  }
}

extension Path {
  /// Step by step: a node, the edge from it, the next node.
  fileprivate func order(against other: Path) -> Int {
    let start = sign(nodes[0], other.nodes[0])
    if start != 0 { return start }
    return lexicographic(edges.count, other.edges.count) { index in
      let edge = sign(edges[index], other.edges[index])
      return edge != 0 ? edge : sign(nodes[index + 1], other.nodes[index + 1])
    }
  }
}

@inline(__always)
private func sign<Item: Comparable>(_ left: Item, _ right: Item) -> Int {
  left < right ? -1 : left == right ? 0 : 1
}

/// By the first items that differ, then by number.
@inline(__always)
private func lexicographic(_ left: Int, _ right: Int, _ order: (Int) -> Int) -> Int {
  var index = 0
  while index < left, index < right {
    let result = order(index)
    if result != 0 { return result }
    index += 1
  }
  return left - right
}
