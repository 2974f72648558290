// What one part of a load becomes, made beside others: the record, the chunks, the entries, and
// what else follows from the rows alone. Only symbols are missing; the writer has them.

import Base

/// Some rows that become one record.
struct LoadPart: Sendable {
  enum Kind: Sendable { case nodes, edges }

  var kind: Kind
  var rows: Range<Int>
  /// Whether the record is made from rows as bytes; else it is appended like any other.
  var isDirect: Bool
}

/// The outcome of a part.
struct LoadedPart: Sendable {
  let transaction: TransactionNumber
  let committedAt: Timestamp
  let requestID: RequestID
  /// The identity of the first row.
  let first: UInt64
  let rowCount: Int
  let isNodes: Bool
  /// Without rows where all of them are in `ranges`.
  var rows: LoadRows
  var record: LoadRecord
  var ranges: [LoadRange] = []
  var entries: [UInt32: EntryBuffer] = [:]
  /// Which rows have a label or are of a type, by ranges of bitmaps.
  var members: [Members] = []
  /// The values of each property on nodes with a label, or edges of a type.
  var values: [Values] = []
  /// The edges of each type, in their order.
  var edges: [(type: Text, edges: LoadedEdges)] = []

  struct Members: Sendable {
    var name: Text
    var range: UInt64
    var count: Int
    var bits: [UInt8]
  }

  struct Values: Sendable {
    var name: Text
    var property: Text
    var sketch: DistinctSketch
  }

  /// `first` is the identity of the first row, at the beginning of a range.
  init(
    _ rows: LoadRows, _ draft: RecordDraft, first: UInt64, layout: GraphLayout,
    indexes: [IndexRecord]
  ) throws {
    transaction = draft.header.transaction
    committedAt = draft.header.committedAt
    requestID = draft.header.requestID
    self.first = first
    rowCount = rows.count
    if case .edge? = rows.shapes.first { isNodes = false } else { isNodes = true }
    for shape in rows.shapes { try LoadCheck.check(shape) }
    try LoadCheck.check(values: rows)
    record = try LoadRecord(rows, draft, first: first)
    self.rows = rows
    var columns = LoadColumns(rows, record, transaction, layout)
    for _ in 0..<rows.count / layout.rangeSize { ranges.append(columns.nextRange()) }
    entries = try LoadEntries(rows, indexes, transaction, first: first).buffers
    findMembers()
    values = Self.values(of: rows)
    if !isNodes { divideEdges() }
    // What is not needed any more may be much.
    if rows.count % layout.rangeSize == 0 { self.rows = rows.withoutRows() }
  }

  private mutating func findMembers() {
    let shift = MemberBitmap.rangeShift
    var slots: [Text: Int] = [:]
    var names: [Text] = []
    let shapeSlots = rows.shapes.map { shape in
      let all: [Text]
      switch shape {
      case .node(let labels, _, _): all = labels
      case .edge(let type, _): all = [type]
      }
      return all.map { name in
        if let known = slots[name] { return known }
        slots[name] = names.count
        names.append(name)
        return names.count - 1
      }
    }
    var row = 0
    while row < rows.count {
      let range = (first + UInt64(row)) >> shift
      let end = min(rows.count, Int((range + 1) << shift - first))
      let empty = [UInt8](repeating: 0, count: MemberBitmap.bytes)
      var bits = [[UInt8]](repeating: empty, count: names.count)
      var counts = [Int](repeating: 0, count: names.count)
      for member in row..<end {
        let bit = Int((first + UInt64(member)) & MemberBitmap.rangeMask)
        for slot in shapeSlots[Int(rows.rowShapes[member])] {
          bits[slot][bit >> 3] |= 1 << UInt8(bit & 7)
          counts[slot] += 1
        }
      }
      for slot in names.indices where counts[slot] > 0 {
        members.append(
          Members(name: names[slot], range: range, count: counts[slot], bits: bits[slot]))
      }
      row = end
    }
  }

  private static func values(of rows: LoadRows) -> [Values] {
    var slots: [[Text]: Int] = [:]
    var values: [Values] = []
    let shapeSlots = rows.shapes.map { shape in
      var places = (0..<shape.valueCount).map { _ in [Int]() }
      for (index, property) in shape.names.enumerated() where property != Names.key {
        places[index + (shape.hasKey ? 1 : 0)] = shape.owners.map { name in
          if let known = slots[[name, property]] { return known }
          slots[[name, property]] = values.count
          values.append(Values(name: name, property: property, sketch: DistinctSketch()))
          return values.count - 1
        }
      }
      return places
    }
    var value = 0
    let bytes = rows.bytes.span.bytes
    for row in 0..<rows.count {
      for places in shapeSlots[Int(rows.rowShapes[row])] {
        if !places.isEmpty {
          let hash = DistinctSketch.hash(bytes.extracting(rows.range(value)))
          for place in places { _ = values[place].sketch.add(hash: hash) }
        }
        value += 1
      }
    }
    return values
  }

  private mutating func divideEdges() {
    let places = rows.shapes.map { shape in
      guard case .edge(let type, _) = shape else { return 0 }
      if let known = edges.firstIndex(where: { $0.type == type }) { return known }
      edges.append((type, LoadedEdges()))
      return edges.count - 1
    }
    for row in 0..<rows.count {
      let place = places[Int(rows.rowShapes[row])]
      edges[place].edges.append(rows.starts[row], rows.targets[row], EdgeID(first + UInt64(row)))
    }
  }
}

/// What preparing an operation would refuse, for rows.
enum LoadCheck {
  static func check(_ shape: RecordShape) throws {
    switch shape {
    case .node(let labels, _, let names):
      for label in labels { try Preparation.check(name: label, what: "label") }
      guard labels.count <= WriteLimits.labels, names.count <= WriteLimits.properties else {
        throw StemmaError(.limitReached, "a node has too many labels or properties")
      }
      guard Set(labels).count == labels.count else {
        throw StemmaError(.writeRejected, "a label is given twice")
      }
    case .edge(let type, let names):
      try Preparation.check(name: type, what: "edge type")
      guard names.count <= WriteLimits.properties else {
        throw StemmaError(.limitReached, "an edge has too many properties")
      }
    }
    var seen: Set<Text> = []
    for name in shape.names {
      try Preparation.check(name: name, what: "property name")
      guard seen.insert(name).inserted else {
        throw StemmaError(.writeRejected, "the property `\(name)` is given twice")
      }
    }
  }

  static func check(values rows: LoadRows) throws {
    if rows.bytes.count <= WriteLimits.valueBytes { return }
    for value in rows.ends.indices where rows.range(value).count - 1 > WriteLimits.valueBytes {
      throw StemmaError(
        .limitReached, "a property is larger than \(WriteLimits.valueBytes >> 20) MiB",
        advice: "store it as an object")
    }
  }
}
