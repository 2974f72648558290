// Reads a family tree in one query: BASED_ON joins each proposal to at most one other, so that the
// descendants of a proposal are a tree and its ancestors a chain. Other parents are notes beside
// it.

import Base
public import Stemma

extension Descent {
  /// The descent of the proposal that a key leads to: of the proposal itself, or of the one that a
  /// run, eval, comparison, critique, decision or report is about; a campaign leads to its
  /// baseline.
  ///
  /// - Parameter limit: the most proposals that are shown, nearest first.
  /// - Throws: `key.not-found`; errors of queries.
  public static func of(
    _ key: String, direction: Direction, in database: Database,
    options: QueryOptions = QueryOptions(), limit: Int = 500
  ) throws -> Descent {
    let (start, snapshot) = try RecordLookup.find(key, in: database, options: options)
    var options = options
    options.asOf = .transaction(snapshot)
    let proposal = try Self.proposal(of: start, in: database, options: options)
    let pattern =
      switch direction {
      case .ancestors: "(root)-[:BASED_ON*0..]->(p:Proposal)"
      case .descendants: "(root)<-[:BASED_ON*0..]-(p:Proposal)"
      }
    let result = try database.query(
      """
      MATCH (root:Proposal {key: $key})
      MATCH \(pattern)
      WITH DISTINCT p ORDER BY id(p)\(direction == .ancestors ? " DESC" : "") LIMIT $limit
      OPTIONAL MATCH (p)-[:BASED_ON]->(base:Proposal)
      WITH p, base
      OPTIONAL MATCH (p)-[other:DERIVED_FROM]->(parent:Proposal) WHERE other.role <> 'base'
      WITH p, base, collect(parent.key) AS parents, collect(other.role) AS roles
      OPTIONAL MATCH (c:Comparison {stage: 'confirm'})-[:COMPARES]->(p)
      WITH p, base, parents, roles, c ORDER BY id(c)
      WITH p, base, parents, roles, collect(c)[-1] AS comparison
      OPTIONAL MATCH (comparison)-[:AGAINST]->(rival:Proposal)
      RETURN p, base.key AS base, parents, roles, comparison, collect(rival.key)[0] AS against
      ORDER BY id(p)
      """,
      parameters: ["key": .text(proposal), "limit": .integer(Int64(limit) + 1)],
      options: options)
    var tree = DescentTree(result: result, direction: direction)
    let isCut = tree.rows.count > limit
    // Rows come oldest first; the one too many is the furthest from the proposal.
    if isCut { tree.rows.remove(at: direction == .ancestors ? 0 : limit) }
    guard let root = tree.node(proposal) else {
      if let limit = result.stoppedBy {
        throw StemmaError(
          .limitReached, "the lineage of \(proposal) was not found before \(limit)",
          advice: "Raise the limit, or ask for fewer records with --limit.")
      }
      throw StemmaError(.keyNotFound, "there is no proposal \(proposal)")
    }
    return Descent(
      root: root, direction: direction, shown: tree.shown,
      complete: !isCut && result.complete, snapshot: snapshot)
  }

  private static func proposal(
    of start: RecordSummary, in database: Database, options: QueryOptions
  ) throws -> String {
    if start.kind == RecordKind.proposal.rawValue { return start.key }
    // A campaign has many proposals and few baselines: it is found from those.
    let pattern =
      switch RecordKind(rawValue: start.kind) {
      case .campaign:
        "MATCH (p:Proposal {kind: 'baseline'}) MATCH (p)-[:IN*1..3]->(n:Campaign {key: $key})"
      case .round: "MATCH (p:Proposal)-[:IN]->(n:Round {key: $key})"
      default:
        """
        MATCH (n:\(start.kind) {key: $key})
              -[:EXECUTES|EVALUATES|COMPARES|CRITIQUES|REPORTS|RESULTED_IN|DECIDES*1..4]->
              (p:Proposal)
        """
      }
    let result = try database.query(
      pattern + " RETURN p.key ORDER BY id(p) LIMIT 1",
      parameters: ["key": .text(start.key)], options: options)
    guard case .string(let key)? = result.rows.first?.first else {
      throw StemmaError(
        .keyNotFound, "\(start.key) leads to no proposal",
        advice: "Ask for the lineage of a proposal (P...), a run, an eval or a campaign.")
    }
    return key.string
  }
}

/// Puts the rows of the query together.
private struct DescentTree {
  struct Row {
    var node: DescentNode
    var base: String?
  }

  var rows: [Row] = []
  let direction: Descent.Direction
  private(set) var shown = 0

  init(result: QueryResult, direction: Descent.Direction) {
    self.direction = direction
    for values in result.rows {
      guard case .node(let id) = values[0], let record = result.entities.nodes[id] else { continue }
      var base: String?
      if case .string(let key) = values[1] { base = key.string }
      let parents = zip(Self.texts(values[2]), Self.texts(values[3]))
      rows.append(
        Row(
          node: DescentNode(
            record: RecordSummary(record),
            title: Self.texts(record.properties["title"]).first ?? "",
            status: Self.texts(record.properties["status"]).first ?? "",
            changed: Self.texts(record.properties["changed"]),
            effect: Self.effect(values[4], against: values[5], base: base, result.entities),
            alsoFrom: parents.map { .init(key: $0, role: $1) }, children: []),
          base: base))
    }
  }

  /// The tree from the proposal that was asked about. Deep chains are built from the far end, so
  /// that depth costs no stack.
  mutating func node(_ key: String) -> DescentNode? {
    var nodes: [String: DescentNode] = [:]
    for row in rows { nodes[row.node.record.key] = row.node }
    guard nodes[key] != nil else { return nil }
    shown = nodes.count
    // A proposal is newer than its base: newest first, each is complete when it is attached.
    let order = direction == .descendants ? rows.reversed() : rows
    for row in order {
      let own = row.node.record.key
      guard let base = row.base else { continue }
      let (child, parent) = direction == .descendants ? (own, base) : (base, own)
      guard child != key, let finished = nodes[child], nodes[parent] != nil else { continue }
      nodes[parent]?.children.insert(finished, at: 0)
      if direction == .ancestors { nodes[child] = nil }
    }
    return nodes[key]
  }

  private static func texts(_ value: Value?) -> [String] {
    switch value {
    case .string(let text): [text.string]
    case .list(let values):
      values.compactMap { if case .string(let text) = $0 { text.string } else { nil } }
    default: []
    }
  }

  private static func effect(
    _ value: Value, against: Value, base: String?, _ entities: EntityTable
  ) -> DescentNode.Effect? {
    guard case .node(let id) = value, let comparison = entities.nodes[id]?.properties,
      case .float(let effect)? = comparison["effect"]
    else { return nil }
    func number(_ name: Text) -> Double? {
      if case .float(let value)? = comparison[name] { value } else { nil }
    }
    let rival = texts(against).first
    return DescentNode.Effect(
      value: effect, lower: number("lower"), upper: number("upper"),
      verdict: texts(comparison["verdict"]).first, against: rival,
      isAgainstBase: rival == nil || rival == base)
  }
}
