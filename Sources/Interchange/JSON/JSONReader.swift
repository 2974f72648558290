// Reads one JSON text, strictly: nothing after the value, no duplicate names, no depth beyond a
// limit, numbers within the ranges of Int64 and Double.

import Base

/// A reader over the bytes of one JSON text.
struct JSONReader {
  /// Deeper nesting is refused, so that no input can exhaust the stack.
  static let maximumDepth = 64

  private let bytes: [UInt8]
  private var position = 0

  private init(_ text: Substring) { bytes = Array(text.utf8) }

  /// The value of a text, or `nil` with the column of the first fault in `fault`.
  static func read(_ text: Substring, fault: inout Int) -> JSONValue? {
    var reader = JSONReader(text)
    reader.skipSpace()
    if let value = reader.value(depth: 0) {
      reader.skipSpace()
      if reader.position == reader.bytes.count { return value }
    }
    fault = reader.position + 1
    return nil
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      position += 1
    }
  }

  private mutating func accept(_ byte: Character) -> Bool {
    guard let wanted = byte.asciiValue, current == wanted else { return false }
    position += 1
    return true
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) -> JSONValue? {
    for expected in word.description.utf8 {
      guard current == expected else { return nil }
      position += 1
    }
    return value
  }

  private mutating func value(depth: Int) -> JSONValue? {
    guard depth < Self.maximumDepth, let first = current else { return nil }
    switch first {
    case UInt8(ascii: "{"): return object(depth: depth)
    case UInt8(ascii: "["): return array(depth: depth)
    case UInt8(ascii: "\""): return string().map { .string($0) }
    case UInt8(ascii: "t"): return word("true", .boolean(true))
    case UInt8(ascii: "f"): return word("false", .boolean(false))
    case UInt8(ascii: "n"): return word("null", .null)
    default: return number()
    }
  }

  private mutating func object(depth: Int) -> JSONValue? {
    position += 1
    skipSpace()
    var members: [JSONValue.Member] = []
    var names: Set<Text> = []
    if accept("}") { return .object([]) }
    repeat {
      skipSpace()
      guard current == UInt8(ascii: "\""), let name = string() else { return nil }
      guard names.insert(Text(name)).inserted else { return nil }
      skipSpace()
      guard accept(":") else { return nil }
      skipSpace()
      guard let value = value(depth: depth + 1) else { return nil }
      members.append(.init(name: name, value: value))
      skipSpace()
    } while accept(",")
    return accept("}") ? .object(members) : nil
  }

  private mutating func array(depth: Int) -> JSONValue? {
    position += 1
    skipSpace()
    var values: [JSONValue] = []
    if accept("]") { return .array([]) }
    repeat {
      skipSpace()
      guard let value = value(depth: depth + 1) else { return nil }
      values.append(value)
      skipSpace()
    } while accept(",")
    return accept("]") ? .array(values) : nil
  }

  private mutating func number() -> JSONValue? {
    let start = position
    _ = accept("-")
    let leading = position
    guard let integral = digits(), integral == 1 || bytes[leading] != 0x30 else { return nil }
    var isFloat = false
    if accept(".") {
      isFloat = true
      guard digits() != nil else { return nil }
    }
    if accept("e") || accept("E") {
      isFloat = true
      if !accept("+") { _ = accept("-") }
      guard digits() != nil else { return nil }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if !isFloat { return Int64(text).map { .integer($0) } }
    guard let value = Double(text), value.isFinite else { return nil }
    return .float(value)
  }

  /// Moves over digits and counts them; `nil` where there is none.
  private mutating func digits() -> Int? {
    let start = position
    while let byte = current, (0x30...0x39).contains(byte) { position += 1 }
    return position > start ? position - start : nil
  }

  private mutating func string() -> String? {
    position += 1
    var content: [UInt8] = []
    while let byte = current {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(validating: content, as: UTF8.self)
      case UInt8(ascii: "\\"): guard escape(into: &content) else { return nil }
      case 0..<0x20: return nil
      default: content.append(byte)
      }
    }
    return nil
  }

  private mutating func escape(into content: inout [UInt8]) -> Bool {
    guard let byte = current else { return false }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"):
      guard let scalar = unicodeEscape() else { return false }
      content.append(contentsOf: String(Character(scalar)).utf8)
    default: return false
    }
    return true
  }

  private mutating func unicodeEscape() -> Unicode.Scalar? {
    guard let first = fourDigits() else { return nil }
    guard (0xD800...0xDBFF).contains(first) else { return Unicode.Scalar(first) }
    guard accept("\\"), accept("u"), let second = fourDigits(),
      (0xDC00...0xDFFF).contains(second)
    else { return nil }
    return Unicode.Scalar(0x10000 + (first - 0xD800) * 0x400 + (second - 0xDC00))
  }

  private mutating func fourDigits() -> UInt32? {
    guard position + 4 <= bytes.count else { return nil }
    let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
    position += 4
    return digits.utf8.contains(UInt8(ascii: "+")) || digits.utf8.contains(UInt8(ascii: "-"))
      ? nil : UInt32(digits, radix: 16)
  }
}
