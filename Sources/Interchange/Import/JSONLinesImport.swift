// Imports the JSON lines form of a graph, as `import csv` does files: everything is checked first,
// on all processors and before the store is touched, then read again part by part.

public import Base
public import Graph
public import Stemma

/// A graph in JSON lines, checked and ready to be loaded.
public struct JSONLinesImport: Sendable {
  /// Some whole lines of the file.
  private struct Piece: Sendable {
    var bytes: Range<Int>
    var line: Int
    /// The numbers of its first node and edge, and how many it has.
    var firstNode = 0
    var firstEdge = 0
    var nodeCount = 0
    var edgeCount = 0
  }

  /// What checking a piece found.
  private struct Checked: Sendable {
    var names = CSVNameList()
    var lines: [Int] = []
    var ends: [(from: CSVNodeName, to: CSVNodeName, line: Int)] = []
    var tail: (nodes: Value?, edges: Value?, line: Int)?
    var hasHead = false
    /// The first line that is not blank.
    var first: Int?
    var hasKeys = false
  }

  private let file: any CSVFile
  private let path: String
  private var pieces: [Piece] = []
  private var names = CSVNames()
  public private(set) var nodeCount = 0
  public private(set) var edgeCount = 0
  package private(set) var hasKeys = false
  /// A hash of the contents.
  public let digest: Digest

  /// Reads and checks a file; `path` is what errors call it.
  /// - Throws: `file.unreadable` with line and column of the first fault.
  public init(_ file: any CSVFile, path: String) throws {
    self.file = file
    self.path = path
    let division = try CSVDivision.ofLines(file)
    digest = division.digest
    for piece in division.pieces { pieces.append(Piece(bytes: piece.bytes, line: piece.line)) }
    try check()
  }

  private func fault(_ fault: CSVFault) -> StemmaError {
    StemmaError(
      .fileUnreadable, fault.message,
      at: .file(path: path, line: fault.line, column: fault.column),
      advice: "`stemma export --format jsonl` writes this form; docs/interchange.md describes it.")
  }

  // MARK: Checking

  private mutating func check() throws {
    var tail: (nodes: Value?, edges: Value?, line: Int)?
    var hasHead = false
    let source = self
    try LoadWork.inOrder(pieces.count) { index in
      Result { try source.checked(index) }
    } take: { result, index in
      let found = try result.get()
      if tail != nil, let line = found.first {
        throw fault(CSVFault("there is something after the tail", line, 1))
      }
      if found.hasHead { hasHead = true }
      tail = found.tail ?? tail
      try add(found, to: index)
    }
    let last = (pieces.last?.line ?? 1)
    guard hasHead, let tail else {
      throw fault(CSVFault("the text ends before its tail: it was cut off", last, 1))
    }
    guard tail.nodes == .integer(Int64(nodeCount)), tail.edges == .integer(Int64(edgeCount)) else {
      throw fault(
        CSVFault(
          "the tail does not count what was read: \(nodeCount) and \(edgeCount)", tail.line, 1))
    }
  }

  private mutating func add(_ found: Checked, to index: Int) throws {
    pieces[index].firstNode = nodeCount
    pieces[index].firstEdge = edgeCount
    pieces[index].nodeCount = found.lines.count
    pieces[index].edgeCount = found.ends.count
    if let twice = names.add(found.names, from: nodeCount) {
      throw fault(
        CSVFault("the node \(found.names[twice]) is there twice", found.lines[twice], 1))
    }
    nodeCount += found.lines.count
    edgeCount += found.ends.count
    if found.hasKeys { hasKeys = true }
    for end in found.ends {
      for name in [end.from, end.to] where names[name] == nil {
        throw fault(CSVFault("there is no node \(name)", end.line, 1))
      }
    }
  }

  private func checked(_ index: Int) throws -> Checked {
    var result = Checked()
    // What a part would refuse is refused here, with its line.
    var rows = LoadRows()
    try forEachLine(pieces[index], isFirst: index == 0) { content, line in
      if result.first == nil { result.first = line }
      guard result.tail == nil else {
        throw CSVFault("there is something after the tail", line, 1)
      }
      switch content {
      case .head: result.hasHead = true
      case .node(let name, let labels, let properties):
        result.names.append(name)
        result.lines.append(line)
        if case .text = name { result.hasKeys = true }
        try Self.append(properties, to: &rows)
        try LoadRows.check(.node(labels: labels, hasKey: false, names: properties.map(\.name)))
      case .edge(let type, let from, let to, let properties):
        result.ends.append((from, to, line))
        try Self.append(properties, to: &rows)
        try LoadRows.check(.edge(type: type, names: properties.map(\.name)))
      case .tail(let nodes, let edges): result.tail = (nodes, edges, line)
      }
      if rows.byteCount > 1 << 20 { rows = LoadRows() }
    }
    return result
  }

  private static func append(_ properties: [Property], to rows: inout LoadRows) throws {
    for property in properties { try rows.append(property.value) }
  }

  /// Calls `body` with each line of a piece that is not blank. Faults get the file's name, other
  /// errors their line.
  private func forEachLine(
    _ piece: Piece, isFirst: Bool, _ body: (JSONLine, _ line: Int) throws -> Void
  ) throws {
    guard piece.bytes.count <= GraphImport.maximumTextBytes else {
      throw fault(CSVFault("a line is too long", piece.line, 1))
    }
    let bytes = try file.bytes(piece.bytes)
    var isFirst = isFirst
    var line = piece.line
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
      let source = bytes[start..<end]
      if !source.allSatisfy({ $0 == 13 || $0 == 32 }) {
        do {
          try body(try JSONLine(Array(source), line: line, isFirst: isFirst), line)
        } catch let found as CSVFault {
          throw fault(found)
        } catch var error as StemmaError where error.place == nil {
          error.place = .file(path: path, line: line, column: 1)
          throw error
        }
        isFirst = false
      }
      line += 1
      start = end + 1
    }
  }

  // MARK: Loading

  /// Loads what was checked, all of it or nothing to readers; durable when this returns.
  /// - Throws: errors of `Database.load`; `file.unreadable` where the file changed since.
  public func load(
    into database: Database, requestID: RequestID, actor: Text, reason: Text,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> LoadReceipt {
    try database.load(
      self, TransactionRequest(requestID: requestID, actor: actor, reason: reason),
      progress: progress)
  }
}

extension JSONLinesImport: LoadSource {
  package func byteCount(ofNodes rows: Range<Int>) -> Int {
    overlapping(rows, \.firstNode, \.nodeCount).reduce(0) { $0 + pieces[$1].bytes.count }
  }

  package func byteCount(ofEdges rows: Range<Int>) -> Int {
    overlapping(rows, \.firstEdge, \.edgeCount).reduce(0) { $0 + pieces[$1].bytes.count }
  }

  /// The pieces that have some of the rows.
  private func overlapping(
    _ rows: Range<Int>, _ first: KeyPath<Piece, Int>, _ count: KeyPath<Piece, Int>
  ) -> Range<Int> {
    var (low, high) = (0, pieces.count)
    while low < high {
      let middle = (low + high) / 2
      let end = pieces[middle][keyPath: first] + pieces[middle][keyPath: count]
      if end <= rows.lowerBound { low = middle + 1 } else { high = middle }
    }
    var end = low
    while end < pieces.count, pieces[end][keyPath: first] < rows.upperBound { end += 1 }
    return low..<end
  }

  package func place(ofNode row: Int, property: Text?) throws -> StemmaError.Place? {
    try place(of: row, property, overlapping(row..<row + 1, \.firstNode, \.nodeCount)) {
      if case .node = $0 { true } else { false }
    } first: {
      $0.firstNode
    }
  }

  package func place(ofEdge row: Int, property: Text?) throws -> StemmaError.Place? {
    try place(of: row, property, overlapping(row..<row + 1, \.firstEdge, \.edgeCount)) {
      if case .edge = $0 { true } else { false }
    } first: {
      $0.firstEdge
    }
  }

  /// The line of a row, and the column where it names a property.
  private func place(
    of row: Int, _ property: Text?, _ candidates: Range<Int>, _ isWanted: (JSONLine) -> Bool,
    first: (Piece) -> Int
  ) throws -> StemmaError.Place? {
    for index in candidates {
      var number = first(pieces[index])
      var found: Int?
      try forEachLine(pieces[index], isFirst: index == 0) { content, line in
        guard isWanted(content) else { return }
        if number == row { found = line }
        number += 1
      }
      guard let found else { continue }
      let lines = try file.bytes(pieces[index].bytes).split(
        separator: 10, omittingEmptySubsequences: false)
      let line = lines[found - pieces[index].line]
      let name = property.map { Array("\"\($0)\"".utf8) } ?? []
      let place = line.indices.first { line[$0...].starts(with: name) } ?? line.startIndex
      return .file(path: path, line: found, column: place - line.startIndex + 1)
    }
    return nil
  }

  package func readNodes(_ rows: Range<Int>, into part: inout LoadRows) throws {
    let before = part.count
    for index in overlapping(rows, \.firstNode, \.nodeCount) {
      var number = pieces[index].firstNode
      try forEachLine(pieces[index], isFirst: index == 0) { content, _ in
        guard case .node(let name, let labels, let properties) = content else { return }
        defer { number += 1 }
        guard rows.contains(number) else { return }
        var hasKey = false
        if case .text(let key) = name {
          try part.append(.string(key))
          hasKey = true
        }
        try Self.append(properties, to: &part)
        let shape = part.number(
          of: .node(labels: labels, hasKey: hasKey, names: properties.map(\.name)))
        try part.endNode(shape: shape)
      }
    }
    guard part.count - before == rows.count else { throw CSVTable.changed(path) }
  }

  package func readEdges(
    _ rows: Range<Int>, first: NodeID, into part: inout LoadRows
  ) throws {
    let before = part.count
    for index in overlapping(rows, \.firstEdge, \.edgeCount) {
      var number = pieces[index].firstEdge
      try forEachLine(pieces[index], isFirst: index == 0) { content, _ in
        guard case .edge(let type, let from, let to, let properties) = content else { return }
        defer { number += 1 }
        guard rows.contains(number) else { return }
        guard let start = names[from], let end = names[to] else { throw CSVTable.changed(path) }
        try Self.append(properties, to: &part)
        let shape = part.number(of: .edge(type: type, names: properties.map(\.name)))
        try part.endEdge(
          shape: shape, from: NodeID(first.rawValue + UInt64(start)),
          to: NodeID(first.rawValue + UInt64(end)))
      }
    }
    guard part.count - before == rows.count else { throw CSVTable.changed(path) }
  }
}
