// JSON as Cypher values: objects are maps, so that one reader, one writer and one type serve both
// the protocol and what the graph answers.

import Base
import Rendering
import Stemma

/// Shorthand for building answers.
enum JSON {
  /// Longer messages are refused unread.
  static let limits = StrictJSON.Limits(bytes: 4 << 20)
  /// For trees of ours, which nest deeper than messages may.
  static let deepLimits = StrictJSON.Limits(bytes: 4 << 20, depth: 2_000)

  static func integer(_ number: Int) -> Value { .integer(Int64(number)) }

  /// The value on one line.
  static func line(_ value: Value) -> String {
    var json = JSONText()
    ValueText(entities: EntityTable()).write(value, to: &json)
    return json.text
  }

  /// A text of this program as a value; what does not parse is a defect that a test finds.
  static func literal(_ text: StaticString) -> Value {
    (try? StrictJSON.parse(Array("\(text)".utf8), limits: limits)) ?? .null
  }

  /// A value of a row, with the entities that it mentions spelled out.
  static func plain(_ value: Value, _ entities: EntityTable) -> Value {
    switch value {
    case .node(let id):
      guard let node = entities.nodes[id] else { return .integer(Int64(id.rawValue)) }
      return Value.object([
        ("key", node.key.map { .string($0) }), ("labels", .list(node.labels.map { .string($0) })),
        ("properties", plain(.map(node.properties), entities)),
      ])
    case .edge(let id):
      guard let edge = entities.edges[id] else { return .integer(Int64(id.rawValue)) }
      return Value.object([
        ("type", .string(edge.type)), ("from", name(edge.from, entities)),
        ("to", name(edge.to, entities)), ("properties", plain(.map(edge.properties), entities)),
      ])
    case .path(let path):
      return Value.object([
        ("nodes", .list(path.nodes.map { name($0, entities) })),
        ("edges", .list(path.edges.map { plain(.edge($0), entities) })),
      ])
    case .list(let values): return .list(values.map { plain($0, entities) })
    case .map(let map):
      return .map(ValueMap(map.entries.map { ($0.key, plain($0.value, entities)) }))
    case .date, .localTime, .time, .localDateTime, .dateTime, .duration:
      return .text(value.temporalText ?? "")
    default: return value
    }
  }

  private static func name(_ id: NodeID, _ entities: EntityTable) -> Value {
    entities.nodes[id]?.key.map { .string($0) } ?? .integer(Int64(id.rawValue))
  }
}

extension Value {
  /// A member of an object; `nil` where this is none or it is missing or null.
  func member(_ name: Text) -> Value? {
    guard case .map(let map) = self, let value = map[name], value != .null else { return nil }
    return value
  }

  var string: String? {
    if case .string(let text) = self { return text.string }
    return nil
  }

  var int: Int? {
    if case .integer(let number) = self { return Int(exactly: number) }
    return nil
  }
}
