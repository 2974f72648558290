// A node for programs: labels, properties and edges as one JSON object or CSV rows.

import Base
import Rendering
import Stemma

/// What `show` writes for other readers than people.
struct NodeFacts {
  let node: NodeRecord
  let edges: QueryResult
  let shownEdges: Int

  /// One object on one line.
  var json: String {
    let values = ValueText(entities: edges.entities)
    var json = JSONText()
    json.beginObject()
    json.name("key")
    if let key = node.key { json.string(key.string) } else { json.null() }
    json.name("labels")
    json.beginArray()
    for label in node.labels { json.string(label.string) }
    json.endArray()
    json.name("properties")
    values.write(.map(node.properties), to: &json)
    json.name("edges")
    json.beginArray()
    for row in edges.rows.prefix(shownEdges) {
      json.beginObject()
      for (name, value) in [
        ("type", row[0]), ("outgoing", row[1]), ("node", key(of: row[2])), ("properties", row[3]),
      ] {
        json.name(name)
        values.write(value, to: &json)
      }
      json.endObject()
    }
    json.endArray()
    json.name("edgeCount")
    json.integer(Int64(edges.rows.count))
    json.name("complete")
    json.boolean(edges.rows.count <= shownEdges && edges.complete)
    json.name("snapshot")
    json.integer(Int64(clamping: edges.snapshot.rawValue))
    json.endObject()
    return json.text + "\n"
  }

  /// Its properties, one per line, and nothing else: edges have no place in such a table.
  var csv: String {
    let values = ValueText(entities: edges.entities)
    return CSVText.line(["property", "value"])
      + node.properties.entries.map { CSVText.line([$0.key.string, values.cell($0.value)]) }
      .joined()
  }

  /// The key of the node at the other end, or its number.
  private func key(of value: Value) -> Value {
    guard case .node(let id) = value else { return .null }
    return edges.entities.nodes[id]?.key.map { .string($0) } ?? .integer(Int64(id.rawValue))
  }
}
