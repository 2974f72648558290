// toInteger, toFloat, toBoolean, toString with their OrNull and List variants, valueType, size and
// isEmpty. Texts that say no value of the type give null; values of unfit types are errors.

import Base
import Planner

/// `nil` where the function is none of these. The argument is not null.
func callConversion(
  _ function: ScalarFunction, _ argument: Value, _ context: EvaluationContext
) throws -> Value? {
  switch function {
  case .toInteger: return try convert(function, argument, "a number or a string", toInteger)
  case .toFloat: return try convert(function, argument, "a number or a string", toFloat)
  case .toBoolean:
    return try convert(function, argument, "a boolean, an integer or a string", toBoolean)
  case .toString:
    return try convert(
      function, argument, "a string, number, boolean or temporal value", toString)
  case .toIntegerOrNull: return toInteger(argument) ?? .null
  case .toFloatOrNull: return toFloat(argument) ?? .null
  case .toBooleanOrNull: return toBoolean(argument) ?? .null
  case .toStringOrNull: return toString(argument) ?? .null
  case .toIntegerList: return try convert(list: argument, function, toInteger)
  case .toFloatList: return try convert(list: argument, function, toFloat)
  case .toBooleanList: return try convert(list: argument, function, toBoolean)
  case .toStringList: return try convert(list: argument, function, toString)
  case .valueType: return .text(argument.typeName)
  case .size: return .integer(Int64(try size(function, argument)))
  case .isEmpty: return .boolean(try size(function, argument) == 0)
  case .charLength, .characterLength:
    guard case .string(let text) = argument else {
      throw StemmaError.argument(function.rawValue, argument, wanted: "a string")
    }
    return .integer(Int64(text.codePointCount))
  default: return nil
  }
}

private func convert(
  _ function: ScalarFunction, _ argument: Value, _ wanted: String,
  _ conversion: (Value) -> Value?
) throws -> Value {
  if let result = conversion(argument) { return result }
  throw StemmaError.argument(function.rawValue, argument, wanted: wanted)
}

/// Elements that cannot be converted become null.
private func convert(
  list argument: Value, _ function: ScalarFunction, _ conversion: (Value) -> Value?
) throws -> Value {
  guard case .list(let elements) = argument else {
    throw StemmaError.argument(function.rawValue, argument, wanted: "a list")
  }
  return .list(elements.map { conversion($0) ?? .null })
}

/// `nil` where the type cannot be converted at all; null where this value cannot.
private func toInteger(_ value: Value) -> Value? {
  switch value {
  case .null, .integer: return value
  case .float(let number): return truncated(number)
  case .string(let text):
    let trimmed = trimmingSpaces(text.string)
    if let number = Int64(trimmed) { return .integer(number) }
    return decimal(trimmed).map { truncated($0) } ?? .null
  default: return nil
  }
}

private func truncated(_ number: Double) -> Value {
  let whole = number.rounded(.towardZero)
  return whole >= -0x1p63 && whole < 0x1p63 ? .integer(Int64(whole)) : .null
}

private func toFloat(_ value: Value) -> Value? {
  switch value {
  case .null, .float: value
  case .integer(let number): .float(Double(number))
  case .string(let text): decimal(trimmingSpaces(text.string)).map { .float($0) } ?? .null
  default: nil
  }
}

/// A decimal number as Cypher writes one; Swift also reads hexadecimal and `nan`, which are out.
private func decimal(_ text: String) -> Double? {
  let isPlain = text.utf8.allSatisfy { byte in
    (0x30...0x39).contains(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "+") || byte | 0x20 == UInt8(ascii: "e")
  }
  if isPlain { return Double(text) }
  switch Text(text) {
  case "NaN": return .nan
  case "Infinity": return .infinity
  case "-Infinity": return -.infinity
  default: return nil
  }
}

private func trimmingSpaces(_ text: String) -> String {
  String(trimmed(text, leading: true, trailing: true, isSpace))
}

private func toBoolean(_ value: Value) -> Value? {
  switch value {
  case .null, .boolean: return value
  case .integer(let number): return .boolean(number != 0)
  case .string(let text):
    switch Text(trimmingSpaces(text.string).lowercased()) {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    default: return .null
    }
  default: return nil
  }
}

private func toString(_ value: Value) -> Value? {
  switch value {
  case .null, .string: value
  case .boolean(let flag): .string(flag ? "true" : "false")
  case .integer(let number): .text(String(number))
  case .float(let number): .text(Value.render(number))
  default: value.temporalText.map { .text($0) }
  }
}

private func size(_ function: ScalarFunction, _ value: Value) throws -> Int {
  switch value {
  case .list(let elements): return elements.count
  case .string(let text): return text.codePointCount
  case .map(let map): return map.count
  case .bytes(let bytes): return bytes.count
  default:
    throw StemmaError.argument(function.rawValue, value, wanted: "a list or a string")
  }
}
