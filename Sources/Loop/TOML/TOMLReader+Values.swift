// The values of TOML: numbers, booleans, dates, arrays and inline tables. Structure (tables, keys)
// is in `TOMLReader.swift`, strings are in `TOMLReader+Strings.swift`.

import Base

extension TOMLReader {
  mutating func value() throws -> TOMLValue {
    let start = place
    nesting += 1
    defer { nesting -= 1 }
    guard nesting <= Self.nestingLimit else {
      throw failure("values are nested deeper than \(Self.nestingLimit) levels")
    }
    let content: TOMLValue.Content
    switch next {
    case "\"", "'": content = .string(try string())
    case "[": content = .array(try array())
    case "{": content = .table(try inlineTable())
    case nil, "\n", "#", "\r": throw failure("a value is missing after '='")
    default: content = try bare()
    }
    return TOMLValue(content: content, place: span(from: start))
  }

  mutating func array() throws -> [TOMLValue] {
    advance()
    var elements: [TOMLValue] = []
    while true {
      try skipBlankLines()
      if next == "]" { break }
      guard next != nil else { throw failure("this array needs a closing ']'") }
      elements.append(try value())
      try skipBlankLines()
      if next == "," {
        advance()
      } else if next != "]" {
        throw failure("expected ',' or ']' in the array")
      }
    }
    advance()
    return elements
  }

  mutating func inlineTable() throws -> TOMLTable {
    let table = TOMLTable(origin: .dotted, place: place)
    advance()
    skipBlanks()
    var isFirst = true
    while next != "}" {
      if !isFirst {
        guard next == "," else { throw failure("expected ',' or '}' in the inline table") }
        advance()
        skipBlanks()
      }
      isFirst = false
      try keyValue(into: table)
      skipBlanks()
    }
    advance()
    seal(table)
    return table
  }

  /// After its closing brace nothing may be added to an inline table or the tables inside.
  private func seal(_ table: TOMLTable) {
    table.origin = .inline
    for entry in table.entries {
      if case .table(let inner) = entry.value.content { seal(inner) }
    }
  }

  /// A value that is neither quoted nor bracketed: the longest run of characters that could be one.
  mutating func bare() throws -> TOMLValue.Content {
    let start = place
    var text = ""
    while let scalar = next,
      Self.isBareValue(scalar) || Self.joinsDateAndTime(text, scalar, peek(1))
    {
      text.unicodeScalars.append(scalar)
      advance()
    }
    let whole = span(from: start)
    switch text {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "inf", "+inf": return .float(.infinity)
    case "-inf": return .float(-.infinity)
    case "nan", "+nan", "-nan": return .float(.nan)
    default: break
    }
    if Self.looksLikeDate(text) { return .dateTime(text) }
    if let number = try number(text, at: whole) { return number }
    let shown = text.isEmpty ? next.map { "'\($0)'" } ?? "nothing" : "'\(text)'"
    throw failure(
      "\(shown) is not a value", at: whole, advice: "Texts need quotes: key = \"\(text)\".")
  }

  static func isBareValue(_ scalar: Unicode.Scalar) -> Bool {
    isBareKey(scalar) || scalar == "+" || scalar == "." || scalar == ":"
  }

  /// A single space may stand between a date and a time.
  static func joinsDateAndTime(
    _ text: String, _ scalar: Unicode.Scalar, _ following: Unicode.Scalar?
  ) -> Bool {
    guard scalar == " ", text.utf8.count == 10, looksLikeDate(text), let following else {
      return false
    }
    return ("0"..."9").contains(following)
  }

  /// Dates start with `dddd-`, times with `dd:`; a campaign has no use for them, so the rest is not
  /// checked here but refused by whoever expected another kind of value.
  static func looksLikeDate(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    func isDigits(_ count: Int) -> Bool {
      bytes.count > count && bytes[0..<count].allSatisfy { (48...57).contains($0) }
    }
    return (isDigits(4) && bytes[4] == 45) || (isDigits(2) && bytes[2] == 58)
  }

  private func number(_ text: String, at whole: TOMLPlace) throws -> TOMLValue.Content? {
    let bytes = Array(text.utf8)
    guard let digits = Self.withoutSeparators(bytes), !digits.isEmpty else { return nil }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where text.hasPrefix(prefix) {
      let body = String(decoding: digits.dropFirst(2), as: UTF8.self)
      guard !body.isEmpty, let first = body.utf8.first, first != 43, first != 45 else { return nil }
      guard let value = Int64(body, radix: radix) else {
        throw failure("\(text) does not fit in 64 bits", at: whole)
      }
      return .integer(value)
    }
    let unsigned = digits.first == 43 || digits.first == 45 ? digits.dropFirst() : digits[...]
    guard let first = unsigned.first, (48...57).contains(first) else { return nil }
    let isZeroLed =
      unsigned.count > 1 && first == 48 && (48...57).contains(unsigned[unsigned.startIndex + 1])
    guard !isZeroLed else {
      throw failure("a number may not start with 0", at: whole)
    }
    let plain = String(decoding: digits, as: UTF8.self)
    if unsigned.allSatisfy({ (48...57).contains($0) }) {
      guard let value = Int64(plain) else {
        throw failure("\(text) does not fit in 64 bits", at: whole)
      }
      return .integer(value)
    }
    guard Self.isFloat(unsigned), let value = Double(plain) else { return nil }
    guard value.isFinite else { throw failure("\(text) is too large for a number", at: whole) }
    return .float(value)
  }

  /// Underscores are allowed between digits only.
  static func withoutSeparators(_ bytes: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      guard byte == 95 else {
        result.append(byte)
        continue
      }
      guard index > 0, index + 1 < bytes.count, isHexDigit(bytes[index - 1]),
        isHexDigit(bytes[index + 1])
      else { return nil }
    }
    return result
  }

  static func isHexDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
  }

  /// digits [ "." digits ] [ ("e" | "E") [sign] digits ]
  static func isFloat(_ bytes: ArraySlice<UInt8>) -> Bool {
    var index = bytes.startIndex
    func digits() -> Bool {
      let start = index
      while index < bytes.endIndex, (48...57).contains(bytes[index]) { index += 1 }
      return index > start
    }
    guard digits() else { return false }
    if index < bytes.endIndex, bytes[index] == 46 {
      index += 1
      guard digits() else { return false }
    }
    if index < bytes.endIndex, bytes[index] | 32 == 101 {
      index += 1
      if index < bytes.endIndex, bytes[index] == 43 || bytes[index] == 45 { index += 1 }
      guard digits() else { return false }
    }
    return index == bytes.endIndex
  }
}
