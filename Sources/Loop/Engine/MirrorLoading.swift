// Fills a mirror from the graph, by Cypher only. One query per kind of node: the node with its
// outgoing edges, found along fixed paths from the campaign.

import Base
import Stemma

extension Mirror {
  /// How each kind of node hangs together with the campaign `c`.
  private static let paths: [(label: Text, pattern: String)] = [
    ("Campaign", "(n:Campaign {name: $name})"),
    ("Objective", "(n:Objective)-[:IN]->(c:Campaign {name: $name})"),
    ("Control", "(n:Control)-[:IN]->(c:Campaign {name: $name})"),
    ("Round", "(n:Round)-[:IN]->(c:Campaign {name: $name})"),
    ("Evaluator", "(c:Campaign {name: $name})-[:USES]->(n:Evaluator)"),
    ("Benchmark", "(c:Campaign {name: $name})-[:USES]->(n:Benchmark)"),
    ("Dataset", "(c:Campaign {name: $name})-[:USES]->(n:Dataset)"),
    // All of them: another campaign may have made the one that is used here.
    ("Environment", "(n:Environment)"),
    ("Prompt", "(c:Campaign {name: $name})-[:USES]->(n:Prompt)"),
    ("Model", "(c:Campaign {name: $name})-[:USES]->(n:Model)"),
    ("Policy", "(c:Campaign {name: $name})-[:USES]->(n:Policy)"),
    ("Finding", "(n:Finding)" + rounds),
    ("Artifact", "(c:Campaign {name: $name})-[:USES]->(n:Artifact)"),
    ("Artifact", "(n:Artifact)<-[:PRODUCED]-(:Run)" + rounds),
    ("Proposal", "(n:Proposal)" + rounds),
    ("Critique", "(n:Critique)-[:CRITIQUES]->(:Proposal)" + rounds),
    ("Decision", "(n:Decision)" + rounds),
    ("Run", "(n:Run)" + rounds),
    ("Attempt", "(n:Attempt)-[:IN]->(:Run)" + rounds),
    ("Eval", "(n:Eval)-[:EVALUATES]->(:Run)" + rounds),
    ("Comparison", "(n:Comparison)" + rounds),
    ("Noise", "(n:Noise)" + rounds),
    ("Report", "(n:Report)" + rounds),
    ("Call", "(n:Call)" + rounds),
    ("Charge", "(n:Charge)" + rounds),
  ]

  private static let rounds = "-[:IN]->(:Round)-[:IN]->(c:Campaign {name: $name})"

  /// The kinds of nodes that a mirror holds.
  static let labels = Set(paths.map(\.label))

  /// Everything that belongs to the campaign with a name; empty where there is none. Throws what
  /// the database throws.
  static func load(campaign name: String, from database: Database) throws -> Mirror {
    let mirror = Mirror()
    var found: [NodeID: MirrorNode] = [:]
    var edges: [EdgeID: EdgeRecord] = [:]
    for path in paths {
      let result = try database.query(
        "MATCH \(path.pattern) OPTIONAL MATCH (n)-[e]->() RETURN n, e",
        parameters: ["name": .text(name)])
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
