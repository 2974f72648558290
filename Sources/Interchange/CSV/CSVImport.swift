// Imports CSV files: everything is read and checked first, then loaded in one commit, all of it or
// nothing to readers. Several records make up a load, since a record has a limit.

public import Base
public import Graph
public import Stemma

/// Imports nodes and edges from CSV files.
public struct CSVImport {
  private let mapping: CSVMapping
  private let nodes: [CSVTable]
  private let edges: [CSVTable]
  private var names: [Text: CSVNames] = [:]
  /// How many rows of nodes, and of edges, there are.
  public private(set) var nodeCount = 0
  public private(set) var edgeCount = 0

  /// Operations per record.
  private static let recordOperations = 32_768

  /// Reads and checks all files; `read` gives the bytes of one that the mapping names.
  /// - Throws: `file.unreadable` with file, line and column.
  public init(_ mapping: CSVMapping, read: (String) throws -> [UInt8]) throws {
    self.mapping = mapping
    nodes = try mapping.nodes.map { nodes in
      try CSVTable(
        nodes.file, try read(nodes.file), nodes.columns,
        others: [nodes.identity, nodes.key].compactMap { $0 })
    }
    edges = try mapping.edges.map { edges in
      try CSVTable(
        edges.file, try read(edges.file), edges.columns,
        others: [edges.from.column, edges.to.column])
    }
    for (table, nodes) in zip(nodes, mapping.nodes) { try check(table, nodes) }
    for (table, edges) in zip(edges, mapping.edges) { try check(table, edges) }
  }

  private mutating func check(_ table: CSVTable, _ nodes: CSVMapping.Nodes) throws {
    let identity = nodes.identity.map { table.place(of: $0) }
    var known = names
    var count = nodeCount
    try table.forEachRow { row throws(CSVFault) in
      _ = try table.properties(row)
      if let identity {
        let name = try table.name(row, identity)
        for label in nodes.labels where !known[label, default: CSVNames()].add(name, count) {
          throw CSVFault("this node is there twice", row.line, row.column(of: identity))
        }
      }
      count += 1
    }
    names = known
    nodeCount = count
  }

  private mutating func check(_ table: CSVTable, _ edges: CSVMapping.Edges) throws {
    let ends = [edges.from, edges.to].map { (table.place(of: $0.column), $0.label) }
    let names = names
    var count = edgeCount
    try table.forEachRow { row throws(CSVFault) in
      _ = try table.properties(row)
      for (field, label) in ends {
        guard names[label]?[try table.name(row, field)] != nil else {
          throw CSVFault("there is no such \(label)", row.line, row.column(of: field))
        }
      }
      count += 1
    }
    edgeCount = count
  }

  /// Loads what was read; durable when this returns. `progress` is told rows done and rows in all.
  public func load(
    into database: Database, requestID: RequestID, actor: Text, reason: Text,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> [TransactionReceipt] {
    try database.load { append in
      var load = Load(
        requestID: requestID, actor: actor, reason: reason, total: nodeCount + edgeCount)
      if !mapping.indexes.isEmpty {
        load.operations = mapping.indexes.map { .createIndex($0) }
        try load.flush(append)
      }
      for (table, nodes) in zip(nodes, mapping.nodes) {
        let key = nodes.key.map { table.place(of: $0) }
        try each(table, &load, append, progress) { row throws(CSVFault) in
          .createNode(
            labels: nodes.labels, key: key.flatMap { row.text($0) },
            properties: try table.properties(row))
        }
      }
      try load.flush(append)
      let first = load.receipts.lazy.compactMap(\.nodes.first).first?.rawValue ?? 0
      for (table, edges) in zip(edges, mapping.edges) {
        let (from, to) = (names[edges.from.label]!, names[edges.to.label]!)
        let (start, end) = (table.place(of: edges.from.column), table.place(of: edges.to.column))
        try each(table, &load, append, progress) { row throws(CSVFault) in
          .createEdge(
            type: edges.type,
            from: .id(NodeID(first + UInt64(from[try table.name(row, start)]!))),
            to: .id(NodeID(first + UInt64(to[try table.name(row, end)]!))),
            properties: try table.properties(row))
        }
      }
      try load.flush(append)
      return load.receipts
    }
  }

  private func each(
    _ table: CSVTable, _ load: inout Load,
    _ append: (TransactionRequest) throws -> TransactionReceipt,
    _ progress: (Int, Int) -> Void,
    _ operation: (borrowing CSVReader) throws(CSVFault) -> Operation
  ) throws {
    var failure: (any Error)?
    try table.forEachRow { row throws(CSVFault) in
      if failure != nil { return }
      load.operations.append(try operation(row))
      if load.operations.count == Self.recordOperations {
        do {
          try load.flush(append)
          progress(load.done, load.total)
        } catch {
          failure = error
        }
      }
    }
    if let failure { throw failure }
  }

  /// The records of a load as they are filled.
  private struct Load {
    let requestID: RequestID
    let actor: Text
    let reason: Text
    let total: Int
    var operations: [Operation] = []
    var receipts: [TransactionReceipt] = []
    var done = 0

    mutating func flush(
      _ append: (TransactionRequest) throws -> TransactionReceipt
    ) throws {
      if operations.isEmpty { return }
      // The first record has the identifier of the whole, so that a repetition is noticed.
      let number = UInt64(receipts.count)
      let request = TransactionRequest(
        requestID: RequestID(high: requestID.high, low: requestID.low &+ number), actor: actor,
        reason: reason, operations: operations)
      done += operations.count
      operations.removeAll(keepingCapacity: true)
      receipts.append(try append(request))
    }
  }
}
