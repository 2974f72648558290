// The SQLite copy, and the pass over all nodes that also notes what did not come to its end.

import Base
import Graph

extension BundleExport {
  mutating func writeGraph(_ view: borrowing GraphView) throws {
    let copy = try SQLiteCopy(path: try folder.place("graph.sqlite"))
    for number in 1...max(1, checkpoint.size) where number <= checkpoint.size {
      if let chosen, !chosen.contains(number) { continue }
      let record = try Self.record(number, view)
      let header = record.header
      try copy.insert(
        .records,
        [
          .integer(Int64(number)), .integer(header.committedAt.rawValue),
          .text(header.actor.string), header.onBehalfOf.map { .text($0.string) } ?? .null,
          .text(header.reason.string), .integer(Int64(header.operationCount)),
          .text(record.leaf.hex),
        ])
    }
    var columns: [Text: Set<Text>] = [:]
    var json = PlainJSON()
    var (nodes, edges) = (0, 0)
    var absent = absent
    try graph.forEachNode(view) { node in
      nodes += 1
      absent.note(node)
      if let label = node.labels.first {
        columns[label, default: []].formUnion(node.properties.map(\.name))
      }
      json.clear()
      json.properties(node.properties)
      var labels = PlainJSON()
      labels.list(node.labels)
      try copy.insert(
        .nodes,
        [
          .integer(Int64(node.id)), node.key.map { .text($0.string) } ?? .null,
          node.labels.first.map { .text($0.string) } ?? .null, .text(labels.bytes),
          .integer(Int64(node.created)), .text(json.bytes),
        ])
    }
    try graph.forEachEdge(view) { edge in
      edges += 1
      json.clear()
      json.properties(edge.properties)
      try copy.insert(
        .edges,
        [
          .integer(Int64(edge.id)), .text(edge.type.string), .integer(Int64(edge.from)),
          .integer(Int64(edge.to)), .integer(Int64(edge.created)), .text(json.bytes),
        ])
    }
    self.absent = absent
    (summary.nodes, summary.edges) = (nodes, edges)
    let names = ["about", "records", "nodes", "edges"]
    let views = columns.keys.sorted().filter { !names.contains($0.string.lowercased()) }
    try copy.finish(labels: views.map { ($0, columns[$0]!.subtracting(["id", "key"]).sorted()) })
    try folder.adopt("graph.sqlite")
  }
}

extension PlainJSON {
  /// An array of texts.
  mutating func list(_ texts: [Text]) {
    raw("[")
    for (index, text) in texts.enumerated() {
      if index > 0 { raw(",") }
      string(text)
    }
    raw("]")
  }
}
