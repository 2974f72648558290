// The whole graph as text, times, places of files and lost attempts aside: what two campaigns have
// to agree on.

import Base
import Stemma

enum GraphText {
  static let times: Set<Text> = [
    "at", "startedAt", "endedAt", "askedAt", "handledAt", "checkedAt", "latencyMilliseconds",
    "uri",
  ]

  /// One line per node and edge, sorted.
  static func dump(_ database: Database) throws -> [String] {
    var lines: [String] = []
    let nodes = try database.query("MATCH (n) RETURN n")
    for record in nodes.entities.nodes.values where !record.labels.contains("Attempt") {
      let properties = record.properties.entries.filter { !times.contains($0.key) }
        .map { "\($0.key)=\($0.value)" }
      lines.append("\(record.labels) \(record.key ?? "-") \(properties.joined(separator: " "))")
    }
    let edges = try database.query("MATCH (a)-[e]->(b) RETURN a, e, b")
    for edge in edges.entities.edges.values {
      guard let from = edges.entities.nodes[edge.from], let to = edges.entities.nodes[edge.to],
        !from.labels.contains("Attempt")
      else { continue }
      lines.append(
        "\(from.key ?? "-") \(edge.type) \(to.key ?? "-") "
          + "\(edge.properties.entries.map { "\($0)" })"
      )
    }
    return lines.sorted()
  }
}
