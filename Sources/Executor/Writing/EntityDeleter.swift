// DELETE and DETACH DELETE. What all rows name is collected first: relationships go before nodes,
// so that a clause may name both in any order.

import Base
import Graph
import Planner

/// Collects and deletes entities.
struct EntityDeleter {
  private let isDetaching: Bool
  private let expressions: [CompiledExpression]
  private var nodes: [NodeID] = []
  private var edges: [EdgeID] = []
  private var seenNodes: Set<NodeID> = []
  private var seenEdges: Set<EdgeID> = []

  init(_ delete: BoundDelete, _ builder: OperatorBuilder) throws {
    isDetaching = delete.isDetaching
    expressions = try delete.expressions.map { try builder.compile($0) }
  }

  /// Notes what a row names.
  mutating func collect(
    _ row: Int, of rows: Batch, _ transaction: inout GraphTransaction, _ run: ExecutionRun
  ) throws {
    for expression in expressions {
      try run.tick()
      let value = try transaction.read { graph in
        try expression.value(rows, row: row, graph, run.evaluation)
      }
      try note(value)
    }
  }

  private mutating func note(_ value: Value) throws {
    switch value {
    case .null: break
    case .node(let node): if seenNodes.insert(node).inserted { nodes.append(node) }
    case .edge(let edge): if seenEdges.insert(edge).inserted { edges.append(edge) }
    case .path(let path):
      for edge in path.edges { try note(.edge(edge)) }
      for node in path.nodes { try note(.node(node)) }
    default:
      throw StemmaError(
        .queryRuntime, "DELETE needs a node, relationship or path, not \(value.typeName)",
        classification: CypherClassification(
          type: "TypeError", phase: .runtime, detail: "InvalidArgumentType"))
    }
  }

  /// Notes the types of the relationships that go with a node.
  private func noteEdges(
    of node: NodeID, _ transaction: inout GraphTransaction, _ run: ExecutionRun
  ) throws {
    var adjacent: [AdjacentEdge] = []
    try transaction.read { try $0.expand(node, .both, types: [], into: &adjacent) }
    for met in adjacent { run.evaluation.deletedEdges.note(met.edge, type: met.type) }
  }

  /// Deletes what was collected and still exists.
  mutating func delete(
    _ transaction: inout GraphTransaction, _ run: ExecutionRun, _ changes: inout GraphChanges
  ) throws {
    for edge in edges {
      try run.tick()
      guard let ends = try transaction.read({ try $0.edge(edge) }) else { continue }
      run.evaluation.deletedEdges.note(edge, type: ends.type)
      _ = try transaction.apply(.deleteEdge(.id(edge)))
      changes.edgesDeleted += 1
    }
    for node in nodes {
      try run.tick()
      guard try transaction.read({ try $0.exists(node) }) else { continue }
      if !isDetaching, try transaction.read({ try $0.degree(node, .both, types: []) }) > 0 {
        throw StemmaError(
          .queryRuntime, "a node that still has relationships cannot be deleted",
          advice: "delete its relationships as well, or write DETACH DELETE",
          classification: CypherClassification(
            type: "ConstraintVerificationFailed", phase: .runtime,
            detail: "DeleteConnectedNode"))
      }
      if isDetaching { try noteEdges(of: node, &transaction, run) }
      let applied = try transaction.apply(.deleteNode(.id(node), detach: isDetaching))
      changes.nodesDeleted += 1
      changes.edgesDeleted += applied.detachedEdges.count
    }
  }
}
