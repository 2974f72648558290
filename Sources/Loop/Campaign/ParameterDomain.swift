// The arithmetic of parameters: which values a domain allows, how far two values are apart, and
// their place on a unit scale for search. Pure.

import Base
import Glibc

extension Parameter.Domain {
  /// The value that a piece of TOML stands for, where the domain allows it.
  func value(of content: TOMLValue.Content) -> ParameterValue? {
    let value: ParameterValue
    switch (self, content) {
    case (.integer, .integer(let number)): value = .integer(number)
    case (.number, .integer(let number)): value = .number(Double(number))
    case (.number, .float(let number)): value = .number(number)
    case (.choice, .string(let text)): value = .choice(text)
    case (.boolean, .boolean(let flag)): value = .boolean(flag)
    default: return nil
    }
    return allows(value) ? value : nil
  }

  func allows(_ value: ParameterValue) -> Bool {
    switch (self, value) {
    case (.integer(let minimum, let maximum, _), .integer(let number)):
      (minimum...maximum).contains(number)
    case (.number(let minimum, let maximum, _), .number(let number)):
      number >= minimum && number <= maximum
    case (.choice(let choices), .choice(let text)):
      choices.contains { $0.utf8.elementsEqual(text.utf8) }
    case (.boolean, .boolean): true
    default: false
    }
  }

  /// For messages: `1 ... 6`, `cosine | linear`.
  var summary: String {
    switch self {
    case .integer(let minimum, let maximum, _): "\(minimum) ... \(maximum)"
    case .number(let minimum, let maximum, _): "\(minimum) ... \(maximum)"
    case .choice(let choices): choices.joined(separator: " | ")
    case .boolean: "true | false"
    }
  }

  /// The place of a numeric value in 0 ... 1, by the declared scale; `nil` for choices.
  func unitPosition(of value: ParameterValue) -> Double? {
    switch (self, value) {
    case (.integer(let minimum, let maximum, let isLogarithmic), .integer(let number)):
      position(Double(number), Double(minimum), Double(maximum), isLogarithmic)
    case (.number(let minimum, let maximum, let isLogarithmic), .number(let number)):
      position(number, minimum, maximum, isLogarithmic)
    default: nil
    }
  }

  private func position(
    _ value: Double, _ minimum: Double, _ maximum: Double, _ isLogarithmic: Bool
  ) -> Double {
    if isLogarithmic {
      return (log(value) - log(minimum)) / (log(maximum) - log(minimum))
    }
    return (value - minimum) / (maximum - minimum)
  }

  /// The value at a place in 0 ... 1, rounded as a person would write it; `nil` for choices.
  func value(atUnitPosition position: Double) -> ParameterValue? {
    let clamped = min(1, max(0, position))
    func scaled(_ minimum: Double, _ maximum: Double, _ isLogarithmic: Bool) -> Double {
      isLogarithmic
        ? exp(log(minimum) + clamped * (log(maximum) - log(minimum)))
        : minimum + clamped * (maximum - minimum)
    }
    switch self {
    case .integer(let minimum, let maximum, let isLogarithmic):
      let value = scaled(Double(minimum), Double(maximum), isLogarithmic).rounded()
      let whole = Int64(exactly: value) ?? minimum
      return .integer(min(maximum, max(minimum, whole)))
    case .number(let minimum, let maximum, let isLogarithmic):
      let value = Self.rounded(scaled(minimum, maximum, isLogarithmic))
      return .number(min(maximum, max(minimum, value)))
    case .choice, .boolean: return nil
    }
  }

  /// Three significant digits: a search has no use for more, and people read them.
  static func rounded(_ value: Double) -> Double {
    guard value != 0, value.isFinite else { return value }
    let exponent = floor(log10(abs(value))) - 2
    // Dividing by a whole power of ten keeps decimal fractions at their nearest double.
    if exponent < 0 {
      let factor = pow(10, -exponent)
      return (value * factor).rounded() / factor
    }
    let factor = pow(10, exponent)
    return (value / factor).rounded() * factor
  }

  /// 0 for equal values, 1 for opposite ends or different choices.
  func distance(_ left: ParameterValue, _ right: ParameterValue) -> Double {
    if let first = unitPosition(of: left), let second = unitPosition(of: right) {
      return abs(first - second)
    }
    return left == right ? 0 : 1
  }
}

extension EditableSurface {
  /// Every parameter as the source starts with it.
  var defaults: ValueMap {
    var values = ValueMap()
    for parameter in parameters { values[Text(parameter.name)] = parameter.initial.value }
    return values
  }
}
