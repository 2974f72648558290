// Which evals are really their runner's word: each that says so must carry a statement about
// itself, signed by a runner's key that counted when it was recorded. Nothing else is written, and
// what a store holds is checked again.

import Base
public import Graph
import Signing
import Stemma

extension AuditTrail {
  /// Evals with the keys of their runs; `nil` where the schema knows neither, so that no node can
  /// say that it is attested.
  private func attestedQuery() throws -> String? {
    let all = "MATCH (e {standing: 'attested'}) "
    guard let schema = try database.schema() else {
      return all + "OPTIONAL MATCH (e)-[:EVALUATES]->(r) RETURN e, r.key"
    }
    let names = schema.nodeTypes.flatMap { $0.properties.map(\.name) }
    guard names.contains("standing") else { return nil }
    let hasRuns = schema.edgeTypes.contains { $0.type == "EVALUATES" }
    return all
      + (hasRuns
        ? "OPTIONAL MATCH (e)-[:EVALUATES]->(r) RETURN e, r.key" : "RETURN e, null")
  }

  /// The evals that say they are attested and are not, with the reason in words, and how many are.
  public func attestations() throws -> (faults: [String], attested: Int) {
    guard let query = try attestedQuery() else { return ([], 0) }
    let history = try keys()
    var faults: [String] = []
    var attested = 0
    _ = try database.query(query) { _, rows, entities in
      for row in rows {
        guard case .node(let id) = row[0], let node = entities.nodes[id] else { continue }
        let run: Text? = if case .string(let key) = row[1] { key } else { nil }
        do {
          let (creation, isSilent) = try database.readLog { try Self.creation(of: id, $0) }
          if isSilent { continue }
          let runners = history.keys(.runner, atSize: creation - 1)
          let said = Dictionary(
            uniqueKeysWithValues: node.properties.entries.map { ($0.key, $0.value) })
          if let fault = Self.fault(said, run, runners, origin) {
            faults.append("\(node.key?.string ?? "node \(id.rawValue)"): \(fault)")
          } else {
            attested += 1
          }
        } catch {
          faults.append("node \(id.rawValue): it cannot be read")
        }
      }
      return true
    }
    return (faults, attested)
  }

  /// The record that created a node, and whether something in it is withheld.
  private static func creation(
    of node: NodeID, _ graph: borrowing GraphView
  ) throws -> (record: UInt64, isSilent: Bool) {
    guard let creation = try graph.creation(of: node), let record = try graph.record(of: creation)
    else { return (1, false) }
    let isSilent = record.withheld.keys.contains {
      record.operations[$0.operation].subject == .node(node.rawValue)
    }
    return (creation.rawValue, isSilent)
  }

  // MARK: Writing

  /// Refuses nodes that would say they are attested and are not. For whoever opens a store.
  public static let attestationRule = WriteRule(
    property: "standing", value: .text("attested")
  ) { bearer, store, graph in
    let origin = origin(of: store)
    let size = try graph.creation(of: bearer.node).map { $0.rawValue - 1 }
    let runners = try keys(graph, origin: origin)
      .keys(.runner, atSize: size ?? graph.snapshot.rawValue)
    guard let fault = fault(bearer.properties, try run(of: bearer, graph), runners, origin) else {
      return
    }
    throw StemmaError(
      .writeRejected, "standing is \"attested\", but \(fault)",
      advice: "write standing: 'claimed'; what `stemma loop run` measures is attested by its runner"
    )
  }

  /// The key of the run that an eval in the making is of; `nil` where that is not said yet.
  private static func run(
    of bearer: WriteRule.Bearer, _ graph: borrowing GraphView
  ) throws -> Text? {
    var run: NodeID?
    for case .createEdge(_, "EVALUATES", bearer.node, let to, _) in bearer.changes { run = to }
    guard let run else { return nil }
    for case .createNode(run, _, let key, _) in bearer.changes { return key }
    return try graph.key(of: run)
  }

  /// What is wrong with an attestation.
  private static func fault(
    _ properties: [Text: Value], _ run: Text?, _ runners: [NoteKey], _ origin: String
  ) -> String? {
    guard case .string(let signature)? = properties["signature"],
      case .string(let statement)? = properties["statement"]
    else { return "it is said to be attested, and has no statement and signature" }
    guard EvalStatement.isSigned(statement, signature, byAnyOf: runners) else {
      return "it is said to be attested, and no runner of this log signed that"
    }
    guard let said = try? EvalStatement.measured(statement) else {
      return "its statement is about no eval"
    }
    var facts = ValueMap()
    for (name, value) in properties
    where EvalStatement.measuredNames.contains(name) && !value.isNull { facts[name] = value }
    facts["log"] = .text(origin)
    facts["run"] = run.map { .string($0) } ?? said["run"]
    return facts == said ? nil : "its runner attested other facts"
  }
}
