// The JSON of parameter files, with integers kept apart from other numbers.

import Base
import Foundation

/// A JSON value.
enum JSONValue: Decodable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  static func read(_ path: String) throws -> JSONValue {
    try JSONDecoder().decode(
      JSONValue.self, from: try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  subscript(_ name: String) -> JSONValue {
    if case .object(let members) = self { return members[name] ?? .null }
    return .null
  }

  subscript(_ index: Int) -> JSONValue {
    if case .array(let elements) = self, index < elements.count { return elements[index] }
    return .null
  }

  var elements: [JSONValue] {
    if case .array(let elements) = self { return elements }
    return []
  }

  /// As a Cypher value.
  var value: Value {
    switch self {
    case .null: .null
    case .boolean(let flag): .boolean(flag)
    case .integer(let number): .integer(number)
    case .number(let number): .float(number)
    case .string(let text): .text(text)
    case .array(let elements): .list(elements.map(\.value))
    case .object(let members): .map(ValueMap(members.map { (Text($0.key), $0.value.value) }))
    }
  }

  var double: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }
}
