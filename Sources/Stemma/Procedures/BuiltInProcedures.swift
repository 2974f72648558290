// The procedures that every store has.

import Base
import Executor
import Graph
import Planner

/// Procedures about the graph itself.
enum BuiltInProcedures {
  /// A procedure whose body is a function.
  struct Body: ProcedureBody {
    let call: @Sendable (
      _ arguments: [Value], _ graph: borrowing GraphView, _ run: ExecutionRun
    ) throws -> [[Value]]

    func rows(
      _ arguments: [Value], _ graph: borrowing GraphView, _ run: ExecutionRun
    ) throws -> [[Value]] { try call(arguments, graph, run) }
  }

  static let all: [(ProcedureSignature, any ProcedureBody)] = [
    (signature("db.indexes", outputs: [
      ("name", "STRING"), ("label", "STRING"), ("properties", "LIST OF STRING"),
      ("unique", "BOOLEAN"), ("entries", "INTEGER"),
    ], "the ordered indexes"), Body { _, graph, _ in try indexes(graph) }),
    (signature("db.schema", outputs: [
      ("kind", "STRING"), ("name", "STRING"), ("from", "STRING?"), ("to", "STRING?"),
      ("properties", "LIST OF STRING"), ("description", "STRING"),
    ], "kinds of nodes and relationships"), Body { _, graph, _ in try schema(graph) }),
  ]

  static func signature(
    _ name: Text, inputs: [(Text, String)] = [], outputs: [(Text, String)], _ summary: Text
  ) -> ProcedureSignature {
    ProcedureSignature(
      name: name, inputs: inputs.map { Procedure.Field(name: $0.0, type: $0.1).signature },
      outputs: outputs.map { Procedure.Field(name: $0.0, type: $0.1).signature },
      summary: summary)
  }

  static func indexes(_ graph: borrowing GraphView) throws -> [[Value]] {
    try graph.indexes().map { index in
      [
        .string(index.definition.name), .string(index.definition.label),
        .list(index.definition.properties.map { .string($0) }),
        .boolean(index.definition.isUnique), .integer(Int64(index.entryCount)),
      ]
    }
  }

  private static func schema(_ graph: borrowing GraphView) throws -> [[Value]] {
    guard let schema = try graph.schema() else { return [] }
    let nodes: [[Value]] = schema.nodeTypes.map { kind in
      [
        .text("node"), .string(kind.label), .null, .null,
        .list(kind.properties.map { .string($0.name) }), .string(kind.documentation),
      ]
    }
    let edges: [[Value]] = schema.edgeTypes.map { kind in
      [
        .text("relationship"), .string(kind.type), .string(kind.from), .string(kind.to),
        .list(kind.properties.map { .string($0.name) }), .string(kind.documentation),
      ]
    }
    return nodes + edges
  }
}
