// A comparison of a property with one value, in the forms in which columns are asked: an interval
// of floats, an interval of integers, or value by value. What holds is what Cypher says of `=`, `<`
// and their kin; null and NaN satisfy none of them.

package import Base

/// `property comparison bound`.
package struct ColumnPredicate: Hashable, Sendable {
  package enum Comparison: Hashable, Sendable {
    case less, lessOrEqual, equal, greaterOrEqual, greater
  }

  package var name: Symbol
  package var comparison: Comparison
  package var bound: Value

  package init(_ name: Symbol, _ comparison: Comparison, _ bound: Value) {
    self.name = name
    self.comparison = comparison
    self.bound = bound
  }

  /// Which numbers of a column satisfy it.
  enum Interval<Number: Comparable> {
    case nothing
    case closed(Number, Number)
    /// The numbers must be asked one by one.
    case unknown
  }

  /// Whether it is true of a value.
  func holds(for value: Value) -> Bool {
    // Most numbers are floats, and these are compared at once.
    if case .float(let number) = value, case .closed(let least, let greatest) = floats {
      return number >= least && number <= greatest
    }
    return switch comparison {
    case .less: value.compared(with: bound).isLess == true
    case .lessOrEqual: value.compared(with: bound).isLessOrEqual == true
    case .equal: value.isEqual(to: bound) == true
    case .greaterOrEqual: value.compared(with: bound).isGreaterOrEqual == true
    case .greater: value.compared(with: bound).isGreater == true
    }
  }

  /// The floats that satisfy it.
  var floats: Interval<Double> {
    let number: Double
    switch bound {
    case .float(let float): number = float
    case .integer(let integer):
      // Larger ones have no float of their own.
      guard integer.magnitude <= 1 << 53 else { return .unknown }
      number = Double(integer)
    default: return .nothing
    }
    if number.isNaN { return .nothing }
    switch comparison {
    case .less: return number == -.infinity ? .nothing : .closed(-.infinity, number.nextDown)
    case .lessOrEqual: return .closed(-.infinity, number)
    case .equal: return .closed(number, number)
    case .greaterOrEqual: return .closed(number, .infinity)
    case .greater: return number == .infinity ? .nothing : .closed(number.nextUp, .infinity)
    }
  }

  /// The integers that satisfy it.
  var integers: Interval<Int64> {
    switch bound {
    case .integer(let integer): integers(integer)
    case .float(let float): float.isNaN ? .nothing : integers(float)
    default: .nothing
    }
  }

  private func integers(_ bound: Int64) -> Interval<Int64> {
    switch comparison {
    case .less: bound == .min ? .nothing : .closed(.min, bound - 1)
    case .lessOrEqual: .closed(.min, bound)
    case .equal: .closed(bound, bound)
    case .greaterOrEqual: .closed(bound, .max)
    case .greater: bound == .max ? .nothing : .closed(bound + 1, .max)
    }
  }

  private func integers(_ bound: Double) -> Interval<Int64> {
    let isWhole = bound.rounded(.down) == bound
    switch comparison {
    case .less, .lessOrEqual:
      // Below a number with a fraction are those up to its whole part.
      let last = bound.rounded(.down)
      if last >= 0x1p63 { return .closed(.min, .max) }
      guard let whole = Int64(exactly: last) else { return .nothing }
      return comparison == .less && isWhole
        ? integers(whole) : .closed(.min, whole)
    case .equal:
      guard isWhole, let whole = Int64(exactly: bound) else { return .nothing }
      return .closed(whole, whole)
    case .greater, .greaterOrEqual:
      let first = bound.rounded(.up)
      if first < -0x1p63 { return .closed(.min, .max) }
      guard let whole = Int64(exactly: first) else { return .nothing }
      return comparison == .greater && isWhole
        ? integers(whole) : .closed(whole, .max)
    }
  }
}
