// Typed access to one JSON object of an answer, with errors that name the field. Unknown fields are
// refused, so that a typing error is not silently a default.

package import Base

/// Reads the fields of an object; `finish` refuses what was not asked for.
package struct AnswerReader {
  package let map: ValueMap
  private let title: String
  private var known: Set<Text> = []

  package init(_ value: Value, title: String) throws {
    guard case .map(let map) = value else {
      throw StemmaError(.providerAnswer, "\(title) is not a JSON object")
    }
    self.map = map
    self.title = title
  }

  package func wrong(_ name: Text, _ expected: String) -> StemmaError {
    StemmaError(.providerAnswer, "in \(title), \"\(name)\" must be \(expected)")
  }

  /// The value of a field; null counts as absent.
  package mutating func value(_ name: Text) -> Value? {
    known.insert(name)
    guard let value = map[name], !value.isNull else { return nil }
    return value
  }

  package mutating func text(_ name: Text, limitBytes: Int = 16 << 10) throws -> Text? {
    guard let value = value(name) else { return nil }
    guard case .string(let text) = value, text.utf8Count <= limitBytes else {
      throw wrong(name, "a string of at most \(limitBytes) bytes")
    }
    return text
  }

  package mutating func requiredText(_ name: Text) throws -> Text {
    guard let text = try text(name), !text.isEmpty else { throw wrong(name, "a non-empty string") }
    return text
  }

  package mutating func number(_ name: Text) throws -> Double? {
    switch value(name) {
    case nil: nil
    case .integer(let number): Double(number)
    case .float(let number): number
    default: throw wrong(name, "a number")
    }
  }

  package mutating func probability(_ name: Text) throws -> Double? {
    guard let number = try number(name) else { return nil }
    guard (0...1).contains(number) else { throw wrong(name, "a probability from 0 to 1") }
    return number
  }

  package mutating func boolean(_ name: Text) throws -> Bool? {
    switch value(name) {
    case nil: nil
    case .boolean(let flag): flag
    default: throw wrong(name, "true or false")
    }
  }

  package mutating func list(_ name: Text, limit: Int) throws -> [Value] {
    switch value(name) {
    case nil: return []
    case .list(let elements) where elements.count <= limit: return elements
    default: throw wrong(name, "an array of at most \(limit) elements")
    }
  }

  package mutating func texts(_ name: Text, limit: Int) throws -> [Text] {
    try list(name, limit: limit).map { element in
      guard case .string(let text) = element else { throw wrong(name, "an array of strings") }
      return text
    }
  }

  package mutating func map(_ name: Text) throws -> ValueMap {
    switch value(name) {
    case nil: return ValueMap()
    case .map(let map): return map
    default: throw wrong(name, "an object")
    }
  }

  /// The version of the protocol that the answer says it speaks.
  package mutating func version() throws {
    guard case .integer(1)? = value("version") else { throw wrong("version", "1") }
  }

  package func finish() throws {
    for entry in map.entries where !known.contains(entry.key) {
      let names = known.sorted().map(\.string).joined(separator: ", ")
      throw StemmaError(
        .providerAnswer, "\(title) has an unknown field \"\(entry.key)\"",
        advice: "Known fields: \(names).")
    }
  }
}
