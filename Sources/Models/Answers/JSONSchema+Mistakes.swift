// What is wrong with a schema that a person wrote. A keyword that is not known here, or that has a
// value of another kind, would hold of everything and so say nothing.

import Base

extension JSONSchema {
  private enum Kind: String {
    case schema = "a schema"
    case schemas = "an object of schemas"
    case list = "an array"
    case names = "an array of strings"
    case count = "an integer from 0"
    case number = "a number"
    case types = "a type or an array of types"
    case flagOrSchema = "true, false or a schema"
    case anything
  }

  private static let keywords: [Text: Kind] = [
    "type": .types, "enum": .list, "required": .names, "properties": .schemas,
    "additionalProperties": .flagOrSchema, "items": .schema, "contains": .schema,
    "minItems": .count, "maxItems": .count, "minLength": .count, "maxLength": .count,
    "minimum": .number, "maximum": .number,
    // These say nothing of a value.
    "title": .anything, "description": .anything, "$comment": .anything, "$schema": .anything,
  ]

  private static let types: Set<String> = [
    "null", "boolean", "integer", "number", "string", "array", "object",
  ]

  /// Each with its place; empty where every keyword means something.
  package func mistakes() -> [String] {
    var found: [String] = []
    Self.check(schema, "$", &found)
    return found
  }

  private static func check(_ schema: Value, _ place: String, _ found: inout [String]) {
    guard case .map(let members) = schema else {
      found.append("\(place) must be a schema, not \(name(of: schema))")
      return
    }
    for entry in members.entries {
      let place = "\(place).\(entry.key)"
      guard let kind = keywords[entry.key] else {
        let known = keywords.keys.sorted().map(\.string).joined(separator: ", ")
        found.append("\(place) is no keyword that is checked here (\(known))")
        continue
      }
      guard fits(entry.value, kind) else {
        found.append("\(place) must be \(kind.rawValue)")
        continue
      }
      switch (kind, entry.value) {
      case (.schema, _), (.flagOrSchema, .map): check(entry.value, place, &found)
      case (.schemas, .map(let schemas)):
        for one in schemas.entries { check(one.value, "\(place).\(one.key)", &found) }
      default: continue
      }
    }
  }

  private static func fits(_ value: Value, _ kind: Kind) -> Bool {
    switch (kind, value) {
    case (.anything, _), (.schema, .map), (.schemas, .map), (.list, .list): true
    case (.flagOrSchema, .map), (.flagOrSchema, .boolean): true
    case (.number, .integer), (.number, .float): true
    case (.count, .integer(let number)): number >= 0
    case (.names, .list(let names)): names.allSatisfy { $0.string != nil }
    case (.types, .string(let type)): types.contains(type.string)
    case (.types, .list(let listed)): listed.allSatisfy { types.contains($0.string ?? "") }
    default: false
    }
  }
}
