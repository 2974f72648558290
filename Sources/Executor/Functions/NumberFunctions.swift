// Numeric and trigonometric functions. Arguments outside a function's domain give NaN, as in
// IEEE 754; abs of the smallest integer is an overflow.

import Base
import Glibc
import Planner

/// `nil` where the function is none of these. The argument is not null.
func callNumber(_ function: ScalarFunction, _ argument: Value) throws -> Value? {
  switch function {
  case .abs, .sign:
    if case .integer(let number) = argument {
      if function == .sign { return .integer(number.signum()) }
      guard number != .min else { throw StemmaError.integerOverflow("abs(\(number))") }
      return .integer(Swift.abs(number))
    }
    if function == .abs, case .duration(let duration) = argument {
      return .duration(duration < .zero ? try duration.negated() : duration)
    }
    let number = try float(function, argument)
    if function == .abs { return .float(number.magnitude) }
    return .integer(number > 0 ? 1 : number < 0 ? -1 : 0)
  case .ceil: return .float(try float(function, argument).rounded(.up))
  case .floor: return .float(try float(function, argument).rounded(.down))
  case .round: return .float(roundHalfUp(try float(function, argument)))
  case .isNaN: return .boolean(try float(function, argument).isNaN)
  default:
    guard let compute = function.ofOneFloat else { return nil }
    return .float(compute(try float(function, argument)))
  }
}

/// A number as a float; anything else is an error.
func float(_ function: ScalarFunction, _ value: Value) throws -> Double {
  switch value {
  case .integer(let number): return Double(number)
  case .float(let number): return number
  default:
    throw StemmaError.runtime(
      "TypeError", "InvalidArgumentType",
      "\(function.rawValue)() takes a number, not \(value.shortDescription)")
  }
}

func arcTangent(_ y: Value, _ x: Value) throws -> Value {
  .float(atan2(try float(.atan2, y), try float(.atan2, x)))
}

/// To the nearest whole number; ties go up.
private func roundHalfUp(_ number: Double) -> Double {
  let down = number.rounded(.down)
  return number - down >= 0.5 ? down + 1 : down
}

/// `round(number, digits, mode)`.
func round(_ number: Value, digits: Value, mode: Value) throws -> Value {
  let value = try float(.round, number)
  guard case .integer(let count) = digits, (0...300).contains(count) else {
    throw StemmaError.argument("round", digits, wanted: "from 0 to 300 digits")
  }
  guard case .string(let name) = mode, let rule = RoundingRule(name) else {
    throw StemmaError.argument(
      "round", mode, wanted: "a mode such as 'HALF_UP', 'HALF_EVEN', 'UP', 'CEILING'")
  }
  let scale = pow(10, Double(count))
  let scaled = value * scale
  guard scaled.isFinite else { return .float(value) }
  return .float(rule.round(scaled, nearOf: value, digits: Int(count)) / scale)
}

/// The rounding modes by the names that Neo4j gives them.
private enum RoundingRule {
  case up, down, ceiling, floor, halfUp, halfDown, halfEven

  init?(_ name: Text) {
    switch Text(name.string.uppercased()) {
    case "UP": self = .up
    case "DOWN": self = .down
    case "CEILING": self = .ceiling
    case "FLOOR": self = .floor
    case "HALF_UP": self = .halfUp
    case "HALF_DOWN": self = .halfDown
    case "HALF_EVEN": self = .halfEven
    default: return nil
    }
  }

  /// Rounds `scaled`. A number whose shortest decimal text has no more than `digits` decimals is
  /// already round: scaling must not make 1.005 of it, nor 0.30000000000000004.
  func round(_ scaled: Double, nearOf value: Double, digits: Int) -> Double {
    let nearest = scaled.rounded()
    let isRound = nearest / pow(10, Double(digits)) == value
    if isRound { return nearest }
    switch self {
    case .up: return scaled.rounded(.awayFromZero)
    case .down: return scaled.rounded(.towardZero)
    case .ceiling: return scaled.rounded(.up)
    case .floor: return scaled.rounded(.down)
    case .halfUp: return scaled.rounded(.toNearestOrAwayFromZero)
    case .halfEven: return scaled.rounded(.toNearestOrEven)
    case .halfDown:
      let down = scaled.rounded(.towardZero)
      return (scaled - down).magnitude > 0.5 ? scaled.rounded(.awayFromZero) : down
    }
  }
}

extension ScalarFunction {
  /// Functions from a float to a float.
  fileprivate var ofOneFloat: ((Double) -> Double)? {
    switch self {
    case .exp: { Glibc.exp($0) }
    case .log: { Glibc.log($0) }
    case .log10: { Glibc.log10($0) }
    case .sqrt: { $0.squareRoot() }
    case .sin: { Glibc.sin($0) }
    case .cos: { Glibc.cos($0) }
    case .tan: { Glibc.tan($0) }
    case .cot: { 1 / Glibc.tan($0) }
    case .asin: { Glibc.asin($0) }
    case .acos: { Glibc.acos($0) }
    case .atan: { Glibc.atan($0) }
    case .degrees: { $0 * 180 / .pi }
    case .radians: { $0 * .pi / 180 }
    case .haversin: { (1 - Glibc.cos($0)) / 2 }
    default: nil
    }
  }
}
