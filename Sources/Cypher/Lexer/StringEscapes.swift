// Escapes inside string literals: checked by the lexer, replaced by the parser.

/// The escapes of openCypher's strings.
enum StringEscapes {
  /// The byte that a backslash and this one stand for.
  static func simple(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"),
      UInt8(ascii: "/"):
      byte
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "0"): 0x00
    default: nil
    }
  }

  /// The escape at an index: `\uXXXX`, a surrogate pair of them, `\UXXXXXX` or `\UXXXXXXXX`.
  static func unicode(_ bytes: [UInt8], at index: Int) -> (Unicode.Scalar, length: Int)? {
    guard index + 1 < bytes.count else { return nil }
    if bytes[index + 1] == UInt8(ascii: "U") {
      for digits in [8, 6] {
        if let value = hexadecimal(bytes, at: index + 2, digits: digits),
          let scalar = Unicode.Scalar(value)
        {
          return (scalar, 2 + digits)
        }
      }
      return nil
    }
    guard let first = hexadecimal(bytes, at: index + 2, digits: 4) else { return nil }
    if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
    guard first < 0xDC00, index + 7 < bytes.count, bytes[index + 6] == UInt8(ascii: "\\"),
      bytes[index + 7] == UInt8(ascii: "u"),
      let second = hexadecimal(bytes, at: index + 8, digits: 4),
      second >= 0xDC00, second <= 0xDFFF,
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { return nil }
    return (scalar, 12)
  }

  private static func hexadecimal(_ bytes: [UInt8], at index: Int, digits: Int) -> UInt32? {
    guard index + digits <= bytes.count else { return nil }
    var value: UInt32 = 0
    for byte in bytes[index..<index + digits] {
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46: digit = byte - 0x41 + 10
      case 0x61...0x66: digit = byte - 0x61 + 10
      default: return nil
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  /// The bytes of a string literal without its quotes and with its escapes replaced. The lexer has
  /// checked the literal.
  static func decode(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8] {
    let quote = bytes[range.lowerBound]
    var result: [UInt8] = []
    result.reserveCapacity(range.count)
    var index = range.lowerBound + 1
    let end = range.upperBound - 1
    while index < end {
      let byte = bytes[index]
      if byte == quote {
        result.append(quote)
        index += 2
      } else if byte == UInt8(ascii: "\\"), index + 1 < end {
        if let simple = simple(bytes[index + 1]) {
          result.append(simple)
          index += 2
        } else if let (scalar, length) = unicode(bytes, at: index) {
          result.append(contentsOf: Array(String(scalar).utf8))
          index += length
        } else {
          index += 1
        }
      } else {
        result.append(byte)
        index += 1
      }
    }
    return result
  }
}
