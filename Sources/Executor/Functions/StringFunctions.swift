// String functions. Positions and lengths count Unicode code points; searching compares bytes.

import Base
import Planner

/// `nil` where the function is none of these. The argument is not null.
func callString(
  _ function: ScalarFunction, _ argument: Value, _ context: EvaluationContext
) throws -> Value? {
  switch function {
  case .toLower, .lower:
    let text = try requiredText(function, argument)
    if text.utf8Count <= EvaluationLimits.largeString { return .text(text.string.lowercased()) }
    return .string(
      try mapScalars(text, context) {
        for mapped in $0.properties.lowercaseMapping.unicodeScalars { $1.append(mapped) }
      })
  case .toUpper, .upper:
    let text = try requiredText(function, argument)
    if text.utf8Count <= EvaluationLimits.largeString { return .text(text.string.uppercased()) }
    return .string(
      try mapScalars(text, context) {
        for mapped in $0.properties.uppercaseMapping.unicodeScalars { $1.append(mapped) }
      })
  case .trim, .btrim: return try trim(function, argument, true, true, isSpace)
  case .ltrim: return try trim(function, argument, true, false, isSpace)
  case .rtrim: return try trim(function, argument, false, true, isSpace)
  case .normalize: return try normalize(requiredText(function, argument), form: "NFC")
  default: return nil
  }
}

/// `nil` where the function is none of these. The arguments are not null.
func callString(
  _ function: ScalarFunction, _ first: Value, _ second: Value, _ context: EvaluationContext
) throws -> Value? {
  switch function {
  case .substring: return try substring(first, from: second, count: nil)
  case .left:
    let count = try count(function, second)
    return .text(String(try requiredText(function, first).string.unicodeScalars.prefix(count)))
  case .right:
    let count = try count(function, second)
    return .text(String(try requiredText(function, first).string.unicodeScalars.suffix(count)))
  case .split: return try split(requiredText(function, first), second, context)
  case .trim, .btrim, .ltrim, .rtrim:
    let unwanted = Set(try requiredText(function, second).string.unicodeScalars)
    return try trim(function, first, function != .rtrim, function != .ltrim) {
      unwanted.contains($0)
    }
  case .normalize:
    return try normalize(requiredText(function, first), form: requiredText(function, second).string)
  default: return nil
  }
}

/// Builds a text from the code points of another, asking now and then whether to stop. `add`
/// appends one code point at a time: appending a view moves all that is there already.
func mapScalars(
  _ text: Text, reversed: Bool = false, _ context: EvaluationContext,
  _ add: (Unicode.Scalar, inout String.UnicodeScalarView) -> Void
) throws -> Text {
  var result = String.UnicodeScalarView()
  let scalars = text.string.unicodeScalars
  var done = 0
  func step(_ scalar: Unicode.Scalar) throws {
    add(scalar, &result)
    done += 1
    if done % EvaluationLimits.largeString == 0 { try context.checkString(done) }
  }
  if reversed {
    for scalar in scalars.reversed() { try step(scalar) }
  } else {
    for scalar in scalars { try step(scalar) }
  }
  return Text(String(result))
}

private func requiredText(_ function: ScalarFunction, _ value: Value) throws -> Text {
  guard case .string(let text) = value else {
    throw StemmaError.type(
      "\(function.rawValue)() takes a string, not \(value.shortDescription)",
      advice: "convert with toString()")
  }
  return text
}

/// A number of code points: not negative, cut to what a string can have.
private func count(_ function: ScalarFunction, _ value: Value) throws -> Int {
  guard case .integer(let number) = value else {
    throw StemmaError.type(
      "\(function.rawValue)() counts with integers, not \(value.shortDescription)")
  }
  guard number >= 0 else {
    throw StemmaError.runtime(
      "ArgumentError", "NegativeIntegerArgument",
      "\(function.rawValue)() cannot count \(number) code points")
  }
  return Int(min(number, Int64(Int32.max)))
}

func substring(_ value: Value, from start: Value, count length: Value?) throws -> Value {
  let skipped = try count(.substring, start)
  let wanted = try length.map { try count(.substring, $0) }
  let rest = try requiredText(.substring, value).string.unicodeScalars.dropFirst(skipped)
  return .text(String(wanted.map { rest.prefix($0) } ?? rest))
}

/// The parts between separators; without a separator every code point is a part.
private func split(
  _ text: Text, _ separator: Value, _ context: EvaluationContext
) throws -> Value {
  let between = try requiredText(.split, separator)
  if between.isEmpty {
    var parts: [Value] = []
    for scalar in text.string.unicodeScalars {
      parts.append(.text(String(scalar)))
      if parts.count % EvaluationLimits.largeList == 0 { try context.checkList(parts.count) }
    }
    return .list(parts)
  }
  let bytes = Array(text.string.utf8)
  var parts: [Value] = []
  var start = 0
  for place in try places(of: between, in: text, context) {
    if parts.count % EvaluationLimits.largeList == 0 { try context.checkList(parts.count) }
    parts.append(.text(String(decoding: bytes[start..<place], as: UTF8.self)))
    start = place + between.utf8Count
  }
  parts.append(.text(String(decoding: bytes[start...], as: UTF8.self)))
  return .list(parts)
}

/// Where a part that is not empty occurs, from left to right, without overlaps; byte offsets.
private func places(
  of part: Text, in text: Text, _ context: EvaluationContext
) throws -> [Int] {
  try text.withUTF8Span { all in
    try part.withUTF8Span { wanted in
      var places: [Int] = []
      var start = 0
      while let place = firstPlace(of: wanted, in: all, from: start) {
        places.append(place)
        if places.count % EvaluationLimits.largeList == 0 { try context.checkpoint() }
        start = place + wanted.count
      }
      return places
    }
  }
}

func replace(
  _ value: Value, _ search: Value, _ replacement: Value, _ context: EvaluationContext
) throws -> Value {
  let original = try requiredText(.replace, value)
  let wanted = try requiredText(.replace, search)
  let new = try requiredText(.replace, replacement)
  if wanted.isEmpty { return value }
  let found = try places(of: wanted, in: original, context)
  let size =
    original.utf8Count + found.count * (new.utf8Count - wanted.utf8Count)
  try context.checkString(size)
  try context.hold(bytes: size)
  let bytes = Array(original.string.utf8)
  var result: [UInt8] = []
  result.reserveCapacity(size)
  var start = 0
  for (number, place) in found.enumerated() {
    if number % EvaluationLimits.largeList == 0 { try context.checkpoint() }
    result += bytes[start..<place]
    result += new.string.utf8
    start = place + wanted.utf8Count
  }
  result += bytes[start...]
  return .text(String(decoding: result, as: UTF8.self))
}

func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }

private func trim(
  _ function: ScalarFunction, _ value: Value, _ leading: Bool, _ trailing: Bool,
  _ isUnwanted: (Unicode.Scalar) -> Bool
) throws -> Value {
  let all = try requiredText(function, value).string
  return .text(
    String(trimmed(all, leading: leading, trailing: trailing, isUnwanted)))
}

/// The text without unwanted code points at its ends.
func trimmed(
  _ text: String, leading: Bool, trailing: Bool, _ isUnwanted: (Unicode.Scalar) -> Bool
) -> Substring {
  let scalars = text.unicodeScalars
  var start = scalars.startIndex
  var end = scalars.endIndex
  while leading, start < end, isUnwanted(scalars[start]) { start = scalars.index(after: start) }
  while trailing, start < end {
    let before = scalars.index(before: end)
    guard isUnwanted(scalars[before]) else { break }
    end = before
  }
  return text[start..<end]
}

/// `normalize(string[, form])`: Unicode's forms C and D.
private func normalize(_ text: Text, form: String) throws -> Value {
  if text.string.utf8.allSatisfy({ $0 < 0x80 }) { return .string(text) }
  switch Text(form) {
  case "NFC": return .string(text.inNormalFormC)
  case "NFD": return .string(text.inNormalFormD)
  default:
    throw StemmaError.runtime(
      "ArgumentError", "InvalidArgumentValue", "normalize() knows the forms 'NFC' and 'NFD'")
  }
}

/// A random UUID of version 4 (RFC 9562).
func randomUUID(_ surroundings: Surroundings) -> Text {
  let high = surroundings.random() & ~0xF000 | 0x4000
  let low = surroundings.random() & ~(0b11 << 62) | (0b10 << 62)
  let digits = Array("0123456789abcdef".unicodeScalars)
  var text = ""
  for index in 0..<32 {
    if index == 8 || index == 12 || index == 16 || index == 20 { text += "-" }
    let half = index < 16 ? high : low
    let nibble = half >> UInt64(60 - index % 16 * 4) & 15
    text.unicodeScalars.append(digits[Int(nibble)])
  }
  return Text(text)
}
