// Reads `name=value` into a Cypher value: a small JSON-like notation with bare strings.

import Base

/// The notation of parameters.
struct ParameterText {
  private var scalars: [Unicode.Scalar]
  private var position = 0
  /// Deeper lists and maps are refused.
  private static let depthLimit = 64

  /// Splits at the first `=` and reads the value.
  static func parse(_ text: String) throws -> (name: String, value: Value) {
    guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
      let what = text.contains("=") ? "\"\(text)\" has no name" : "\(text) has no value"
      throw StemmaError(
        .argumentInvalid, "the parameter " + what,
        advice: "write it as name=value, for example --param lr=0.1")
    }
    let name = String(text[..<sign])
    return (name, value(String(text[text.index(after: sign)...])))
  }

  /// A value: as a literal where it is one, else as a string.
  static func value(_ text: String) -> Value {
    var reader = ParameterText(scalars: Array(text.unicodeScalars))
    if let value = reader.literal(depth: 0), reader.isAtEnd { return value }
    return .text(text)
  }

  private var isAtEnd: Bool { position == scalars.count }

  private mutating func skipSpaces() {
    while position < scalars.count, scalars[position].properties.isWhitespace { position += 1 }
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    skipSpaces()
    guard position < scalars.count, scalars[position] == scalar else { return false }
    position += 1
    return true
  }

  private mutating func literal(depth: Int) -> Value? {
    guard depth < Self.depthLimit else { return nil }
    skipSpaces()
    guard position < scalars.count else { return nil }
    defer { skipSpaces() }
    switch scalars[position] {
    case "'", "\"": return quoted().map { .text($0) }
    case "[": return list(depth: depth)
    case "{": return map(depth: depth)
    default: return word()
    }
  }

  private mutating func quoted() -> String? {
    let quote = scalars[position]
    position += 1
    var text = String.UnicodeScalarView()
    while position < scalars.count {
      let scalar = scalars[position]
      position += 1
      if scalar == quote { return String(text) }
      if scalar == "\\", position < scalars.count {
        let next = scalars[position]
        position += 1
        text.append(next == "n" ? "\n" : next == "t" ? "\t" : next)
      } else {
        text.append(scalar)
      }
    }
    return nil
  }

  private mutating func list(depth: Int) -> Value? {
    position += 1
    var values: [Value] = []
    if take("]") { return .list([]) }
    while let value = literal(depth: depth + 1) {
      values.append(value)
      if take("]") { return .list(values) }
      guard take(",") else { return nil }
    }
    return nil
  }

  private mutating func map(depth: Int) -> Value? {
    position += 1
    var map = ValueMap()
    if take("}") { return .map(map) }
    while let key = mapKey(), take(":"), let value = literal(depth: depth + 1) {
      map[Text(key)] = value
      if take("}") { return .map(map) }
      guard take(",") else { return nil }
    }
    return nil
  }

  private mutating func mapKey() -> String? {
    skipSpaces()
    guard position < scalars.count else { return nil }
    if scalars[position] == "'" || scalars[position] == "\"" { return quoted() }
    let name = bareWord()
    return name.isEmpty ? nil : name
  }

  private mutating func bareWord() -> String {
    var text = String.UnicodeScalarView()
    while position < scalars.count, !",:]}[{'\" \t".unicodeScalars.contains(scalars[position]) {
      text.append(scalars[position])
      position += 1
    }
    return String(text)
  }

  private mutating func word() -> Value? {
    let text = bareWord()
    switch text {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "null": return .null
    default: break
    }
    if let integer = Int64(text) { return .integer(integer) }
    // Swift reads "nan", "inf" and hexadecimal floats too; here these are words.
    let looksNumeric = text.unicodeScalars.allSatisfy {
      "0123456789+-.eE".unicodeScalars.contains($0)
    }
    if looksNumeric, let number = Double(text) { return .float(number) }
    return nil
  }
}
