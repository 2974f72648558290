// JSON from programs that may be hostile. Stricter than RFC 8259 where the RFC leaves a choice: a
// name twice in one object, a number beyond a double, a lone surrogate, deep nesting and bytes
// after the value are all errors. It must never recurse deeper than its bound or allocate beyond
// its input.

package import Base

/// A JSON value; objects keep the order of their names.
package enum JSONValue: Sendable, Hashable {
  case null
  case boolean(Bool)
  case number(Double)
  case string(Text)
  case array([JSONValue])
  case object([Member])

  package struct Member: Sendable, Hashable {
    package var name: Text
    package var value: JSONValue

    package init(name: Text, value: JSONValue) {
      self.name = name
      self.value = value
    }
  }
}

/// Why a text is not acceptable, and where.
package struct JSONRefusal: Error, Sendable, Hashable {
  package var reason: String
  /// Bytes from the start.
  package var offset: Int
}

/// A bounded parser over bytes.
package struct StrictJSON {
  private let bytes: [UInt8]
  private let maximumDepth: Int
  private var position = 0

  /// Parses one value that fills the bytes, but for white space.
  package static func parse(
    _ bytes: [UInt8], maximumBytes: Int = 4 << 20, maximumDepth: Int = 8
  ) throws(JSONRefusal) -> JSONValue {
    guard bytes.count <= maximumBytes else {
      throw JSONRefusal(reason: "longer than \(maximumBytes) bytes", offset: maximumBytes)
    }
    var parser = StrictJSON(bytes: bytes, maximumDepth: maximumDepth)
    parser.skipSpace()
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.refusal("bytes after the value") }
    return value
  }

  private init(bytes: [UInt8], maximumDepth: Int) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func refusal(_ reason: String) -> JSONRefusal {
    JSONRefusal(reason: reason, offset: position)
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func accept(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONRefusal) -> JSONValue {
    guard let byte = next else { throw refusal("the value is missing") }
    switch byte {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONRefusal)
    -> JSONValue
  {
    for byte in "\(text)".utf8 {
      guard accept(byte) else { throw refusal("not a JSON value") }
    }
    return value
  }

  private mutating func object(depth: Int) throws(JSONRefusal) -> JSONValue {
    guard depth < maximumDepth else { throw refusal("nested deeper than \(maximumDepth)") }
    position += 1
    var members: [JSONValue.Member] = []
    var names: Set<Text> = []
    skipSpace()
    if accept(UInt8(ascii: "}")) { return .object([]) }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw refusal("a name is missing") }
      let name = try string()
      guard names.insert(name).inserted else { throw refusal("the name \(name.string) twice") }
      skipSpace()
      guard accept(UInt8(ascii: ":")) else { throw refusal("`:` is missing") }
      skipSpace()
      members.append(.init(name: name, value: try value(depth: depth + 1)))
      skipSpace()
      if accept(UInt8(ascii: "}")) { return .object(members) }
      guard accept(UInt8(ascii: ",")) else { throw refusal("`,` or `}` is missing") }
    }
  }

  private mutating func array(depth: Int) throws(JSONRefusal) -> JSONValue {
    guard depth < maximumDepth else { throw refusal("nested deeper than \(maximumDepth)") }
    position += 1
    var items: [JSONValue] = []
    skipSpace()
    if accept(UInt8(ascii: "]")) { return .array([]) }
    while true {
      skipSpace()
      items.append(try value(depth: depth + 1))
      skipSpace()
      if accept(UInt8(ascii: "]")) { return .array(items) }
      guard accept(UInt8(ascii: ",")) else { throw refusal("`,` or `]` is missing") }
    }
  }

  // MARK: Numbers

  private mutating func digits() throws(JSONRefusal) {
    let start = position
    while let byte = next, byte >= 0x30, byte <= 0x39 { position += 1 }
    guard position > start else { throw refusal("not a JSON value") }
  }

  private mutating func number() throws(JSONRefusal) -> Double {
    let start = position
    _ = accept(UInt8(ascii: "-"))
    if accept(UInt8(ascii: "0")) {
      if let byte = next, byte >= 0x30, byte <= 0x39 { throw refusal("a number starts with zero") }
    } else {
      try digits()
    }
    if accept(UInt8(ascii: ".")) { try digits() }
    if accept(UInt8(ascii: "e")) || accept(UInt8(ascii: "E")) {
      if !accept(UInt8(ascii: "+")) { _ = accept(UInt8(ascii: "-")) }
      try digits()
    }
    guard position - start <= 400 else { throw refusal("a number of over 400 digits") }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      throw refusal("a number beyond a double")
    }
    return value
  }

  // MARK: Strings

  private mutating func string() throws(JSONRefusal) -> Text {
    position += 1
    var content: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = Text(validatingUTF8: content) else { throw refusal("not UTF-8") }
        return text
      case UInt8(ascii: "\\"):
        try escape(into: &content)
      case 0..<0x20:
        throw refusal("a control character in a string")
      default:
        content.append(byte)
      }
    }
    throw refusal("a string without end")
  }

  private mutating func escape(into content: inout [UInt8]) throws(JSONRefusal) {
    guard let byte = next else { throw refusal("a string without end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"):
      let scalar = try codePoint()
      content.append(contentsOf: Array(String(Character(scalar)).utf8))
    default: throw refusal("an unknown escape")
    }
  }

  private mutating func fourDigits() throws(JSONRefusal) -> UInt32 {
    guard position + 4 <= bytes.count,
      bytes[position..<(position + 4)].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(
        String(decoding: bytes[position..<(position + 4)], as: UTF8.self), radix: 16)
    else { throw refusal("four hexadecimal digits are missing") }
    position += 4
    return value
  }

  private mutating func codePoint() throws(JSONRefusal) -> Unicode.Scalar {
    let first = try fourDigits()
    var value = first
    if first >= 0xD800, first < 0xDC00 {
      guard accept(UInt8(ascii: "\\")), accept(UInt8(ascii: "u")) else {
        throw refusal("half a surrogate pair")
      }
      let second = try fourDigits()
      guard second >= 0xDC00, second < 0xE000 else { throw refusal("half a surrogate pair") }
      value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(value) else { throw refusal("half a surrogate pair") }
    return scalar
  }
}
