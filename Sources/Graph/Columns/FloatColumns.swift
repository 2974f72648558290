// Filter and sum in one pass over the floats of one range, or of three at once, where they lie in
// the file: nothing is written in between. Whoever makes one has looked whose rows these are.

import Base

/// Two columns of floats of one range: those to add up, and those that say of which rows.
struct FloatColumns: ~Escapable {
  private let values: RawSpan
  private let tested: RawSpan
  /// How many floats either has.
  private let count: Int
  /// What a float lies between whose row counts.
  private let least: Double
  private let greatest: Double

  @_lifetime(copy values, copy tested)
  init(values: RawSpan, tested: RawSpan, count: Int, least: Double, greatest: Double) {
    precondition(values.byteCount >= count * 8 && tested.byteCount >= count * 8)
    self.values = values
    self.tested = tested
    self.count = count
    self.least = least
    self.greatest = greatest
  }

  private typealias Test = (SIMD8<Double>) -> SIMDMask<SIMD8<Int64>>
  private static var width: Int { SelectionMask.width }

  /// The sum of the floats of all rows that count, and how many these are.
  func sum() -> (sum: Double, count: Int) {
    let low = SIMD8(repeating: least)
    let high = SIMD8(repeating: greatest)
    // A comparison with infinity says no more than the other one: NaN satisfies neither.
    if least == -.infinity { return sum { $0 .<= high } }
    if greatest == .infinity { return sum { $0 .>= low } }
    return sum { ($0 .>= low) .& ($0 .<= high) }
  }

  @inline(__always)
  private func sum(_ holds: Test) -> (sum: Double, count: Int) {
    var sums = SIMD8<Double>(repeating: 0)
    var kept = SIMD8<Int64>(repeating: 0)
    let whole = count / Self.width
    for index in 0..<whole { add(index, holds, to: &sums, &kept) }
    var sum = sums.sum()
    var selected = Int(kept.wrappedSum())
    for row in whole * Self.width..<count {
      let eight = SIMD8(repeating: Double(bitPattern: tested.little64(row * 8)))
      if SelectionMask.bits(holds(eight))[0] == 0 { continue }
      sum += Double(bitPattern: values.little64(row * 8))
      selected += 1
    }
    return (sum, selected)
  }

  /// The sums of this range and of two others that have the same bounds, and how many rows count
  /// in all of them. While one waits for memory, the others go on; the sums are those of each by
  /// itself. `nil` where they are not as long as each other and a multiple of eight.
  func sums(
    with second: FloatColumns, _ third: FloatColumns
  ) -> (sums: (Double, Double, Double), count: Int)? {
    guard count == second.count, count == third.count, count % Self.width == 0 else { return nil }
    let low = SIMD8(repeating: least)
    let high = SIMD8(repeating: greatest)
    if least == -.infinity { return sums(with: second, third) { $0 .<= high } }
    if greatest == .infinity { return sums(with: second, third) { $0 .>= low } }
    return sums(with: second, third) { ($0 .>= low) .& ($0 .<= high) }
  }

  @inline(__always)
  private func sums(
    with second: FloatColumns, _ third: FloatColumns, _ holds: Test
  ) -> (sums: (Double, Double, Double), count: Int) {
    var mine = SIMD8<Double>(repeating: 0)
    var seconds = SIMD8<Double>(repeating: 0)
    var thirds = SIMD8<Double>(repeating: 0)
    var kept = SIMD8<Int64>(repeating: 0)
    for index in 0..<count / Self.width {
      add(index, holds, to: &mine, &kept)
      second.add(index, holds, to: &seconds, &kept)
      third.add(index, holds, to: &thirds, &kept)
    }
    return ((mine.sum(), seconds.sum(), thirds.sum()), Int(kept.wrappedSum()))
  }

  /// Adds the n-th eight rows.
  @inline(__always)
  private func add(
    _ index: Int, _ holds: Test, to sums: inout SIMD8<Double>, _ kept: inout SIMD8<Int64>
  ) {
    let bits = SelectionMask.bits(holds(SelectionMask.eight(tested, index)))
    sums += SelectionMask.selected(values, index, bits)
    kept &-= bits
  }
}

extension ColumnSum {
  /// Adds the floats of a range, if there is one, and returns of how many rows.
  mutating func add(_ columns: FloatColumns?) -> Int {
    guard let columns else { return 0 }
    let found = columns.sum()
    add(found.sum, count: found.count)
    return found.count
  }

  /// Adds the floats of three ranges that are compared with the same bounds.
  mutating func add(
    _ first: FloatColumns, _ second: FloatColumns,
    _ third: FloatColumns
  ) -> Int {
    guard let (found, count) = first.sums(with: second, third) else {
      return add(first) + add(second) + add(third)
    }
    add(found.0, count: count)
    add(found.1, count: 0)
    add(found.2, count: 0)
    return count
  }
}
