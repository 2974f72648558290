// Names and literals: where a token's bytes become a value.

import Base

extension Parser {
  /// A name of any kind, keywords included: labels, types, properties, aliases, parameters.
  mutating func parseName(_ expected: String) throws -> Name {
    guard kind == .identifier || kind == .quotedIdentifier else {
      throw unexpected(expected)
    }
    return takeName()
  }

  /// A variable where one is declared.
  mutating func parseVariable(_ expected: String) throws -> Name {
    try parseName(expected)
  }

  /// The current token, which is an identifier, as a name.
  mutating func takeName() -> Name {
    let current = token
    advance()
    guard current.kind == .quotedIdentifier else {
      return Name(source.slice(current.range), current.range)
    }
    return Name(unquoted(from: Int(current.start), to: Int(current.end)), current.range)
  }

  mutating func takeParameter() -> Name {
    let current = token
    advance()
    let start = Int(current.start) + 1
    if start < source.bytes.count, source.bytes[start] == UInt8(ascii: "`") {
      return Name(unquoted(from: start, to: Int(current.end)), current.range)
    }
    let range = SourceRange(start: UInt32(start), end: current.end)
    return Name(source.slice(range), current.range)
  }

  /// Without the backticks around and with doubled ones single.
  private func unquoted(from start: Int, to end: Int) -> Text {
    var result: [UInt8] = []
    var position = start + 1
    while position < end - 1 {
      let byte = source.bytes[position]
      result.append(byte)
      position += byte == UInt8(ascii: "`") ? 2 : 1
    }
    return Text(String(decoding: result, as: UTF8.self))
  }

  mutating func takeString() -> Text {
    let current = token
    advance()
    let inner = Int(current.start) + 1..<Int(current.end) - 1
    let quote = source.bytes[Int(current.start)]
    let isPlain = !source.bytes[inner].contains { $0 == UInt8(ascii: "\\") || $0 == quote }
    let bytes =
      isPlain
      ? Array(source.bytes[inner])
      : StringEscapes.decode(source.bytes, Int(current.start)..<Int(current.end))
    return Text(String(decoding: bytes, as: UTF8.self))
  }

  /// The current integer token, with the minus sign before it if there is one.
  mutating func takeInteger(isNegative: Bool = false) throws -> Int64 {
    let current = token
    var digits = source.bytes[Int(current.start)..<Int(current.end)].filter {
      $0 != UInt8(ascii: "_")
    }[...]
    var radix: UInt64 = 10
    if digits.count > 2, digits[0] == UInt8(ascii: "0"), digits[1] >= UInt8(ascii: "A") {
      radix = digits[1] | 0x20 == UInt8(ascii: "x") ? 16 : 8
      digits = digits.dropFirst(2)
    }
    var magnitude: UInt64 = 0
    let limit = UInt64(Int64.max) + (isNegative ? 1 : 0)
    for byte in digits {
      let digit = UInt64(byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x61 + 10)
      let (product, overflow) = magnitude.multipliedReportingOverflow(by: radix)
      let (sum, carry) = product.addingReportingOverflow(digit)
      guard !overflow, !carry, sum <= limit else {
        throw syntaxError(
          "this integer does not fit into 64 bits", at: current.range, detail: "IntegerOverflow",
          advice: "Integers lie between -2^63 and 2^63 - 1; write a float (1e20) or a string.")
      }
      magnitude = sum
    }
    advance()
    return isNegative ? Int64(truncatingIfNeeded: 0 &- magnitude) : Int64(magnitude)
  }

  mutating func takeFloat() throws -> Double {
    let current = token
    let digits = source.bytes[Int(current.start)..<Int(current.end)].filter {
      $0 != UInt8(ascii: "_")
    }
    guard let value = Double(String(decoding: digits, as: UTF8.self)), value.isFinite else {
      throw syntaxError(
        "this number is too large for a float", at: current.range,
        detail: "FloatingPointOverflow", advice: "Floats go up to about 1.8e308.")
    }
    advance()
    return value
  }

  /// A count or bound: a small integer that is not negative.
  mutating func takeBound() throws -> Int {
    let range = token.range
    let value = try takeInteger()
    guard value <= Int64(Int32.max) else {
      throw syntaxError(
        "this bound is too large", at: range, detail: "InvalidRelationshipPattern",
        advice: "Bounds go up to \(Int32.max); leave the upper one out for 'no bound'.")
    }
    return Int(value)
  }
}
