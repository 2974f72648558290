// A node as a page: labels, properties, then its edges by type, each cut honestly.

import Base
import Rendering
import Stemma

struct NodePage {
  let database: Database
  let key: String
  let options: QueryOptions

  /// Edges shown before the rest is only counted.
  private static let edgeLimit = 40
  /// Edges that programs are given before the rest is only counted.
  private static let factLimit = 10_000

  func print(_ format: OutputFormat) throws {
    let parameters: [String: Value] = ["key": .text(key)]
    let found = try database.query(
      "MATCH (n {key: $key}) RETURN n", parameters: parameters, options: options)
    guard case .node(let id)? = found.rows.first?.first, let node = found.entities.nodes[id] else {
      throw StemmaError(
        .keyNotFound, "there is no node with the key \(key)",
        advice: "keys look like P42 or E17; try: stemma query 'MATCH (n) RETURN n.key LIMIT 20'")
    }
    let edges = try edges(parameters)
    switch format {
    case .table: try Terminal.print(heading(node) + properties(node) + text(of: edges))
    case .json, .jsonl:
      try Terminal.print(
        NodeFacts(node: node, edges: edges, shownEdges: Self.factLimit).json)
    case .csv: try Terminal.print(NodeFacts(node: node, edges: edges, shownEdges: 0).csv)
    }
  }

  private func heading(_ node: NodeRecord) -> String {
    let style = Terminal.style
    let labels = node.labels.map { ":" + $0.string }.joined()
    return style.bold(node.key?.string ?? key) + " " + style.cyan(labels) + "\n"
  }

  private func properties(_ node: NodeRecord) -> String {
    let values = ValueText(entities: EntityTable())
    let shown = node.properties.entries.filter { $0.key != "key" }
    let width = shown.map { DisplayWidth.columns(of: $0.key.string) }.max() ?? 0
    return shown.map { entry in
      let name = DisplayWidth.pad(entry.key.string, to: width)
      let lines = values.cell(entry.value).split(separator: "\n", omittingEmptySubsequences: false)
      let indent = "\n" + String(repeating: " ", count: width + 4)
      let text = lines.map { DisplayWidth.harmless(String($0)) }.joined(separator: indent)
      return "  " + Terminal.style.faint(name) + "  " + text + "\n"
    }.joined()
  }

  private func edges(_ parameters: [String: Value]) throws -> QueryResult {
    try database.query(
      """
      MATCH (n {key: $key})-[e]-(m)
      RETURN type(e) AS type, startNode(e) = n AS outgoing, m, properties(e) AS properties
      ORDER BY type, outgoing DESC
      """, parameters: parameters, options: options)
  }

  private func text(of result: QueryResult) -> String {
    let values = ValueText(entities: result.entities)
    var text = ""
    for row in result.rows.prefix(Self.edgeLimit) {
      guard case .boolean(let isOutgoing) = row[1] else { continue }
      let type = values.cell(row[0])
      let arrow = isOutgoing ? "-[:\(type)]->" : "<-[:\(type)]-"
      var extra = ""
      if case .map(let map) = row[3], !map.isEmpty { extra = " " + values.cell(row[3]) }
      text += "  \(arrow) \(DisplayWidth.harmless(values.cell(row[2]) + extra))\n"
    }
    if result.rows.count > Self.edgeLimit {
      text += "  shown \(Self.edgeLimit) of \(NumberText.grouped(result.rows.count)) edges\n"
    }
    return text
  }
}
