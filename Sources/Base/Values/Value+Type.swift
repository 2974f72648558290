// What a value is called in messages: the names of openCypher's types.

extension Value {
  /// `INTEGER`, `LIST`, `ZONED DATETIME`, ...: for messages and `valueType`.
  package var typeName: String {
    switch self {
    case .null: "NULL"
    case .list: "LIST"
    case .map: "MAP"
    case .node: "NODE"
    case .edge: "RELATIONSHIP"
    case .path: "PATH"
    default: scalarType.gqlName
    }
  }

  /// The type in a schema that a plain value has; `any` for what is composed or null.
  private var scalarType: PropertyType.ValueType {
    switch self {
    case .boolean: .boolean
    case .integer: .integer
    case .float: .float
    case .string: .string
    case .bytes: .bytes
    case .date: .date
    case .localTime: .localTime
    case .time: .time
    case .localDateTime: .localDateTime
    case .dateTime: .dateTime
    case .duration: .duration
    case .null, .list, .map, .node, .edge, .path: .any
    }
  }

  /// How deep lists and maps are nested: 0 for a plain value. Stops counting at `limit`.
  package func depth(limit: Int) -> Int {
    guard limit > 0 else { return 0 }
    switch self {
    case .list(let elements):
      var deepest = 0
      for element in elements { deepest = max(deepest, element.depth(limit: limit - 1)) }
      return deepest + 1
    case .map(let map):
      var deepest = 0
      for entry in map.entries { deepest = max(deepest, entry.value.depth(limit: limit - 1)) }
      return deepest + 1
    default: return 0
    }
  }
}
