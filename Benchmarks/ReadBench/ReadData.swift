// What is read: a history of experiments whose proposals derive from each other, and rows of two
// numbers. The graph is made through `Graph.load`; the floor and SQLite get what the graph says, so
// all of them hold the same.

import Base
import CReadFloor
import Graph
import Store

/// The folder with the stores of a benchmark of reads.
struct ReadData {
  let folder: String
  let experiments: UInt64
  let rows: UInt64

  /// Nodes of one experiment: a proposal, its run and two evals.
  static let nodesPerExperiment: UInt64 = 4
  /// Lines of proposals that do not meet.
  private static let lines: UInt64 = 10
  /// A proposal derives from one that is at most so many back in its line.
  private static let reach: UInt64 = 30
  private static let experimentsPerRecord: UInt64 = 5_000
  private static let rowsPerRecord: UInt64 = 100_000

  var historyFolder: String { folder + "/history" }
  var rowsFolder: String { folder + "/rows" }
  var floorFolder: String { folder + "/floor" }
  var sqliteFile: String { folder + "/reads.sqlite" }

  static func proposal(_ experiment: UInt64) -> NodeID { NodeID(experiment * nodesPerExperiment) }

  /// The experiments that one derives from; three in ten have two.
  private static func parents(of experiment: UInt64, _ random: inout SplitMix64) -> [UInt64] {
    var parents: [UInt64] = []
    for chance in [1.0, 0.3] where random.unitInterval() < chance {
      let back = lines * (1 + random.next() % reach)
      if back <= experiment, !parents.contains(experiment - back) {
        parents.append(experiment - back)
      }
    }
    return parents
  }

  // MARK: The graph

  func makeHistory() throws {
    let graph = try Graph.create(
      at: historyFolder, schema: nil, surroundings: .bench, options: .bench)
    var random = SplitMix64(seed: 42)
    try graph.load { append in
      for first in stride(from: 0, to: experiments, by: Int(Self.experimentsPerRecord)) {
        let last = min(experiments, first + Self.experimentsPerRecord)
        var operations: [Operation] = []
        for experiment in first..<last { add(experiment, &random, to: &operations) }
        _ = try append(Self.request(first, operations))
      }
    }
  }

  /// One experiment in a transaction of its own.
  func request(_ experiment: UInt64, _ random: inout SplitMix64) -> TransactionRequest {
    var operations: [Operation] = []
    add(experiment, &random, to: &operations)
    return Self.request(experiment, operations)
  }

  private func add(
    _ experiment: UInt64, _ random: inout SplitMix64, to operations: inout [Operation]
  ) {
    let first = Self.proposal(experiment).rawValue
    func node(_ number: UInt64) -> NodeReference { .id(NodeID(first + number)) }
    operations.append(
      .createNode(
        labels: ["Proposal"], key: nil,
        properties: [
          Property("batch", .integer(Int64(16 << (random.next() % 4)))),
          Property("rate", .float(random.unitInterval() * 0.001)),
        ]))
    operations.append(
      .createNode(
        labels: ["Run"], key: nil, properties: [Property("seed", .integer(Int64(experiment)))]))
    for metric: Text in ["accuracy", "loss"] {
      operations.append(
        .createNode(
          labels: ["Eval"], key: nil,
          properties: [
            Property("metric", .string(metric)), Property("value", .float(random.unitInterval())),
          ]))
    }
    let edges: [(Text, UInt64, UInt64)] = [
      ("EXECUTES", 1, 0), ("EVALUATES", 2, 1), ("EVALUATES", 3, 1),
    ]
    for (type, from, to) in edges {
      operations.append(.createEdge(type: type, from: node(from), to: node(to), properties: []))
    }
    for parent in Self.parents(of: experiment, &random) {
      operations.append(
        .createEdge(
          type: "DERIVED_FROM", from: node(0), to: .id(Self.proposal(parent)), properties: []))
    }
  }

  func makeRows() throws {
    let graph = try Graph.create(
      at: rowsFolder, schema: nil, surroundings: .bench, options: .bench)
    var random = SplitMix64(seed: 7)
    try graph.load { append in
      for first in stride(from: 0, to: rows, by: Int(Self.rowsPerRecord)) {
        var operations: [Operation] = []
        for _ in first..<min(rows, first + Self.rowsPerRecord) {
          operations.append(
            .createNode(
              labels: ["Measure"], key: nil,
              properties: [
                Property("first", .float(random.unitInterval())),
                Property("second", .float(random.unitInterval())),
              ]))
        }
        _ = try append(Self.request(first, operations))
      }
    }
  }

  private static func request(_ number: UInt64, _ operations: [Operation]) -> TransactionRequest {
    TransactionRequest(
      requestID: RequestID(high: 2, low: number), actor: "bench", reason: "what is read",
      operations: operations)
  }

  // MARK: The others

  /// Copies what the graph says into the floor and into SQLite.
  func copy() throws {
    floor_open(floorFolder, 1)
    sqlite_open(sqliteFile, 1)
    try Graph.open(at: historyFolder, surroundings: .bench, options: .bench).read { view in
      floor_put_limits(view.nodeLimit, view.edgeLimit)
      let batch = try view.symbol(for: "batch")!
      let rate = try view.symbol(for: "rate")!
      let derived = try view.symbol(for: "DERIVED_FROM")!
      for experiment in 0..<experiments {
        let node = Self.proposal(experiment)
        guard case .integer(let number) = try view.property(batch, of: node),
          case .float(let float) = try view.property(rate, of: node)
        else { continue }
        let record = floor_node(is_ended: 0, batch: number, rate: float)
        floor_put_node(node.rawValue, record)
        sqlite_put_node(node.rawValue, record)
        for (index, direction) in [Direction.outgoing, .incoming].enumerated() {
          var edges: [AdjacentEdge] = []
          try view.expand(node, direction, types: [derived], into: &edges)
          let entries = edges.map {
            floor_entry(neighbour: $0.neighbour.rawValue, edge: $0.edge.rawValue)
          }
          if !entries.isEmpty {
            floor_put_entries(Int32(index), node.rawValue, entries, entries.count)
          }
          if direction == .outgoing {
            for entry in entries { sqlite_put_edge(entry.edge, node.rawValue, entry.neighbour) }
          }
        }
      }
    }
    copyRows()
    floor_commit()
    sqlite_commit()
  }

  private func copyRows() {
    var random = SplitMix64(seed: 7)
    let chunk: UInt64 = 65_536
    for start in stride(from: 0, to: rows, by: Int(chunk)) {
      var columns: [[Double]] = [[], []]
      for row in start..<min(rows, start + chunk) {
        for column in 0..<2 { columns[column].append(random.unitInterval()) }
        sqlite_put_row(row, columns[0].last!, columns[1].last!)
      }
      for column in 0..<2 {
        floor_put_chunk(
          UInt32(column), UInt32(start / chunk), columns[column], columns[column].count)
      }
    }
  }
}
