// GQL's names of value types and what they are called in Stemma.

import Base

extension GraphTypeParser {
  /// A value type such as `STRING`, `ZONED DATETIME`, `LIST<FLOAT64>` or `FLOAT64 LIST`.
  mutating func valueType(of property: Text) throws -> PropertyType.ValueType {
    let start = current
    if current.isKeyword("LIST") || current.isKeyword("ARRAY") {
      position += 1
      guard acceptMark("<") else { return .list }
      let elementToken = current
      let element = try plainType(of: property)
      try expectMark(">", advice: "A list type is written LIST<STRING>.")
      return try list(of: element, at: elementToken)
    }
    let plain = try plainType(of: property)
    if acceptKeyword("LIST") || acceptKeyword("ARRAY") { return try list(of: plain, at: start) }
    return plain
  }

  private func list(
    of element: PropertyType.ValueType, at token: SchemaToken
  ) throws -> PropertyType.ValueType {
    switch element {
    case .string: return .stringList
    case .integer: return .integerList
    case .float: return .floatList
    case .any: return .list
    default:
      throw report.error(
        "lists of this type are not kept apart", at: token.place,
        advice: "Use LIST<STRING>, LIST<INT64>, LIST<FLOAT64> or LIST<ANY>.")
    }
  }

  private mutating func plainType(of property: Text) throws -> PropertyType.ValueType {
    let token = current
    guard token.kind == .word else {
      throw report.error(
        "the property \(property) needs a type, not \(shown)", at: token.place,
        advice: "Write for example \(property) STRING.")
    }
    position += 1
    switch token.capitals {
    case "ZONED": return try second(after: token, ["DATETIME": .dateTime, "TIME": .time])
    case "LOCAL": return try second(after: token, ["DATETIME": .localDateTime, "TIME": .localTime])
    case "TIMESTAMP": return try timeZoneWords() ? .dateTime : .localDateTime
    case "TIME": return try timeZoneWords() ? .time : .localTime
    case "DOUBLE":
      _ = acceptKeyword("PRECISION")
      return .float
    case "ANY":
      _ = acceptKeyword("VALUE")
      return .any
    default: break
    }
    if let simple = Self.simpleTypes.first(where: { $0.name == token.capitals }) {
      return simple.type
    }
    throw report.error(
      "\(token.text) is no value type", at: token.place,
      advice: report.suggestion(
        for: token.text, among: Self.simpleTypes.map(\.name),
        otherwise: "Use STRING, INT64, FLOAT64, BOOL, BYTES, DATE, ZONED DATETIME, LOCAL DATETIME, "
          + "ZONED TIME, LOCAL TIME, DURATION, ANY or a LIST of these."))
  }

  private static let simpleTypes: [(name: Text, type: PropertyType.ValueType)] = [
    ("STRING", .string), ("VARCHAR", .string),
    ("INT64", .integer), ("INT", .integer), ("INTEGER", .integer), ("BIGINT", .integer),
    ("FLOAT64", .float), ("FLOAT", .float),
    ("BOOL", .boolean), ("BOOLEAN", .boolean),
    ("BYTES", .bytes), ("DATE", .date), ("DURATION", .duration),
  ]

  private mutating func second(
    after first: SchemaToken, _ choices: KeyValuePairs<Text, PropertyType.ValueType>
  ) throws -> PropertyType.ValueType {
    for (word, type) in choices where acceptKeyword(word) { return type }
    throw report.error(
      "after \(first.text) comes DATETIME or TIME, not \(shown)", at: current.place,
      advice: "Write for example \(first.text) DATETIME.")
  }

  /// `WITH TIME ZONE` is true, `WITHOUT TIME ZONE` or nothing false.
  private mutating func timeZoneWords() throws -> Bool {
    let isZoned = acceptKeyword("WITH")
    guard isZoned || acceptKeyword("WITHOUT") else { return false }
    try expectKeyword("TIME", advice: "Write WITH TIME ZONE.")
    try expectKeyword("ZONE", advice: "Write WITH TIME ZONE.")
    return isZoned
  }
}
