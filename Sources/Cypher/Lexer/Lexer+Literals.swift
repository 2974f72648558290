// Numbers and strings: where they end and whether they are well formed. What they are worth is
// read by the parser, since a minus sign before the largest integer belongs to it.

extension Lexer {
  mutating func lexNumber() {
    let start = position
    var kind = TokenKind.integer
    if peek() == UInt8(ascii: "0"), peek(1) | 0x20 == UInt8(ascii: "x") {
      position += 2
      skipDigits(Lexer.isHexadecimalDigit)
      return finishNumber(.integer, start: start, minimumLength: 3)
    }
    if peek() == UInt8(ascii: "0"), peek(1) | 0x20 == UInt8(ascii: "o") {
      position += 2
      skipDigits { $0 >= 0x30 && $0 <= 0x37 }
      return finishNumber(.integer, start: start, minimumLength: 3)
    }
    skipDigits(Lexer.isDecimalDigit)
    if peek() == UInt8(ascii: "."), isDigit(peek(1)) {
      kind = .float
      position += 1
      skipDigits(Lexer.isDecimalDigit)
    }
    if peek() | 0x20 == UInt8(ascii: "e") {
      let sign = peek(1) == UInt8(ascii: "-") || peek(1) == UInt8(ascii: "+") ? 1 : 0
      if isDigit(peek(1 + sign)) {
        kind = .float
        position += 1 + sign
        skipDigits(Lexer.isDecimalDigit)
      }
    }
    finishNumber(kind, start: start, minimumLength: 1)
  }

  private mutating func skipDigits(_ isDigit: (UInt8) -> Bool) {
    while position < bytes.count {
      let byte = bytes[position]
      if isDigit(byte) {
        position += 1
      } else if byte == UInt8(ascii: "_"), position + 1 < bytes.count,
        isDigit(bytes[position + 1])
      {
        position += 2
      } else {
        return
      }
    }
  }

  /// A letter right after a number spoils it.
  private mutating func finishNumber(_ kind: TokenKind, start: Int, minimumLength: Int) {
    let suffix = peek() | 0x20
    if kind == .float, suffix == UInt8(ascii: "f") || suffix == UInt8(ascii: "d"),
      !isNamePart(peek(1))
    {
      tokens.append(Token(.float, start: start, end: position))
      position += 1
      return
    }
    let runsOn =
      peek() >= 0x80
      ? decodeScalar(at: position).0?.properties.isXIDContinue ?? false : isNamePart(peek())
    if runsOn || position - start < minimumLength {
      var end = position
      while end < bytes.count, isNamePart(bytes[end]) { end += 1 }
      return fail(
        "InvalidNumberLiteral",
        "'\(shown(start, end))' is not a number", from: start, to: end,
        advice: numberAdvice(start))
    }
    tokens.append(Token(kind, start: start, end: position))
  }

  private func numberAdvice(_ start: Int) -> String {
    if bytes[start] == UInt8(ascii: "0"), start + 1 < bytes.count {
      if bytes[start + 1] | 0x20 == UInt8(ascii: "x") {
        return "After 0x stand hexadecimal digits: 0x1F."
      }
      if bytes[start + 1] | 0x20 == UInt8(ascii: "o") {
        return "After 0o stand digits from 0 to 7: 0o17."
      }
    }
    return "A name that starts with a digit stands in backticks."
  }

  static func isDecimalDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  static func isHexadecimalDigit(_ byte: UInt8) -> Bool {
    isDecimalDigit(byte) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66)
  }

  /// A short piece of the text for a message.
  func shown(_ start: Int, _ end: Int) -> String {
    let last = min(end, start + 40)
    return String(decoding: bytes[start..<last], as: UTF8.self) + (last < end ? "..." : "")
  }

  // MARK: Strings

  mutating func lexString(quote: UInt8) {
    let start = position
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      if byte == quote {
        if peek(1) == quote {
          position += 2
          continue
        }
        position += 1
        tokens.append(Token(.string, start: start, end: position))
        return
      }
      if byte == UInt8(ascii: "\\") {
        checkEscape()
        if failure != nil { return }
      } else {
        position += 1
      }
    }
    fail(
      "UnexpectedSyntax", "this string is never closed", from: start, to: start + 1,
      advice: "Close it with \(Unicode.Scalar(quote)); put a backslash before a quote inside it.")
  }

  private mutating func checkEscape() {
    let start = position
    switch peek(1) {
    case UInt8(ascii: "u"), UInt8(ascii: "U"):
      guard let escape = StringEscapes.unicode(bytes, at: position) else {
        return fail(
          "InvalidUnicodeLiteral", "this Unicode escape is not a character", from: start,
          to: min(start + 6, bytes.count),
          advice: "Write \\u with four hexadecimal digits, or \\U with eight.")
      }
      position += escape.length
    case let byte where StringEscapes.simple(byte) != nil:
      position += 2
    default:
      fail(
        "UnexpectedSyntax", "this escape is not known", from: start,
        to: min(start + 2, bytes.count),
        advice: "Known are \\\\ \\' \\\" \\b \\f \\n \\r \\t \\uXXXX; a backslash is \\\\.")
    }
  }
}
