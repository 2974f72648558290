// What the columns of CSV files mean: which are properties of which type, which identify a node,
// which are the ends of an edge. Types are said, never guessed from the values.

public import Base

/// A mapping of files to nodes and edges, in JSON; docs/interchange.md describes it.
public struct CSVMapping: Sendable {
  /// A column that becomes a property.
  struct Column: Sendable {
    var column: Text
    var property: Text
    var type: PropertyType.ValueType
  }

  struct Nodes: Sendable {
    var file: String
    var labels: [Text]
    /// The column that edges name nodes by, where there is one.
    var identity: Text?
    /// The column with the node's key.
    var key: Text?
    var columns: [Column]
  }

  struct End: Sendable {
    var column: Text
    var label: Text
  }

  struct Edges: Sendable {
    var file: String
    var type: Text
    var from: End
    var to: End
    var columns: [Column]
  }

  var nodes: [Nodes] = []
  var edges: [Edges] = []
  var indexes: [IndexDefinition] = []

  /// A mapping is no longer than this.
  private static let limitBytes = 1 << 20

  /// Reads a mapping. Throws `file.unreadable` with what is wrong.
  public init(json: [UInt8]) throws(StemmaError) {
    let value: Value
    do throws(JSONRefusal) {
      value = try StrictJSON.parse(
        json, limits: StrictJSON.Limits(bytes: Self.limitBytes, refusesWideIntegers: true))
    } catch {
      throw Self.fault("the mapping is no JSON (at byte \(error.offset))")
    }
    guard case .map(let mapping) = value else { throw Self.fault("a mapping is an object") }
    for entry in mapping.entries where !["nodes", "edges", "indexes"].contains(entry.key) {
      throw Self.fault("a mapping has `nodes`, `edges` and `indexes`, not `\(entry.key)`")
    }
    for item in try Self.list(mapping, "nodes") {
      nodes.append(
        Nodes(
          file: try Self.text(item, "file").string, labels: try Self.labels(item),
          identity: try Self.optional(item, "id"), key: try Self.optional(item, "key"),
          columns: try Self.columns(item)))
    }
    for item in try Self.list(mapping, "edges") {
      edges.append(
        Edges(
          file: try Self.text(item, "file").string, type: try Self.text(item, "type"),
          from: try Self.end(item, "from"), to: try Self.end(item, "to"),
          columns: try Self.columns(item)))
    }
    for item in try Self.list(mapping, "indexes") {
      let properties = try Self.texts(item, "properties")
      indexes.append(
        IndexDefinition(
          name: try Self.text(item, "name"), label: try Self.text(item, "label"),
          properties: properties))
    }
  }

  private static func fault(_ message: String) -> StemmaError {
    StemmaError(.fileUnreadable, message, advice: "docs/interchange.md shows a mapping")
  }

  private static func list(_ map: ValueMap, _ name: Text) throws(StemmaError) -> [ValueMap] {
    guard let value = map[name] else { return [] }
    guard case .list(let items) = value else { throw fault("`\(name)` is a list") }
    var result: [ValueMap] = []
    for item in items {
      guard case .map(let map) = item else { throw fault("`\(name)` has objects in it") }
      result.append(map)
    }
    return result
  }

  private static func text(_ map: ValueMap, _ name: Text) throws(StemmaError) -> Text {
    guard case .string(let text)? = map[name] else { throw fault("`\(name)` is missing") }
    return text
  }

  private static func optional(_ map: ValueMap, _ name: Text) throws(StemmaError) -> Text? {
    map[name] == nil ? nil : try text(map, name)
  }

  private static func texts(_ map: ValueMap, _ name: Text) throws(StemmaError) -> [Text] {
    guard case .list(let items)? = map[name] else { throw fault("`\(name)` is a list of names") }
    var result: [Text] = []
    for item in items {
      guard case .string(let text) = item else { throw fault("`\(name)` is a list of names") }
      result.append(text)
    }
    return result
  }

  private static func labels(_ map: ValueMap) throws(StemmaError) -> [Text] {
    if case .string(let label)? = map["label"] { return [label] }
    return try texts(map, "labels")
  }

  private static func end(_ map: ValueMap, _ name: Text) throws(StemmaError) -> End {
    guard case .map(let end)? = map[name] else {
      throw fault("`\(name)` is an object with `column` and `label`")
    }
    return End(column: try text(end, "column"), label: try text(end, "label"))
  }

  /// `{ "column": "TYPE" }`, or `{ "column": { "property": "name", "type": "TYPE" } }`.
  private static func columns(_ map: ValueMap) throws(StemmaError) -> [Column] {
    guard let value = map["columns"] else { return [] }
    guard case .map(let columns) = value else { throw fault("`columns` is an object") }
    var result: [Column] = []
    for entry in columns.entries {
      switch entry.value {
      case .string(let type):
        result.append(
          Column(column: entry.key, property: entry.key, type: try valueType(type)))
      case .map(let detail):
        result.append(
          Column(
            column: entry.key, property: try text(detail, "property"),
            type: try valueType(try text(detail, "type"))))
      default: throw fault("the column `\(entry.key)` has no type")
      }
    }
    return result
  }

  private static func valueType(_ name: Text) throws(StemmaError) -> PropertyType.ValueType {
    switch name {
    case "INTEGER": return .integer
    case "FLOAT": return .float
    case "STRING": return .string
    case "BOOLEAN": return .boolean
    case "DATE": return .date
    case "ZONED DATETIME": return .dateTime
    default:
      throw fault(
        "`\(name)` is none of INTEGER, FLOAT, STRING, BOOLEAN, DATE and ZONED DATETIME")
    }
  }
}
