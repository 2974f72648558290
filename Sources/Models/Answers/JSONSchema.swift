// Checks a value against a JSON Schema (2020-12), as much of it as our schemas use: types,
// properties, items, enumerations, bounds. What it finds is told to the model, so it says where and
// what was expected.

package import Base

package struct JSONSchema: Sendable {
  let schema: Value

  package init(_ schema: Value) { self.schema = schema }

  /// The first faults, each with its place; empty where the value fits.
  package func faults(in value: Value, limit: Int = 8) -> [String] {
    var found: [String] = []
    check(value, schema, "$", &found)
    return Array(found.prefix(limit))
  }

  private func check(_ value: Value, _ schema: Value, _ place: String, _ faults: inout [String]) {
    if let type = schema["type"], !Self.fits(value, type) {
      faults.append("\(place) must be \(JSONWriter.write(type)), not \(Self.name(of: value))")
      return
    }
    if let allowed = schema["enum"]?.elements, !allowed.contains(value) {
      faults.append("\(place) must be one of \(JSONWriter.write(.list(allowed)))")
    }
    checkBounds(value, schema, place, &faults)
    switch value {
    case .map(let map): checkObject(map, schema, place, &faults)
    case .list(let elements):
      if let most = schema["maxItems"]?.int, elements.count > most {
        faults.append("\(place) may have at most \(most) elements")
      }
      if let least = schema["minItems"]?.int, elements.count < least {
        faults.append("\(place) must have at least \(least) elements")
      }
      if let wanted = schema["contains"], !elements.contains(where: { fits($0, wanted) }) {
        faults.append("\(place) has no element such as \(JSONWriter.write(wanted))")
      }
      guard let items = schema["items"] else { return }
      for (index, element) in elements.enumerated() {
        check(element, items, "\(place)[\(index)]", &faults)
      }
    default: return
    }
  }

  private func fits(_ value: Value, _ schema: Value) -> Bool {
    var faults: [String] = []
    check(value, schema, "$", &faults)
    return faults.isEmpty
  }

  private func checkObject(
    _ map: ValueMap, _ schema: Value, _ place: String, _ faults: inout [String]
  ) {
    for name in (schema["required"]?.elements ?? []).compactMap(\.string)
    where map[Text(name)].map(\.isNull) ?? true {
      faults.append("\(place) lacks \"\(name)\"")
    }
    let properties = schema["properties"]
    for entry in map.entries where !entry.value.isNull {
      if let known = properties?[entry.key] {
        check(entry.value, known, "\(place).\(entry.key)", &faults)
      } else if let rest = schema["additionalProperties"] {
        if rest == .boolean(false) {
          faults.append("\(place) has an unknown field \"\(entry.key)\"")
        } else if case .map = rest {
          check(entry.value, rest, "\(place).\(entry.key)", &faults)
        }
      }
    }
  }

  private func checkBounds(
    _ value: Value, _ schema: Value, _ place: String, _ faults: inout [String]
  ) {
    if case .string(let text) = value {
      if let least = schema["minLength"]?.int, text.codePointCount < least {
        faults.append("\(place) must have at least \(least) characters")
      }
      if let most = schema["maxLength"]?.int, text.codePointCount > most {
        faults.append("\(place) may have at most \(most) characters")
      }
    }
    guard let number = Self.number(value) else { return }
    if let least = schema["minimum"].flatMap(Self.number), number < least {
      faults.append("\(place) must be at least \(least)")
    }
    if let most = schema["maximum"].flatMap(Self.number), number > most {
      faults.append("\(place) may be at most \(most)")
    }
  }

  private static func number(_ value: Value) -> Double? {
    switch value {
    case .integer(let number): Double(number)
    case .float(let number): number
    default: nil
    }
  }

  private static func fits(_ value: Value, _ type: Value) -> Bool {
    if case .list(let types) = type { return types.contains { fits(value, $0) } }
    let name = name(of: value)
    return type.string == name || (type.string == "number" && name == "integer")
      || (type.string == "integer" && number(value).map { $0 == $0.rounded() } ?? false)
  }

  static func name(of value: Value) -> String {
    switch value {
    case .null: "null"
    case .boolean: "boolean"
    case .integer: "integer"
    case .float: "number"
    case .string: "string"
    case .list: "array"
    case .map: "object"
    default: "something else"
    }
  }
}
