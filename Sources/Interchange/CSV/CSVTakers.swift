// Rows of files as rows of a load.

import Base
import Graph

/// Takes the rows of one table.
protocol CSVTaker {
  mutating func take(_ row: borrowing CSVReader, into part: inout LoadRows) throws
}

/// The shapes of a table's rows, which differ by the fields that are empty.
private struct CSVShapes {
  /// Which of the columns the row has.
  var present: [Bool]
  private var known: [(present: [Bool], hasKey: Bool, number: Int)] = []

  init(_ columns: Int) { present = [Bool](repeating: true, count: columns) }

  /// The number of the row's shape in the part.
  mutating func number(
    _ hasKey: Bool, _ part: inout LoadRows, _ shape: (_ present: [Bool]) -> RecordShape
  ) -> Int {
    for entry in known where entry.present == present && entry.hasKey == hasKey {
      return entry.number
    }
    let number = part.number(of: shape(present))
    // Mostly there are few; where there are many, the part finds them.
    if known.count < 8 { known.append((present, hasKey, number)) }
    return number
  }
}

/// Takes rows of nodes.
struct CSVNodeTaker: CSVTaker {
  private let table: CSVTable
  private let nodes: CSVMapping.Nodes
  private let key: Int?
  private var shapes: CSVShapes

  init(_ table: CSVTable, _ nodes: CSVMapping.Nodes) {
    self.table = table
    self.nodes = nodes
    key = nodes.key.map { table.place(of: $0) }
    shapes = CSVShapes(table.columnCount)
  }

  mutating func take(_ row: borrowing CSVReader, into part: inout LoadRows) throws {
    var hasKey = false
    if let key, !row.fields[key].range.isEmpty {
      guard let text = row.text(key) else { throw CSVTable.changed(table.name) }
      try part.append(.string(text))
      hasKey = true
    }
    try table.append(row, to: &part, present: &shapes.present)
    let (table, labels) = (table, nodes.labels)
    let shape = shapes.number(hasKey, &part) { present in
      .node(labels: labels, hasKey: hasKey, names: table.names(present))
    }
    try part.endNode(shape: shape)
  }
}

/// Takes rows of edges.
struct CSVEdgeTaker: CSVTaker {
  private let table: CSVTable
  private let edges: CSVMapping.Edges
  private let ends: [(place: Int, names: CSVNames)]
  private let first: NodeID
  private var shapes: CSVShapes

  /// `first` is the identity of the first node of all.
  init(
    _ table: CSVTable, _ edges: CSVMapping.Edges, _ names: [Text: CSVNames], _ first: NodeID
  ) {
    self.table = table
    self.edges = edges
    self.first = first
    ends = [edges.from, edges.to].map { end in
      (table.place(of: end.column), names[end.label] ?? CSVNames())
    }
    shapes = CSVShapes(table.columnCount)
  }

  mutating func take(_ row: borrowing CSVReader, into part: inout LoadRows) throws {
    try table.append(row, to: &part, present: &shapes.present)
    let (table, type) = (table, edges.type)
    let shape = shapes.number(false, &part) { present in
      .edge(type: type, names: table.names(present))
    }
    try part.endEdge(shape: shape, from: try node(0, row), to: try node(1, row))
  }

  private func node(_ end: Int, _ row: borrowing CSVReader) throws -> NodeID {
    guard let node = ends[end].names[try table.nodeName(row, ends[end].place)] else {
      throw CSVTable.changed(table.name)
    }
    return NodeID(first.rawValue + UInt64(node))
  }
}
