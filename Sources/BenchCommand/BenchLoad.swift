// Loads the generated graph: every column of every file, all indexes, durable at the end.

import Base
import Graph
import Stemma

/// Reads the CSV files of a data folder into a store.
struct BenchLoad {
  let database: Database
  let data: String
  /// Rows per transaction.
  private static let batch = 20_000

  /// A node file: its label, and its columns with their kinds; `-` leaves a column out.
  private static let nodeFiles: [(file: String, label: String, columns: [(String, Kind)])] = [
    (
      "proposal", "Proposal",
      [
        ("id", .integer), ("campaign", .integer), ("created", .integer), ("author_kind", .string),
        ("text", .string), ("lr", .float), ("batch", .integer), ("width", .integer),
        ("depth", .integer), ("dropout", .float),
      ]
    ),
    (
      "critique", "Critique",
      [
        ("id", .integer), ("proposal", .skip), ("verdict", .string), ("score", .float),
        ("created", .integer), ("text", .string),
      ]
    ),
    (
      "run", "Run",
      [
        ("id", .integer), ("proposal", .skip), ("status", .string), ("seed", .integer),
        ("gpu_seconds", .float), ("start_at", .integer), ("end_at", .integer),
      ]
    ),
    (
      "eval", "Eval",
      [
        ("id", .integer), ("run", .skip), ("metric", .string), ("value", .float),
        ("benchmark", .string), ("created", .integer),
      ]
    ),
  ]

  private static let edgeFiles: [(file: String, type: String, from: String, to: String)] = [
    ("derived_from", "DERIVED_FROM", "Proposal", "Proposal"),
    ("critiques", "CRITIQUES", "Critique", "Proposal"),
    ("executes", "EXECUTES", "Run", "Proposal"),
    ("evaluates", "EVALUATES", "Eval", "Run"),
  ]

  enum Kind { case integer, float, string, skip }

  func run() throws {
    try append("indexes", 0, Self.indexes.map { .createIndex($0) })
    var identities: [String: [NodeID]] = [:]
    for file in Self.nodeFiles {
      identities[file.label] = try loadNodes(file.file, label: file.label, columns: file.columns)
    }
    for file in Self.edgeFiles {
      try loadEdges(
        file.file, type: file.type, from: identities[file.from] ?? [],
        to: identities[file.to] ?? [])
    }
  }

  private static let indexes: [IndexDefinition] =
    ["Proposal", "Critique", "Run", "Eval"].map {
      IndexDefinition(name: Text("\($0.lowercased())_id"), label: Text($0), properties: ["id"])
    } + [
      IndexDefinition(
        name: "eval_metric", label: "Eval", properties: ["metric", "benchmark", "value"])
    ]

  @discardableResult
  private func append(
    _ name: String, _ number: Int, _ operations: [Operation]
  ) throws -> TransactionReceipt {
    var hash = UInt64(number)
    for byte in name.utf8 { hash = hash &* 1_099_511_628_211 ^ UInt64(byte) }
    return try database.append(
      TransactionRequest(
        requestID: RequestID(high: hash, low: UInt64(number)), actor: "bench",
        reason: "bulk load of a benchmark graph", operations: operations))
  }

  /// Nodes in the order of their `id` column, which counts from 0.
  private func loadNodes(
    _ file: String, label: String, columns: [(String, Kind)]
  ) throws -> [NodeID] {
    var nodes: [NodeID] = []
    let names = columns.map { Text($0.0) }
    try batches(of: file) { number, rows in
      let operations = try rows.map { fields -> Operation in
        var properties: [Property] = []
        for (index, column) in columns.enumerated() where column.1 != .skip {
          properties.append(Property(names[index], try value(fields[index], column.1, file)))
        }
        return .createNode(labels: [Text(label)], key: nil, properties: properties)
      }
      nodes += try append(file, number, operations).nodes
    }
    return nodes
  }

  private func loadEdges(_ file: String, type: String, from: [NodeID], to: [NodeID]) throws {
    try batches(of: file) { number, rows in
      let operations = try rows.map { fields -> Operation in
        guard let start = Int(fields[0]), let end = Int(fields[1]), start < from.count,
          end < to.count
        else { throw BenchError("\(file).csv: no such ends: \(fields)") }
        var properties: [Property] = []
        if fields.count > 2 {
          properties = [Property("role", try value(fields[2], .integer, file))]
        }
        return .createEdge(
          type: Text(type), from: .id(from[start]), to: .id(to[end]), properties: properties)
      }
      try append(file, number, operations)
    }
  }

  private func value(_ field: Substring, _ kind: Kind, _ file: String) throws -> Value {
    switch kind {
    case .integer:
      if let number = Int64(field) { return .integer(number) }
    case .float:
      if let number = Double(field) { return .float(number) }
    case .string, .skip: return .text(String(field))
    }
    throw BenchError("\(file).csv: \"\(field)\" is no number")
  }

  /// Hands out the rows of a file in batches, without its heading.
  private func batches(
    of file: String, _ body: (_ number: Int, _ rows: [[Substring]]) throws -> Void
  ) throws {
    let text = try BenchQueries.read(data + "/\(file).csv")
    let lines = text.split(separator: "\n").dropFirst()
    var start = lines.startIndex
    var number = 0
    while start < lines.endIndex {
      let end = min(lines.endIndex, start + Self.batch)
      try body(
        number,
        lines[start..<end].map { $0.split(separator: ",", omittingEmptySubsequences: false) })
      start = end
      number += 1
    }
  }
}
