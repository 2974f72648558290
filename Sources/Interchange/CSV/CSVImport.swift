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
  /// A hash of the contents of all files.
  public let digest: Digest

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
    let divisions = try CSVDivision.of(
      (nodeTables + edgeTables).map { ($0.file, $0.headingEnd.offset, $0.headingEnd.line) })
    var digest = SHA256()
    for division in divisions { digest.update(division.digest.bytes) }
    self.digest = digest.digest()
    try checkNodes(divisions[..<nodeTables.count].map(\.pieces))
    try checkEdges(divisions[nodeTables.count...].map(\.pieces))
  }

  // MARK: Checking

  /// Pieces of all tables, one after another.
  private static func all(_ pieces: [[CSVPiece]]) -> [(table: Int, piece: CSVPiece)] {
    pieces.enumerated().flatMap { table, pieces in pieces.map { (table, $0) } }
  }

  private mutating func checkNodes(_ pieces: [[CSVPiece]]) throws {
    let tables = nodeTables
    let identities = zip(tables, mapping.nodes).map { table, nodes in
      nodes.identity.map { table.place(of: $0) }
    }
    let pieces = Self.all(pieces)
    let checked = LoadWork.map(pieces.count) { index in
      Result {
        let (number, piece) = pieces[index]
        let (table, identity) = (tables[number], identities[number])
        var found = CSVCheckedPiece()
        try table.forEachRow(piece) { row, offset in
          try table.check(row)
          if let identity { found.names.append(try table.nodeName(row, identity)) }
          found.note(offset: offset, line: row.line)
        }
        return found
      }
    }
    for ((number, piece), result) in zip(pieces, checked) {
      let found = try result.get()
      if let identity = identities[number] {
        for label in mapping.nodes[number].labels {
          if let row = names[label, default: CSVNames()].add(found.names, from: nodes.count) {
            throw try repeated(tables[number], piece, row, identity)
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

  private mutating func checkEdges(_ pieces: [[CSVPiece]]) throws {
    let tables = edgeTables
    let ends = zip(tables, mapping.edges).map { table, edges in
      [edges.from, edges.to].map { end in
        (label: end.label, place: table.place(of: end.column), names: names[end.label])
      }
    }
    let pieces = Self.all(pieces)
    let checked = LoadWork.map(pieces.count) { index in
      Result {
        let (number, piece) = pieces[index]
        let (table, ends) = (tables[number], ends[number])
        var found = CSVCheckedPiece()
        try table.forEachRow(piece) { row, offset in
          try table.check(row)
          for end in ends where end.names?[try table.nodeName(row, end.place)] == nil {
            throw CSVFault(
              "there is no such \(end.label)", row.line, row.column(of: end.place))
          }
          found.note(offset: offset, line: row.line)
        }
        return found
      }
    }
    for ((number, piece), result) in zip(pieces, checked) {
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
    let receipt = try database.load(
      self,
      TransactionRequest(
        requestID: requestID, actor: actor, reason: reason,
        operations: mapping.indexes.map { .createIndex($0) }),
      progress: progress)
    guard !receipt.wasRepeated else {
      throw StemmaError(
        .writeRejected, "this was loaded before, as transaction \(receipt.first.rawValue)",
        advice: "nothing is to be done")
    }
    return receipt
  }
}

extension CSVImport: LoadSource {
  package var hasKeys: Bool { mapping.nodes.contains { $0.key != nil } }
  package func byteCount(ofNodes rows: Range<Int>) -> Int { nodes.byteCount(of: rows) }
  package func byteCount(ofEdges rows: Range<Int>) -> Int { edges.byteCount(of: rows) }

  package func place(ofNode row: Int, property: Text?) throws -> StemmaError.Place? {
    try nodes.place(of: row, in: nodeTables) { table in
      if property == "key", let key = mapping.nodes[table].key {
        return nodeTables[table].place(of: key)
      }
      return property.flatMap { nodeTables[table].place(ofProperty: $0) }
    }
  }

  package func place(ofEdge row: Int, property: Text?) throws -> StemmaError.Place? {
    try edges.place(of: row, in: edgeTables) { table in
      property.flatMap { edgeTables[table].place(ofProperty: $0) }
    }
  }

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
