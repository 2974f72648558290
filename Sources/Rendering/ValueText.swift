// One value as a person reads it in a table cell, and as JSON. Nodes and edges are looked up in the
// entity table that came with the rows.

package import Base
package import Stemma

/// Renders values with the entities that they mention.
package struct ValueText: Sendable {
  package var entities: EntityTable

  package init(entities: EntityTable) { self.entities = entities }

  /// A cell of a table: strings bare, nodes by key and label, everything else as a literal.
  package func cell(_ value: Value) -> String {
    switch value {
    case .null: return ""
    case .string(let text): return text.string
    case .date, .localTime, .time, .localDateTime, .dateTime, .duration:
      return value.temporalText ?? ""
    default: return inner(value)
    }
  }

  /// A value inside a list or map: strings quoted.
  private func inner(_ value: Value) -> String {
    switch value {
    case .node(let id): return node(id)
    case .edge(let id): return edge(id)
    case .path(let path): return self.path(path)
    case .list(let values): return "[" + values.map(inner).joined(separator: ", ") + "]"
    case .map(let map):
      let entries = map.entries.map { $0.key.string + ": " + inner($0.value) }
      return "{" + entries.joined(separator: ", ") + "}"
    default: return value.description
    }
  }

  private func node(_ id: NodeID) -> String {
    guard let record = entities.nodes[id] else { return "(#\(id.rawValue))" }
    let labels = record.labels.map { ":" + $0.string }.joined()
    if let key = record.key { return "(" + key.string + " " + labels + standing(record) + ")" }
    return "(" + labels + properties(record.properties, after: labels) + ")"
  }

  /// Whether an eval is our runner's word or a claim.
  private func standing(_ record: NodeRecord) -> String {
    guard record.labels.contains("Eval"), case .string(let word)? = record.properties["standing"]
    else { return "" }
    return ", " + word.string
  }

  private func edge(_ id: EdgeID) -> String {
    guard let record = entities.edges[id] else { return "[#\(id.rawValue)]" }
    return "[:" + record.type.string + properties(record.properties, after: ":") + "]"
  }

  private func properties(_ map: ValueMap, after prefix: String) -> String {
    map.isEmpty ? "" : (prefix.isEmpty ? "" : " ") + inner(.map(map))
  }

  private func path(_ path: Path) -> String {
    var text = node(path.nodes[0])
    for (index, id) in path.edges.enumerated() {
      let isForward = entities.edges[id].map { $0.from == path.nodes[index] } ?? true
      text += (isForward ? "-" : "<-") + edge(id) + (isForward ? "->" : "-")
      text += node(path.nodes[index + 1])
    }
    return text
  }
}

extension ValueText {
  /// Writes a value as JSON. Temporal values become ISO 8601 texts, nodes and edges objects.
  package func write(_ value: Value, to json: inout JSONText) {
    switch value {
    case .null: json.null()
    case .boolean(let value): json.boolean(value)
    case .integer(let value): json.integer(value)
    case .float(let value): json.number(value)
    case .string(let text): json.string(text.string)
    case .bytes(let bytes): json.string(HexText.encode(bytes))
    case .list(let values):
      json.beginArray()
      for value in values { write(value, to: &json) }
      json.endArray()
    case .map(let map): write(map, to: &json)
    case .node(let id): write(node: id, to: &json)
    case .edge(let id): write(edge: id, to: &json)
    case .path(let path):
      json.beginObject()
      json.name("nodes")
      write(.list(path.nodes.map { .node($0) }), to: &json)
      json.name("edges")
      write(.list(path.edges.map { .edge($0) }), to: &json)
      json.endObject()
    case .date, .localTime, .time, .localDateTime, .dateTime, .duration:
      json.string(value.temporalText ?? "")
    }
  }

  private func write(_ map: ValueMap, to json: inout JSONText) {
    json.beginObject()
    for entry in map.entries {
      json.name(entry.key.string)
      write(entry.value, to: &json)
    }
    json.endObject()
  }

  private func write(node id: NodeID, to json: inout JSONText) {
    json.beginObject()
    json.name("id")
    json.integer(Int64(clamping: id.rawValue))
    if let record = entities.nodes[id] {
      if let key = record.key {
        json.name("key")
        json.string(key.string)
      }
      json.name("labels")
      json.beginArray()
      for label in record.labels { json.string(label.string) }
      json.endArray()
      json.name("properties")
      write(record.properties, to: &json)
    }
    json.endObject()
  }

  private func write(edge id: EdgeID, to json: inout JSONText) {
    json.beginObject()
    json.name("id")
    json.integer(Int64(clamping: id.rawValue))
    if let record = entities.edges[id] {
      json.name("type")
      json.string(record.type.string)
      json.name("from")
      json.integer(Int64(clamping: record.from.rawValue))
      json.name("to")
      json.integer(Int64(clamping: record.to.rawValue))
      json.name("properties")
      write(record.properties, to: &json)
    }
    json.endObject()
  }
}
