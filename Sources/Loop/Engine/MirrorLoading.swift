// Fills a mirror from the graph, by Cypher only. One query per kind of node: the node with its
// outgoing edges, found along fixed paths from the campaign.

import Base
import Stemma

extension Mirror {
  /// An edge that makes a node one of the campaign's.
  struct Tie {
    var label: Text
    var type: Text
    /// Whether it starts at the node.
    var isOutgoing: Bool
    /// The kind of the node that it hangs on.
    var other: Text
  }

  /// How each kind of node but the campaign itself hangs together with it; what a tie hangs on
  /// stands before it.
  static let ties: [Tie] =
    ["Objective", "Control", "Round"].map { out($0, "IN", "Campaign") }
    + ["Evaluator", "Benchmark", "Dataset", "Prompt", "Model", "Policy", "Artifact"].map {
      Tie(label: $0, type: "USES", isOutgoing: false, other: "Campaign")
    }
    + ["Finding", "Proposal", "Decision", "Run", "Comparison", "Noise", "Report", "Call", "Charge"]
    .map { out($0, "IN", "Round") } + [
      out("Critique", "CRITIQUES", "Proposal"), out("Attempt", "IN", "Run"),
      out("Eval", "EVALUATES", "Run"),
      Tie(label: "Artifact", type: "PRODUCED", isOutgoing: false, other: "Run"),
    ]

  private static func out(_ label: Text, _ type: Text, _ other: Text) -> Tie {
    Tie(label: label, type: type, isOutgoing: true, other: other)
  }

  /// How queries find a kind of node from the campaign.
  private static let paths: [(label: Text, pattern: String)] =
    [
      ("Campaign", "(n:Campaign {name: $name})"),
      // All of them: another campaign may have made the one that is used here.
      ("Environment", "(n:Environment)"),
    ] + ties.map { ($0.label, "(n:\($0.label))" + path(of: $0)) }

  private static func path(of tie: Tie) -> String {
    let arrow = tie.isOutgoing ? "-[:\(tie.type)]->" : "<-[:\(tie.type)]-"
    guard let next = ties.first(where: { $0.label == tie.other }) else {
      return arrow + "(:\(tie.other) {name: $name})"
    }
    return arrow + "(:\(tie.other))" + path(of: next)
  }

  /// The kinds of nodes that a mirror holds.
  static let labels = Set(paths.map(\.label))

  /// Everything that belongs to the campaign with a name, as it was after a transaction (now for
  /// `nil`); empty where there is none. Throws what the database throws.
  static func load(
    campaign name: String, from database: Database, at transaction: TransactionNumber? = nil
  ) throws -> Mirror {
    // One moment for all queries: others append in between.
    let moment = QueryOptions(asOf: .transaction(try transaction ?? database.lastTransaction()))
    let mirror = Mirror()
    var found: [NodeID: MirrorNode] = [:]
    var edges: [EdgeID: EdgeRecord] = [:]
    for path in paths {
      let result = try database.query(
        "MATCH \(path.pattern) OPTIONAL MATCH (n)-[e]->() RETURN n, e",
        parameters: ["name": .text(name)], options: moment)
      for row in result.rows {
        guard case .node(let id)? = row.first else { continue }
        if found[id] == nil, let record = result.entities.nodes[id] {
          var properties = record.properties
          let key = record.key ?? Self.key(properties)
          properties["key"] = nil
          found[id] = MirrorNode(id: id, key: key, label: path.label, properties: properties)
        }
        if row.count > 1, case .edge(let edge) = row[1], edges[edge] == nil {
          edges[edge] = result.entities.edges[edge]
        }
      }
    }
    for node in found.values.sorted(by: { $0.id < $1.id }) { mirror.insert(node) }
    for edge in edges.values.sorted(by: { $0.id < $1.id }) {
      mirror.connect(edge.from, edge.type, edge.to)
    }
    return mirror
  }

  private static func key(_ properties: ValueMap) -> Text {
    if case .string(let key)? = properties["key"] { return key }
    return ""
  }
}

extension MirrorNode {
  /// The record with a key, of any campaign or of none; `nil` where there is none.
  static func find(_ key: Text, in database: Database) throws -> MirrorNode? {
    let found = try database.query(
      "MATCH (n {key: $key}) RETURN n", parameters: ["key": .string(key)])
    guard case .node(let id)? = found.rows.first?.first, let record = found.entities.nodes[id]
    else { return nil }
    return MirrorNode(
      id: id, key: key, label: record.labels.first ?? "", properties: record.properties)
  }
}
