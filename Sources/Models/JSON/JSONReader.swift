// Reads JSON (RFC 8259) that somebody else wrote: answers of providers, scores of evaluators.
// Strict: one value, no duplicate names, no trailing anything, finite numbers, limits on size and
// depth. What it reads is untrusted; it must never trap.

package import Base

/// A strict reader that yields Cypher values: objects become maps, numbers integers or floats.
package struct JSONReader {
  package static let nestingLimit = 64

  private let bytes: [UInt8]
  private var position = 0
  private var nesting = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The one value in `bytes`. Throws `provider.answer` with line and column.
  package static func read(_ bytes: [UInt8], limitBytes: Int) throws -> Value {
    guard bytes.count <= limitBytes else {
      throw StemmaError(
        .providerAnswer, "the JSON has \(bytes.count) bytes; at most \(limitBytes) are read")
    }
    var reader = JSONReader(bytes)
    reader.skipBlanks()
    let value = try reader.value()
    reader.skipBlanks()
    guard reader.position == bytes.count else {
      throw reader.failure("something follows the value")
    }
    return value
  }

  private func failure(_ message: String) -> StemmaError {
    var line = 1
    var column = 1
    for byte in bytes.prefix(position) {
      if byte == 10 {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return StemmaError(
      .providerAnswer, "not valid JSON at line \(line), column \(column): \(message)")
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipBlanks() {
    while let byte = next, byte == 32 || byte == 9 || byte == 10 || byte == 13 { position += 1 }
  }

  private mutating func value() throws -> Value {
    nesting += 1
    defer { nesting -= 1 }
    guard nesting <= Self.nestingLimit else {
      throw failure("values are nested deeper than \(Self.nestingLimit) levels")
    }
    switch next {
    case 0x7B: return .map(try object())
    case 0x5B: return .list(try array())
    case 0x22: return .string(try string())
    case 0x74: return try word("true", .boolean(true))
    case 0x66: return try word("false", .boolean(false))
    case 0x6E: return try word("null", .null)
    case nil: throw failure("a value is missing")
    default: return try number()
    }
  }

  private mutating func word(_ word: String, _ value: Value) throws -> Value {
    let expected = Array(word.utf8)
    guard bytes.count - position >= expected.count,
      bytes[position..<position + expected.count].elementsEqual(expected)
    else { throw failure("expected a value") }
    position += expected.count
    return value
  }

  private mutating func object() throws -> ValueMap {
    position += 1
    var map = ValueMap()
    skipBlanks()
    if next == 0x7D {
      position += 1
      return map
    }
    while true {
      skipBlanks()
      guard next == 0x22 else { throw failure("expected a name in quotes") }
      let name = try string()
      guard map[name] == nil else { throw failure("the name \"\(name)\" stands twice") }
      skipBlanks()
      guard next == 0x3A else { throw failure("expected ':' after a name") }
      position += 1
      skipBlanks()
      map[name] = try value()
      skipBlanks()
      guard let byte = next, byte == 0x2C || byte == 0x7D else {
        throw failure("expected ',' or '}' in an object")
      }
      position += 1
      if byte == 0x7D { return map }
    }
  }

  private mutating func array() throws -> [Value] {
    position += 1
    var elements: [Value] = []
    skipBlanks()
    if next == 0x5D {
      position += 1
      return elements
    }
    while true {
      skipBlanks()
      elements.append(try value())
      skipBlanks()
      guard let byte = next, byte == 0x2C || byte == 0x5D else {
        throw failure("expected ',' or ']' in an array")
      }
      position += 1
      if byte == 0x5D { return elements }
    }
  }

  private mutating func number() throws -> Value {
    let start = position
    if next == 0x2D { position += 1 }
    let digits = try digits()
    guard digits.count == 1 || digits.first != 0x30 else {
      throw failure("a number may not start with 0")
    }
    var isWhole = true
    if next == 0x2E {
      isWhole = false
      position += 1
      _ = try self.digits()
    }
    if let byte = next, byte | 32 == 0x65 {
      isWhole = false
      position += 1
      if let sign = next, sign == 0x2B || sign == 0x2D { position += 1 }
      _ = try self.digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let integer = Int64(text) { return .integer(integer) }
    guard let number = Double(text), number.isFinite else {
      throw failure("the number is too large")
    }
    return .float(number)
  }

  private mutating func digits() throws -> ArraySlice<UInt8> {
    let start = position
    while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
    guard position > start else { throw failure("expected a value") }
    return bytes[start..<position]
  }

  private mutating func string() throws -> Text {
    position += 1
    var content: [UInt8] = []
    while true {
      guard let byte = next else { throw failure("a string is not closed") }
      position += 1
      switch byte {
      case 0x22:
        guard let text = Text(validatingUTF8: content) else {
          throw failure("a string is not UTF-8")
        }
        return text
      case 0x5C: try escape(into: &content)
      case 0..<0x20: throw failure("a string holds a control character")
      default: content.append(byte)
      }
    }
  }

  private mutating func escape(into content: inout [UInt8]) throws {
    guard let byte = next else { throw failure("a string is not closed") }
    position += 1
    switch byte {
    case 0x22, 0x5C, 0x2F: content.append(byte)
    case 0x62: content.append(8)
    case 0x66: content.append(12)
    case 0x6E: content.append(10)
    case 0x72: content.append(13)
    case 0x74: content.append(9)
    case 0x75:
      var code = try hexadecimal()
      if (0xD800..<0xDC00).contains(code) {
        guard next == 0x5C, position + 1 < bytes.count, bytes[position + 1] == 0x75 else {
          throw failure("half of a surrogate pair stands alone")
        }
        position += 2
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else {
          throw failure("half of a surrogate pair stands alone")
        }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else {
        throw failure("half of a surrogate pair stands alone")
      }
      content.append(contentsOf: Array(String(Character(scalar)).utf8))
    default: throw failure("an unknown escape")
    }
  }

  private mutating func hexadecimal() throws -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure("\\u needs four hexadecimal digits")
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }
}
