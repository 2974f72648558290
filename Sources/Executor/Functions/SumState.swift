// Sums of numbers and durations. Integers are summed exactly in 128 bits and must fit 64 at the
// end; floats are summed with Neumaier's compensation, so that the order of rows hardly matters.

import Base
import Graph

/// A running sum, of numbers or of durations.
struct SumState: Sendable {
  private let function: StaticString
  private var count: Int64 = 0
  private var integers: Int128 = 0
  private var floats = CompensatedSum()
  private var hasFloats = false
  private var months: Int128 = 0
  private var days: Int128 = 0
  private var nanoseconds: Int128 = 0
  private var hasDurations = false

  init(_ function: StaticString) { self.function = function }

  mutating func add(_ value: Value) throws {
    switch value {
    case .integer(let number): integers += Int128(number)
    case .float(let number): add(number)
    case .duration(let duration):
      months += Int128(duration.months)
      days += Int128(duration.days)
      nanoseconds += duration.totalNanoseconds
      hasDurations = true
    default:
      throw StemmaError.runtime(
        "TypeError", "InvalidArgumentType",
        "\(function)() takes numbers or durations, not \(value.shortDescription)")
    }
    count += 1
    try checkKinds()
  }

  @inline(__always)
  mutating func addUnlessNull(_ value: Value) throws {
    switch value {
    case .null: return
    case .integer(let number) where !hasDurations:
      integers += Int128(number)
      count += 1
    case .float(let number) where !hasDurations:
      add(number)
      count += 1
    default: try add(value)
    }
  }

  private mutating func add(_ number: Double) {
    floats.add(number)
    hasFloats = true
  }

  /// Sums of durations and numbers do not mix.
  private func checkKinds() throws {
    if hasDurations, hasFloats || integers != 0 {
      throw StemmaError.runtime(
        "TypeError", "InvalidArgumentType", "\(function)() cannot mix numbers and durations")
    }
  }

  /// The selected rows that are not null.
  mutating func add(integers column: Column, _ batch: Batch) {
    var total: Int128 = 0
    var added: Int64 = 0
    let (numbers, nulls) = (column.integers, column.nulls)
    batch.forEachSelected { row in
      if nulls.isEmpty || !nulls[row] {
        total += Int128(numbers[row])
        added += 1
      }
    }
    integers += total
    count += added
  }

  mutating func add(floats column: Column, _ batch: Batch) {
    var added: Int64 = 0
    var sum = floats
    let (numbers, nulls) = (column.floats, column.nulls)
    batch.forEachSelected { row in
      if nulls.isEmpty || !nulls[row] {
        sum.add(numbers[row])
        added += 1
      }
    }
    floats = sum
    hasFloats = hasFloats || added > 0
    count += added
  }

  /// Takes what was added up elsewhere.
  mutating func add(count added: Int64, integers total: Int128?, floats sum: CompensatedSum?) {
    count += added
    if let total { integers += total }
    if let sum {
      floats.add(sum)
      hasFloats = true
    }
  }

  mutating func merge(_ other: SumState) throws {
    count += other.count
    integers += other.integers
    floats.add(other.floats)
    hasFloats = hasFloats || other.hasFloats
    months += other.months
    days += other.days
    nanoseconds += other.nanoseconds
    hasDurations = hasDurations || other.hasDurations
    try checkKinds()
  }

  func sum() throws -> Value {
    if hasDurations {
      return .duration(
        try CalendarDuration(months: months, days: days, nanoseconds: nanoseconds))
    }
    if hasFloats { return .float(floats.value + Double(integers)) }
    guard let total = Int64(exactly: integers) else {
      throw StemmaError.integerOverflow("\(function)()")
    }
    return .integer(total)
  }

  /// Null of nothing.
  func average() throws -> Value {
    guard count > 0 else { return .null }
    if hasDurations {
      let total = try CalendarDuration(months: months, days: days, nanoseconds: nanoseconds)
      return .duration(try total.divided(by: Double(count)))
    }
    return .float((floats.value + Double(integers)) / Double(count))
  }
}

/// A sum of floats with the error of the additions kept beside it (A. Neumaier, "Rundungsfehler-
/// analyse einiger Verfahren zur Summation endlicher Summen", 1974).
struct CompensatedSum: Sendable {
  private var sum: Double
  private var correction: Double

  init(_ sum: Double = 0, correction: Double = 0) {
    self.sum = sum
    self.correction = correction
  }

  @inline(__always)
  mutating func add(_ number: Double) {
    let total = sum + number
    if sum.magnitude >= number.magnitude {
      correction += (sum - total) + number
    } else {
      correction += (number - total) + sum
    }
    sum = total
  }

  mutating func add(_ other: CompensatedSum) {
    add(other.sum)
    correction += other.correction
  }

  /// Infinities and NaN have no correction.
  var value: Double { correction.isFinite ? sum + correction : sum }
}
