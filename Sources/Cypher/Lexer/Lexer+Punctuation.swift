// Operators and brackets, and the classes of characters.

extension Lexer {
  mutating func lexPunctuation(_ byte: UInt8) {
    let next = peek(1)
    func two(_ character: Unicode.Scalar) -> Bool { next == UInt8(ascii: character) }
    let (kind, length): (TokenKind, Int)
    switch byte {
    case UInt8(ascii: "("): (kind, length) = (.leftParenthesis, 1)
    case UInt8(ascii: ")"): (kind, length) = (.rightParenthesis, 1)
    case UInt8(ascii: "["): (kind, length) = (.leftBracket, 1)
    case UInt8(ascii: "]"): (kind, length) = (.rightBracket, 1)
    case UInt8(ascii: "{"): (kind, length) = (.leftBrace, 1)
    case UInt8(ascii: "}"): (kind, length) = (.rightBrace, 1)
    case UInt8(ascii: ","): (kind, length) = (.comma, 1)
    case UInt8(ascii: ";"): (kind, length) = (.semicolon, 1)
    case UInt8(ascii: "-"): (kind, length) = (.minus, 1)
    case UInt8(ascii: "*"): (kind, length) = (.star, 1)
    case UInt8(ascii: "/"): (kind, length) = (.slash, 1)
    case UInt8(ascii: "%"): (kind, length) = (.percent, 1)
    case UInt8(ascii: "^"): (kind, length) = (.caret, 1)
    case UInt8(ascii: "&"): (kind, length) = (.ampersand, 1)
    case UInt8(ascii: "."): (kind, length) = two(".") ? (.dotDot, 2) : (.dot, 1)
    case UInt8(ascii: ":"): (kind, length) = two(":") ? (.doubleColon, 2) : (.colon, 1)
    case UInt8(ascii: "|"): (kind, length) = two("|") ? (.doubleBar, 2) : (.bar, 1)
    case UInt8(ascii: "+"): (kind, length) = two("=") ? (.plusEqual, 2) : (.plus, 1)
    case UInt8(ascii: "!"): (kind, length) = two("=") ? (.exclamationEqual, 2) : (.exclamation, 1)
    case UInt8(ascii: ">"): (kind, length) = two("=") ? (.greaterOrEqual, 2) : (.greater, 1)
    case UInt8(ascii: "<"):
      (kind, length) = two("=") ? (.lessOrEqual, 2) : two(">") ? (.notEqual, 2) : (.less, 1)
    case UInt8(ascii: "="):
      (kind, length) =
        two("=")
        ? (.doubleEqual, 2)
        : two("~")
          ? (.tildeEqual, 2)
          : two(">") ? (.arrow, 2) : (.equal, 1)
    default:
      return failAtCharacter(byte)
    }
    tokens.append(Token(kind, start: position, end: position + length))
    position += length
  }

  private mutating func failAtCharacter(_ byte: UInt8) {
    let shown =
      byte > 0x20 && byte < 0x7F
      ? "'\(Unicode.Scalar(byte))'" : "number \(byte)"
    let advice: String? =
      switch byte {
      case UInt8(ascii: "#"): "Comments start with //."
      case UInt8(ascii: "\\"): "A backslash has a meaning inside strings only."
      case UInt8(ascii: "?"): "Write parameters as $name."
      default: nil
      }
    fail(
      "UnexpectedSyntax", "the character \(shown) has no meaning here", from: position,
      to: position + 1, advice: advice)
  }

  func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  func isNamePart(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return (lower >= 0x61 && lower <= 0x7A) || isDigit(byte) || byte == UInt8(ascii: "_")
  }

  /// The code point at an index and its length in bytes; `nil` where the bytes are not UTF-8.
  func decodeScalar(at index: Int) -> (Unicode.Scalar?, length: Int) {
    let first = bytes[index]
    let length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard first < 0x80 || first >= 0xC2, index + length <= bytes.count else { return (nil, 1) }
    var value = first < 0x80 ? UInt32(first) : UInt32(first) & (0x7F >> UInt32(length))
    for offset in 1..<max(length, 1) {
      let byte = bytes[index + offset]
      guard byte & 0xC0 == 0x80 else { return (nil, 1) }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    let smallest: UInt32 = length == 4 ? 0x10000 : length == 3 ? 0x800 : length == 2 ? 0x80 : 0
    guard value >= smallest, let scalar = Unicode.Scalar(value) else { return (nil, 1) }
    return (scalar, length)
  }
}
