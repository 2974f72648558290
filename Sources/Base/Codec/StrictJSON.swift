// The reader of JSON, for texts of anybody: evaluators, providers, exported graphs. Stricter than
// RFC 8259 where the RFC leaves a choice: a name twice in one object, a number beyond a double, a
// lone surrogate, deep nesting and bytes after the value are all errors. It must never trap,
// recurse deeper than its bound or allocate beyond its input.

/// Why a text is not acceptable, and where.
package struct JSONRefusal: Error, Sendable, Hashable {
  package var reason: String
  /// Bytes from the start.
  package var offset: Int
}

/// A bounded parser over bytes that yields Cypher values: objects become maps, whole numbers
/// integers and other numbers floats.
package struct StrictJSON {
  /// What is refused beyond the grammar.
  package struct Limits: Sendable {
    package var bytes: Int
    /// Arrays and objects within each other.
    package var depth: Int
    /// Whether whole numbers beyond 64 bits are refused; otherwise they are floats.
    package var refusesWideIntegers: Bool

    package init(bytes: Int, depth: Int = 64, refusesWideIntegers: Bool = false) {
      self.bytes = bytes
      self.depth = depth
      self.refusesWideIntegers = refusesWideIntegers
    }
  }

  /// No number needs more digits.
  private static let numberLimitBytes = 400

  private let bytes: [UInt8]
  private let limits: Limits
  private var position = 0

  /// Parses one value that fills the bytes, but for white space.
  package static func parse(_ bytes: [UInt8], limits: Limits) throws(JSONRefusal) -> Value {
    guard bytes.count <= limits.bytes else {
      throw JSONRefusal(reason: "longer than \(limits.bytes) bytes", offset: limits.bytes)
    }
    var parser = StrictJSON(bytes: bytes, limits: limits)
    parser.skipSpace()
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.refusal("bytes after the value") }
    return value
  }

  private init(bytes: [UInt8], limits: Limits) {
    self.bytes = bytes
    self.limits = limits
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

  private mutating func value(depth: Int) throws(JSONRefusal) -> Value {
    switch next {
    case nil: throw refusal("the value is missing")
    case UInt8(ascii: "{"): return .map(try object(depth: depth))
    case UInt8(ascii: "["): return .list(try array(depth: depth))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(_ text: String, _ value: Value) throws(JSONRefusal) -> Value {
    for byte in text.utf8 {
      guard accept(byte) else { throw refusal("not a JSON value") }
    }
    return value
  }

  private mutating func object(depth: Int) throws(JSONRefusal) -> ValueMap {
    guard depth < limits.depth else { throw refusal("nested deeper than \(limits.depth)") }
    position += 1
    skipSpace()
    if accept(UInt8(ascii: "}")) { return ValueMap() }
    var members = JSONMembers()
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw refusal("a name is missing") }
      let name = try string()
      guard members.isNew(name) else { throw refusal("the name `\(name)` stands twice") }
      skipSpace()
      guard accept(UInt8(ascii: ":")) else { throw refusal("`:` is missing") }
      skipSpace()
      members.append(name, try value(depth: depth + 1))
      skipSpace()
      if accept(UInt8(ascii: "}")) { return members.map }
      guard accept(UInt8(ascii: ",")) else { throw refusal("`,` or `}` is missing") }
    }
  }

  private mutating func array(depth: Int) throws(JSONRefusal) -> [Value] {
    guard depth < limits.depth else { throw refusal("nested deeper than \(limits.depth)") }
    position += 1
    skipSpace()
    if accept(UInt8(ascii: "]")) { return [] }
    var elements: [Value] = []
    while true {
      skipSpace()
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if accept(UInt8(ascii: "]")) { return elements }
      guard accept(UInt8(ascii: ",")) else { throw refusal("`,` or `]` is missing") }
    }
  }

  // MARK: Numbers

  private mutating func digits() throws(JSONRefusal) {
    let start = position
    while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
    guard position > start else { throw refusal("not a JSON value") }
  }

  private mutating func number() throws(JSONRefusal) -> Value {
    let start = position
    var isWhole = true
    _ = accept(UInt8(ascii: "-"))
    if accept(UInt8(ascii: "0")) {
      if let byte = next, (0x30...0x39).contains(byte) {
        throw refusal("a number starts with zero")
      }
    } else {
      try digits()
    }
    if accept(UInt8(ascii: ".")) {
      isWhole = false
      try digits()
    }
    if accept(UInt8(ascii: "e")) || accept(UInt8(ascii: "E")) {
      isWhole = false
      if !accept(UInt8(ascii: "+")) { _ = accept(UInt8(ascii: "-")) }
      try digits()
    }
    guard position - start <= Self.numberLimitBytes else {
      throw refusal("a number of over \(Self.numberLimitBytes) digits")
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole {
      if let integer = Int64(text) { return .integer(integer) }
      if limits.refusesWideIntegers { throw refusal("an integer beyond 64 bits") }
    }
    guard let value = Double(text), value.isFinite else {
      throw refusal("a number beyond a double")
    }
    return .float(value)
  }

  // MARK: Strings

  private mutating func string() throws(JSONRefusal) -> Text {
    position += 1
    var content: [UInt8] = []
    // Nearly no text has an escape, and then it is taken as it stands.
    var start = position
    while position < bytes.count {
      let byte = bytes[position]
      guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 else {
        position += 1
        continue
      }
      let plain = start..<position
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        if !content.isEmpty { content += bytes[plain] }
        let text =
          content.isEmpty
          ? Text(validating: bytes.span.extracting(plain)) : Text(validating: content.span)
        guard let text else { throw refusal("not UTF-8") }
        return text
      case UInt8(ascii: "\\"):
        content += bytes[plain]
        try escape(into: &content)
        start = position
      default: throw refusal("a control character in a string")
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
      content.append(contentsOf: String(Character(try codePoint())).utf8)
    default: throw refusal("an unknown escape")
    }
  }

  private mutating func fourDigits() throws(JSONRefusal) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw refusal("four hexadecimal digits are missing")
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }

  private mutating func codePoint() throws(JSONRefusal) -> Unicode.Scalar {
    let first = try fourDigits()
    var value = first
    if (0xD800..<0xDC00).contains(first) {
      guard accept(UInt8(ascii: "\\")), accept(UInt8(ascii: "u")) else {
        throw refusal("half a surrogate pair")
      }
      let second = try fourDigits()
      guard (0xDC00..<0xE000).contains(second) else { throw refusal("half a surrogate pair") }
      value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(value) else { throw refusal("half a surrogate pair") }
    return scalar
  }
}

/// The members of an object as they are read: in the map's own order where they come in it, so that
/// many names do not cost their square.
private struct JSONMembers {
  private var entries: [ValueMap.Entry] = []
  /// The names so far; only where they do not come in order and are many.
  private var names: Set<Text> = []
  private var isSorted = true

  private static let fewNames = 16

  /// Whether no member has the name; asked once of each.
  mutating func isNew(_ name: Text) -> Bool {
    if isSorted {
      guard let last = entries.last, !(last.key < name) else { return true }
      isSorted = false
    }
    guard entries.count > Self.fewNames else { return !entries.contains { $0.key == name } }
    if names.count < entries.count { names = Set(entries.map(\.key)) }
    return names.insert(name).inserted
  }

  mutating func append(_ name: Text, _ value: Value) {
    entries.append(ValueMap.Entry(key: name, value: value))
  }

  var map: ValueMap { ValueMap(distinct: entries) }
}
