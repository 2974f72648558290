// The procedures that every store has: about names, indexes and schema here, about the log and
// about descent in files of their own.

import Base
import Executor
import Graph
import Planner

/// Procedures about the graph itself.
enum BuiltInProcedures {
  /// A procedure whose body is a function.
  struct Body: ProcedureBody {
    let call:
      @Sendable (
        _ arguments: [Value], _ graph: borrowing GraphView, _ run: ExecutionRun
      ) throws -> [[Value]]

    func rows(
      _ arguments: [Value], _ graph: borrowing GraphView, _ run: ExecutionRun
    ) throws -> [[Value]] { try call(arguments, graph, run) }
  }

  typealias Entry = (signature: ProcedureSignature, body: any ProcedureBody)

  static let all: [Entry] = [
    entry("db.labels", outputs: [("label", "STRING")], "labels in use") { _, graph, _ in
      try names(try graph.labelsInUse(), graph)
    },
    entry("db.relationshipTypes", outputs: [("relationshipType", "STRING")], "types in use") {
      _, graph, _ in
      try names(try graph.edgeTypesInUse(), graph)
    },
    entry(
      "db.propertyKeys", outputs: [("propertyKey", "STRING")],
      "names that are known and are no label or type in use"
    ) { _, graph, _ in try propertyKeys(graph) },
    entry(
      "db.indexes",
      outputs: [
        ("name", "STRING"), ("label", "STRING"), ("properties", "LIST OF STRING"),
        ("unique", "BOOLEAN"), ("entries", "INTEGER"),
      ], "the ordered indexes"
    ) { _, graph, _ in try indexes(graph) },
    entry(
      "db.schema",
      outputs: [
        ("kind", "STRING"), ("name", "STRING"), ("from", "STRING?"), ("to", "STRING?"),
        ("properties", "LIST OF STRING"), ("description", "STRING"),
      ], "kinds of nodes and relationships, from the schema or from what is there"
    ) { _, graph, _ in try schema(graph) },
    StatisticsProcedure.entry,
    ChangesProcedure.entry,
    LineageProcedure.entry,
  ]

  /// A procedure from its fields (`INTEGER?` allows null) and its body.
  static func entry(
    _ name: Text, inputs: [(Text, String)] = [], outputs: [(Text, String)], _ summary: Text,
    _ call:
      @escaping @Sendable (
        _ arguments: [Value], _ graph: borrowing GraphView, _ run: ExecutionRun
      ) throws -> [[Value]]
  ) -> Entry {
    let signature = ProcedureSignature(
      name: name, inputs: inputs.map { Procedure.Field(name: $0.0, type: $0.1).signature },
      outputs: outputs.map { Procedure.Field(name: $0.0, type: $0.1).signature },
      summary: summary)
    return (signature, Body(call: call))
  }

  private static func names(
    _ symbols: [Symbol], _ graph: borrowing GraphView
  ) throws -> [[Value]] {
    var names: [Text] = []
    for symbol in symbols { names.append(try graph.name(of: symbol)) }
    return names.sorted().map { [.string($0)] }
  }

  private static func propertyKeys(_ graph: borrowing GraphView) throws -> [[Value]] {
    let taken = Set(try graph.labelsInUse() + graph.edgeTypesInUse())
    let symbols = (0..<UInt32(graph.symbolCount)).map { Symbol($0) }
    return try names(symbols.filter { !taken.contains($0) }, graph)
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
    guard let schema = try graph.schema() else {
      let nothing: [Value] = [.null, .null, .list([]), .text("")]
      return try names(try graph.labelsInUse(), graph).map { [.text("node")] + $0 + nothing }
        + names(try graph.edgeTypesInUse(), graph).map { [.text("relationship")] + $0 + nothing }
    }
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
