// What each aggregating function remembers, and how it ends. Nulls never reach these states, save
// for count(*).

import Base
import Glibc
import Planner

/// The state of one function.
enum AggregateState: Sendable {
  case countAll(Int64)
  case count(Int64)
  case sum(SumState)
  case average(SumState)
  case extreme(Value, isMaximum: Bool)
  case collect([Value])
  case deviation(DeviationState, isSample: Bool)
  case percentile(PercentileState)

  init(_ function: AggregateFunction) {
    switch function {
    case .countAll: self = .countAll(0)
    case .count: self = .count(0)
    case .sum: self = .sum(SumState("sum"))
    case .avg: self = .average(SumState("avg"))
    case .min: self = .extreme(.null, isMaximum: false)
    case .max: self = .extreme(.null, isMaximum: true)
    case .collect: self = .collect([])
    case .stDev: self = .deviation(DeviationState(), isSample: true)
    case .stDevP: self = .deviation(DeviationState(), isSample: false)
    case .percentileCont: self = .percentile(PercentileState(isContinuous: true))
    case .percentileDisc: self = .percentile(PercentileState(isContinuous: false))
    }
  }

  /// Null counts only for count(*).
  func ignores(_ value: Value) -> Bool {
    guard value.isNull else { return false }
    if case .countAll = self { return false }
    return true
  }

  /// Whether every value is kept until the end.
  var keepsValues: Bool {
    switch self {
    case .collect, .percentile: true
    default: false
    }
  }

  /// Distinct values in the order in which they came, where the state has them.
  var distinctValues: [Value]? {
    if case .collect(let values) = self { return values }
    return nil
  }

  /// The second argument, where the function has one and it was met.
  var second: Value {
    if case .percentile(let state) = self, let fraction = state.fraction {
      return .float(fraction)
    }
    return .null
  }

  mutating func add(_ value: Value, second: Value) throws {
    switch self {
    case .countAll(let count): self = .countAll(count + 1)
    case .count(let count): self = .count(count + 1)
    case .extreme(let best, let isMaximum):
      let order = value.order(against: best)
      if best.isNull || (isMaximum ? order > 0 : order < 0) {
        self = .extreme(value, isMaximum: isMaximum)
      }
    case .sum(var state):
      try state.add(value)
      self = .sum(state)
    case .average(var state):
      try state.add(value)
      self = .average(state)
    case .collect(var values):
      // The array must have one owner while it grows.
      self = .countAll(0)
      values.append(value)
      self = .collect(values)
    case .deviation(var state, let isSample):
      state.add(try number(value, "stDev"))
      self = .deviation(state, isSample: isSample)
    case .percentile(var state):
      self = .countAll(0)
      defer { self = .percentile(state) }
      try state.add(value, fraction: second)
    }
  }

  mutating func addRows(_ rows: Int) {
    if case .countAll(let count) = self { self = .countAll(count + Int64(rows)) }
  }

  mutating func merge(_ other: AggregateState) throws {
    switch (self, other) {
    case (.countAll(let mine), .countAll(let theirs)): self = .countAll(mine + theirs)
    case (.count(let mine), .count(let theirs)): self = .count(mine + theirs)
    case (.sum(var mine), .sum(let theirs)):
      try mine.merge(theirs)
      self = .sum(mine)
    case (.average(var mine), .average(let theirs)):
      try mine.merge(theirs)
      self = .average(mine)
    case (.extreme, .extreme(let theirs, _)):
      if !theirs.isNull { try add(theirs, second: .null) }
    case (.collect(let mine), .collect(let theirs)): self = .collect(mine + theirs)
    case (.deviation(var mine, let isSample), .deviation(let theirs, _)):
      mine.merge(theirs)
      self = .deviation(mine, isSample: isSample)
    case (.percentile(var mine), .percentile(let theirs)):
      mine.merge(theirs)
      self = .percentile(mine)
    default: preconditionFailure("only states of one function are merged")
    }
  }

  /// `tick` is called while many values are sorted, and may throw.
  func result(tick: () throws -> Void) throws -> Value {
    switch self {
    case .countAll(let count), .count(let count): .integer(count)
    case .sum(let state): try state.sum()
    case .average(let state): try state.average()
    case .extreme(let best, _): best
    case .collect(let values): .list(values)
    case .deviation(let state, let isSample): .float(state.deviation(isSample: isSample))
    case .percentile(let state): try state.result(tick: tick)
    }
  }
}

/// A number as a float; anything else is an error.
func number(_ value: Value, _ function: String) throws -> Double {
  switch value {
  case .integer(let number): return Double(number)
  case .float(let number): return number
  default:
    throw StemmaError.runtime(
      "TypeError", "InvalidArgumentType",
      "\(function)() takes numbers, not \(value.shortDescription)")
  }
}

/// Welford's running mean and sum of squares; merging is Chan's.
struct DeviationState: Sendable {
  private var count = 0.0
  private var mean = 0.0
  private var squares = 0.0

  mutating func add(_ value: Double) {
    count += 1
    let delta = value - mean
    mean += delta / count
    squares += delta * (value - mean)
  }

  mutating func merge(_ other: DeviationState) {
    guard other.count > 0 else { return }
    let total = count + other.count
    let delta = other.mean - mean
    squares += other.squares + delta * delta * count * other.count / total
    mean += delta * other.count / total
    count = total
  }

  /// 0 where there are too few values to deviate.
  func deviation(isSample: Bool) -> Double {
    let divisor = isSample ? count - 1 : count
    return divisor > 0 ? (squares / divisor).squareRoot() : 0
  }
}

/// All values, sorted at the end, and the fraction asked for.
struct PercentileState: Sendable {
  let isContinuous: Bool
  private var values: [Value] = []
  private(set) var fraction: Double?

  init(isContinuous: Bool) { self.isContinuous = isContinuous }

  private var name: String { isContinuous ? "percentileCont" : "percentileDisc" }

  mutating func add(_ value: Value, fraction wanted: Value) throws {
    _ = try number(value, name)
    if fraction == nil {
      let given = try number(wanted, name)
      guard given >= 0, given <= 1 else {
        throw StemmaError.runtime(
          "ArgumentError", "NumberOutOfRange",
          "the fraction of \(name)() lies between 0 and 1, \(Value.render(given)) does not")
      }
      fraction = given
    }
    values.append(value)
  }

  mutating func merge(_ other: PercentileState) {
    values += other.values
    fraction = fraction ?? other.fraction
  }

  func result(tick: () throws -> Void) throws -> Value {
    guard let fraction, !values.isEmpty else { return .null }
    let sorted = try values.sorted {
      try tick()
      return $0.order(against: $1) < 0
    }
    if !isContinuous {
      let place = Int((fraction * Double(sorted.count)).rounded(.up)) - 1
      return sorted[max(place, 0)]
    }
    let place = fraction * Double(sorted.count - 1)
    let lower = Int(place)
    let low = try number(sorted[lower], name)
    guard lower + 1 < sorted.count else { return .float(low) }
    let high = try number(sorted[lower + 1], name)
    let share = place - Double(lower)
    return .float(low * (1 - share) + high * share)
  }
}
