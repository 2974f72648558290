// Cypher's `=` and `<`: three-valued, since null is unknown. They are not what DISTINCT and
// ORDER BY use; that is `Value+Ordering.swift`.

extension Value {
  /// Cypher's `=`: `nil` is Cypher's null. Integers and floats are compared exactly, NaN equals
  /// nothing, values of different types are unequal.
  package func isEqual(to other: Value) -> Bool? { isEqual(to: other, pause: {}) }

  /// The same, calling `pause` every few thousand elements of lists and maps, so that whoever
  /// compares values of millions of elements can stop.
  package func isEqual<Stop: Error>(
    to other: Value, pause: () throws(Stop) -> Void
  ) throws(Stop) -> Bool? {
    switch (self, other) {
    case (.null, _), (_, .null): return nil
    case (.integer(let left), .integer(let right)): return left == right
    case (.float(let left), .float(let right)): return left == right
    case (.integer(let left), .float(let right)):
      return right.isNaN ? false : exactOrder(left, right) == 0
    case (.float(let left), .integer(let right)):
      return left.isNaN ? false : exactOrder(right, left) == 0
    case (.list(let left), .list(let right)):
      guard left.count == right.count else { return false }
      return try Value.conjunction(left.indices, pause) { index throws(Stop) in
        try left[index].isEqual(to: right[index], pause: pause)
      }
    case (.map(let left), .map(let right)):
      let (first, second) = (left.entries, right.entries)
      guard first.count == second.count,
        first.indices.allSatisfy({ first[$0].key == second[$0].key })
      else { return false }
      return try Value.conjunction(first.indices, pause) { index throws(Stop) in
        try first[index].value.isEqual(to: second[index].value, pause: pause)
      }
    default: return self == other
    }
  }

  /// False if any is false, else unknown if any is unknown.
  private static func conjunction<Stop: Error>(
    _ indices: Range<Int>, _ pause: () throws(Stop) -> Void, _ test: (Int) throws(Stop) -> Bool?
  ) throws(Stop) -> Bool? {
    var result: Bool? = true
    for index in indices {
      if Value.isPause(index) { try pause() }
      switch try test(index) {
      case false?: return false
      case nil: result = nil
      case true?: continue
      }
    }
    return result
  }

  /// Whether so many elements are done that it is time to pause; 4,096 of them take some 50 µs.
  private static func isPause(_ index: Int) -> Bool { index & 4_095 == 4_095 }
}

/// How two values compare under `<`, `<=`, `>`, `>=`.
package enum Comparability: Sendable, Hashable {
  case less, equal, greater
  /// NaN against a number: every comparison is false.
  case unordered
  /// Different or incomparable types, or null: every comparison is null.
  case unknown

  fileprivate init(_ order: Int) { self = order < 0 ? .less : order == 0 ? .equal : .greater }

  /// `<`; `nil` is Cypher's null.
  package var isLess: Bool? { self == .unknown ? nil : self == .less }
  package var isLessOrEqual: Bool? { self == .unknown ? nil : self == .less || self == .equal }
  package var isGreater: Bool? { self == .unknown ? nil : self == .greater }
  package var isGreaterOrEqual: Bool? {
    self == .unknown ? nil : self == .greater || self == .equal
  }
}

extension Value {
  /// How this value compares with another where Cypher can say: numbers, strings, booleans, lists,
  /// and moments of one type. Durations, maps, nodes, edges and paths are incomparable.
  package func compared(with other: Value) -> Comparability { compared(with: other, pause: {}) }

  /// The same, calling `pause` as `isEqual(to:pause:)` does.
  package func compared<Stop: Error>(
    with other: Value, pause: () throws(Stop) -> Void
  ) throws(Stop) -> Comparability {
    switch (self, other) {
    case (.integer(let left), .integer(let right)):
      return left < right ? .less : left == right ? .equal : .greater
    case (.integer, .float), (.float, .integer), (.float, .float):
      return numericComparability(with: other)
    case (.string(let left), .string(let right)): return Comparability(left.order(against: right))
    case (.boolean(let left), .boolean(let right)):
      return left == right ? .equal : right ? .less : .greater
    case (.list(let left), .list(let right)): return try Value.compare(lists: left, right, pause)
    case (.date(let left), .date(let right)): return Value.compare(left, right)
    case (.localTime(let left), .localTime(let right)): return Value.compare(left, right)
    case (.time(let left), .time(let right)): return Value.compare(left, right)
    case (.localDateTime(let left), .localDateTime(let right)): return Value.compare(left, right)
    case (.dateTime(let left), .dateTime(let right)): return Value.compare(left, right)
    case (.bytes(let left), .bytes(let right)):
      return left == right ? .equal : left.lexicographicallyPrecedes(right) ? .less : .greater
    default: return .unknown
    }
  }

  private func numericComparability(with other: Value) -> Comparability {
    switch (self, other) {
    case (.float(let left), .float(let right)):
      if left.isNaN || right.isNaN { return .unordered }
      return left < right ? .less : left == right ? .equal : .greater
    case (.integer(let left), .float(let right)):
      return right.isNaN ? .unordered : Comparability(exactOrder(left, right))
    case (.float(let left), .integer(let right)):
      return left.isNaN ? .unordered : Comparability(-exactOrder(right, left))
    default: return .unknown
    }
  }

  private static func compare<Moment: Comparable>(
    _ left: Moment, _ right: Moment
  ) -> Comparability {
    left < right ? .less : left == right ? .equal : .greater
  }

  /// By the first elements that differ, then by length.
  private static func compare<Stop: Error>(
    lists left: [Value], _ right: [Value], _ pause: () throws(Stop) -> Void
  ) throws(Stop) -> Comparability {
    for index in 0..<min(left.count, right.count) {
      if isPause(index) { try pause() }
      switch try left[index].isEqual(to: right[index], pause: pause) {
      case true?: continue
      case nil: return .unknown
      case false?: return try left[index].compared(with: right[index], pause: pause)
      }
    }
    return Comparability(left.count - right.count)
  }
}

/// The exact order of an integer and a float that is not NaN: negative, zero or positive.
package func exactOrder(_ left: Int64, _ right: Double) -> Int {
  if right >= 0x1p63 { return -1 }
  if right < -0x1p63 { return 1 }
  let whole = right.rounded(.towardZero)
  let truncated = Int64(whole)
  if left != truncated { return left < truncated ? -1 : 1 }
  return whole < right ? -1 : whole > right ? 1 : 0
}
