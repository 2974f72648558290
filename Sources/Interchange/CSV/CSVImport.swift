// Imports CSV files. They are read twice: first everything is checked, on all processors and before
// the store is touched; then the rows are read again, part by part, as the store takes them. So
// memory holds where rows are and what nodes are called, never a file.

public import Base
public import Graph
public import Stemma

/// Nodes and edges in CSV files, checked and ready to be loaded.
public struct CSVImport: Sendable {
  private let mapping: CSVMapping
  private let nodeTables: [CSVTable]
  private let edgeTables: [CSVTable]
  private var nodes = CSVRows()
  private var edges = CSVRows()
  private var names: [Text: CSVNames] = [:]

  /// How many rows of nodes, and of edges, there are.
  public var nodeCount: Int { nodes.count }
  public var edgeCount: Int { edges.count }

  /// Reads and checks all files; `open` gives one that the mapping names.
  /// - Throws: `file.unreadable` with file, line and column of the first fault.
  public init(_ mapping: CSVMapping, open: (String) throws -> any CSVFile) throws {
    self.mapping = mapping
    nodeTables = try mapping.nodes.map { nodes in
      try CSVTable(
        nodes.file, try open(nodes.file), nodes.columns,
        others: [nodes.identity, nodes.key].compactMap { $0 })
    }
    edgeTables = try mapping.edges.map { edges in
      try CSVTable(
        edges.file, try open(edges.file), edges.columns,
        others: [edges.from.column, edges.to.column])
    }
    for (number, table) in nodeTables.enumerated() { try checkNodes(table, number) }
    for (number, table) in edgeTables.enumerated() { try checkEdges(table, number) }
  }

  /// A hash of the contents of all files.
  public var digest: Digest {
    var digest = SHA256()
    for table in nodeTables + edgeTables { digest.update(table.division.digest.bytes) }
    return digest.digest()
  }

  // MARK: Checking

  private mutating func checkNodes(_ table: CSVTable, _ number: Int) throws {
    let identity = mapping.nodes[number].identity.map { table.place(of: $0) }
    let pieces = table.division.pieces
    let checked = LoadWork.map(pieces.count) { index in
      Result {
        var piece = CSVCheckedPiece()
        try table.forEachRow(pieces[index]) { row, offset in
          try table.check(row)
          if let identity { piece.names.append(try table.nodeName(row, identity)) }
          piece.note(offset: offset, line: row.line)
        }
        return piece
      }
    }
    for (piece, result) in zip(pieces, checked) {
      let found = try result.get()
      if let identity {
        for label in mapping.nodes[number].labels {
          if let row = names[label, default: CSVNames()].add(found.names, from: nodes.count) {
            throw try repeated(table, piece, row, identity)
          }
        }
      }
      nodes.append(found, table: number, end: piece.bytes.upperBound)
    }
  }

  /// The fault of a row of a piece whose name was there already.
  private func repeated(
    _ table: CSVTable, _ piece: CSVPiece, _ number: Int, _ identity: Int
  ) throws -> any Error {
    var left = number
    do {
      try table.forEachRow(piece) { row, _ in
        if left == 0 {
          throw CSVFault("this node is there twice", row.line, row.column(of: identity))
        }
        left -= 1
      }
    } catch {
      return error
    }
    return CSVTable.changed(table.name)
  }

  private mutating func checkEdges(_ table: CSVTable, _ number: Int) throws {
    let edge = mapping.edges[number]
    let ends = [edge.from, edge.to].map { end in
      (label: end.label, place: table.place(of: end.column), names: names[end.label] ?? CSVNames())
    }
    let pieces = table.division.pieces
    let checked = LoadWork.map(pieces.count) { index in
      Result {
        var piece = CSVCheckedPiece()
        try table.forEachRow(pieces[index]) { row, offset in
          try table.check(row)
          for end in ends where end.names[try table.nodeName(row, end.place)] == nil {
            throw CSVFault(
              "there is no such \(end.label)", row.line, row.column(of: end.place))
          }
          piece.note(offset: offset, line: row.line)
        }
        return piece
      }
    }
    for (piece, result) in zip(pieces, checked) {
      edges.append(try result.get(), table: number, end: piece.bytes.upperBound)
    }
  }

  // MARK: Loading

  /// Loads what was checked; durable when this returns. `progress` is told rows done and rows in
  /// all.
  /// - Throws: errors of `Database.load`; `file.unreadable` where a file changed since.
  public func load(
    into database: Database, requestID: RequestID, actor: Text, reason: Text,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> LoadReceipt {
    try database.load(
      self,
      TransactionRequest(
        requestID: requestID, actor: actor, reason: reason,
        operations: mapping.indexes.map { .createIndex($0) }),
      progress: progress)
  }
}

extension CSVImport: LoadSource {
  package var hasKeys: Bool { mapping.nodes.contains { $0.key != nil } }
  package func byteCount(ofNodes rows: Range<Int>) -> Int { nodes.byteCount(of: rows) }
  package func byteCount(ofEdges rows: Range<Int>) -> Int { edges.byteCount(of: rows) }

  package func readNodes(_ rows: Range<Int>, into part: inout LoadRows) throws {
    try nodes.read(rows, from: nodeTables, into: &part) { number in
      CSVNodeTaker(nodeTables[number], mapping.nodes[number])
    }
  }

  package func readEdges(
    _ rows: Range<Int>, first: NodeID, into part: inout LoadRows
  ) throws {
    try edges.read(rows, from: edgeTables, into: &part) { number in
      CSVEdgeTaker(edgeTables[number], mapping.edges[number], names, first)
    }
  }
}
