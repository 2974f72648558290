// Which records go into a bundle with their contents. The headers of all others go along, so that
// what is left out is known and counted.

public import Base
import Graph
import Stemma

/// What a bundle is to be about.
public enum BundleSelection: Sendable, Hashable {
  case everything
  /// The nodes and edges that a query returns, with all their versions.
  case query(String)
  /// A campaign with its rounds and what was done in them.
  case campaign(String)
  /// Records from this one on.
  case since(TransactionNumber)

  /// How the bundle says it.
  var words: String {
    switch self {
    case .everything: "everything"
    case .query(let text): "query: \(text)"
    case .campaign(let key): "campaign: \(key)"
    case .since(let number): "since: \(number.rawValue)"
    }
  }
}

extension BundleSelection {
  private static let campaign = """
    MATCH (c:Campaign {key: $key})<-[:IN*0..3]-(n) OPTIONAL MATCH (n)-[e]-(m) RETURN n, e, m
    """

  /// The records to include, ascending; `nil` for all.
  func records(_ database: Database, size: UInt64) throws -> Set<UInt64>? {
    switch self {
    case .everything: return nil
    case .since(let number):
      let first = max(1, number.rawValue)
      let trail = try database.readLog(at: TransactionNumber(size)) { try Self.trail($0) }
      return trail.union(first <= size ? Array(first...size) : [])
    case .query(let text): return try records(database, size, text, [:])
    case .campaign(let key):
      return try records(database, size, Self.campaign, ["key": .text(key)])
    }
  }

  private func records(
    _ database: Database, _ size: UInt64, _ query: String, _ parameters: [String: Value]
  ) throws -> Set<UInt64> {
    var nodes: Set<NodeID> = []
    var edges: Set<EdgeID> = []
    let options = QueryOptions(asOf: .transaction(TransactionNumber(size)))
    let result = try database.query(query, parameters: parameters, options: options) {
      _, _, entities in
      nodes.formUnion(entities.nodes.keys)
      edges.formUnion(entities.edges.keys)
      return true
    }
    guard result.complete, !nodes.isEmpty || !edges.isEmpty else {
      throw StemmaError(
        .argumentInvalid, "\(words) returns no nodes or relationships to export",
        advice: "return them whole, as in RETURN n, r")
    }
    return try database.readLog(at: TransactionNumber(size)) { graph in
      var records: Set<UInt64> = []
      for node in nodes {
        if let creation = try graph.creation(of: node) { records.insert(creation.rawValue) }
        for version in try graph.versions(of: node) { records.insert(version.rawValue) }
      }
      for edge in edges {
        if let creation = try graph.creation(of: edge) { records.insert(creation.rawValue) }
        for version in try graph.versions(of: edge) { records.insert(version.rawValue) }
      }
      return try records.union(Self.trail(graph))
    }
  }

  /// The records about the log itself go along with every part: keys and checkpoints are in them.
  private static func trail(_ graph: borrowing GraphView) throws -> Set<UInt64> {
    var records: Set<UInt64> = []
    for kind in TrailEntry.Kind.allCases {
      for (transaction, _) in try graph.trail(kind) { records.insert(transaction.rawValue) }
    }
    return records
  }
}
