// Sealing: when a transaction fills a range of identities, the rows of the range become columns
// and are deleted. It happens at the end of that transaction, whatever group it is committed with,
// so the columns are a function of the log.

import Base
import Store

extension Projector {
  /// Whether a range is full and not sealed yet.
  var fillsRange: Bool {
    let size = UInt64(head.layout.rangeSize)
    return head.nodeLimit - head.sealedNodes >= size || head.edgeLimit - head.sealedEdges >= size
  }

  /// Seals the ranges that are full.
  func seal(_ store: inout WriteTransaction) throws {
    let size = UInt64(head.layout.rangeSize)
    if head.nodeLimit - head.sealedNodes >= size {
      var places = LogPlaces(ofNodes: true, symbols: symbols)
      while head.nodeLimit - head.sealedNodes >= size {
        try sealNodes(&places, &store)
        head.sealedNodes += size
      }
      nodeRows.drop(below: head.sealedNodes)
    }
    if head.edgeLimit - head.sealedEdges >= size {
      var places = LogPlaces(ofNodes: false, symbols: symbols)
      while head.edgeLimit - head.sealedEdges >= size {
        try sealEdges(&places, &store)
        head.sealedEdges += size
      }
      edgeRows.drop(below: head.sealedEdges)
    }
  }

  private func sealNodes(_ places: inout LogPlaces, _ store: inout WriteTransaction) throws {
    var range = SealedRange(first: head.sealedNodes, layout: head.layout)
    var labels: [[Symbol]] = []
    try range.readRows(.nodes, store.reading, nodeRows) { row in
      let start = try NodeRow(row)
      labels.append(try start.labels(in: row))
      return (start.flags, start.creation, start.propertiesOffset)
    }
    let number = try range.write(
      .nodes, columns: ChunkKey.nodeColumn, changes: ChunkKey.nodeChanges, &places, &store)
    let heads = NodeHeads.encode(range.creations, labels)
    try store.put(.chunks, ChunkKey.key(ChunkKey.nodeHeads, number), heads)
    if !range.changes.isEmpty { head.changedNodeRanges += 1 }
  }

  private func sealEdges(_ places: inout LogPlaces, _ store: inout WriteTransaction) throws {
    var range = SealedRange(first: head.sealedEdges, layout: head.layout)
    var ends: [EdgeEnds] = []
    try range.readRows(.edges, store.reading, edgeRows) { row in
      let start = try EdgeRow(row)
      ends.append(
        EdgeEnds(edge: EdgeID(0), type: start.type, from: start.from, to: start.to))
      return (start.flags, start.creation, start.propertiesOffset)
    }
    let number = try range.write(
      .edges, columns: ChunkKey.edgeColumn, changes: ChunkKey.edgeChanges, &places, &store)
    let heads = EdgeHeads.encode(range.creations, ends)
    try store.put(.chunks, ChunkKey.key(ChunkKey.edgeHeads, number), heads)
    if !range.changes.isEmpty { head.changedEdgeRanges += 1 }
  }

  /// Notes in a sealed range that a node or an edge changed; what is noted already costs a look-up.
  func noteChange(
    _ flag: UInt8, ofNode: Bool, _ identity: UInt64, _ store: inout WriteTransaction
  ) throws {
    let kind = ofNode ? ChunkKey.nodeChanges : ChunkKey.edgeChanges
    let place = head.layout.place(of: identity)
    let key = ChunkKey.key(kind, head.layout.range(of: identity))
    var row = try copy(.chunks, key, store) ?? []
    if row.isEmpty {
      if ofNode { head.changedNodeRanges += 1 } else { head.changedEdgeRanges += 1 }
    } else if try ChangeRow.flags(place, row.span.bytes, head.layout) & flag != 0 {
      return
    }
    ChangeRow.set(flag, place, in: &row, head.layout)
    try store.put(.chunks, key, row)
  }
}

/// A range while it is sealed.
private struct SealedRange {
  let first: UInt64
  let layout: GraphLayout
  private(set) var creations: [UInt64] = []
  private(set) var changes: [UInt8] = []
  private var columns: [Symbol: ColumnBuilder] = [:]
  /// How many of the range's rows are in the table; the others were held back.
  private var stored = Int.max
  /// Those of them that have entries of their own.
  private var longRows: [UInt64] = []

  init(first: UInt64, layout: GraphLayout) {
    self.first = first
    self.layout = layout
    creations.reserveCapacity(layout.rangeSize)
  }

  /// Reads every row of the range, those of the table first, then those that are held back; `body`
  /// reads what is special to the kind of row.
  mutating func readRows(
    _ table: Table, _ reading: Reading, _ held: RowBuffer,
    _ body: (RawSpan) throws -> (flags: UInt8, creation: TransactionNumber, properties: Int)
  ) throws {
    if !held.isEmpty { stored = held.first > first ? Int(held.first - first) : 0 }
    stored = min(stored, layout.rangeSize)
    for start in stride(from: 0, to: stored, by: RowBlock.size) {
      guard let block = try reading.get(table, RowBlock.key(first + UInt64(start)).bytes) else {
        throw StemmaError.damaged(table.name, "a block is missing")
      }
      for place in start..<min(stored, start + RowBlock.size) {
        let identity = first + UInt64(place)
        let range = try RowBlock.range(block, identity)
        if !range.isEmpty {
          try read(block.extracting(range), place, body)
          continue
        }
        guard let row = try reading.get(table, RowBlock.longKey(identity).bytes) else {
          throw StemmaError.damaged(table.name, "a row is missing")
        }
        longRows.append(identity)
        try read(row, place, body)
      }
    }
    for place in stored..<layout.rangeSize {
      let range = held.range(of: first + UInt64(place))
      try read(held.bytes.span.bytes.extracting(range), place, body)
    }
  }

  private mutating func read(
    _ row: RawSpan, _ place: Int,
    _ body: (RawSpan) throws -> (flags: UInt8, creation: TransactionNumber, properties: Int)
  ) throws {
    let start = try body(row)
    creations.append(start.creation.rawValue)
    for flag in [RowFlags.ended, RowFlags.properties, RowFlags.labels]
    where start.flags & flag != 0 {
      ChangeRow.set(flag, place, in: &changes, layout)
    }
    try PropertyBlock.forEach(row, at: start.properties) { name, offset, count in
      columns[name, default: ColumnBuilder()].add(place, row, offset, count)
    }
  }

  /// Chooses encodings, and finds in the log the texts that stay there.
  private mutating func findPlaces(_ places: inout LogPlaces, _ reading: Reading) throws {
    for name in columns.keys { columns[name]!.choose() }
    let wanted = Set(columns.filter(\.value.wantsPlaces).keys)
    if wanted.isEmpty { return }
    let limit = first + UInt64(layout.rangeSize)
    var last: UInt64 = 0
    for creation in creations where creation != last {
      last = creation
      try places.walk(TransactionNumber(creation), below: limit, reading) { identity, name, place in
        guard identity >= first, wanted.contains(name) else { return }
        columns[name]!.note(layout.place(of: identity), place)
      }
    }
  }

  /// Puts the columns and the changes, and deletes the rows. Returns the number of the range.
  mutating func write(
    _ table: Table, columns kind: UInt8, changes changesKind: UInt8, _ places: inout LogPlaces,
    _ store: inout WriteTransaction
  ) throws -> UInt32 {
    try findPlaces(&places, store.reading)
    let range = layout.range(of: first)
    for name in columns.keys.sorted() {
      let chunk = columns[name]!.chunk(size: layout.rangeSize)
      try store.put(.chunks, ChunkKey.key(kind, range, name), chunk)
    }
    if !changes.isEmpty { try store.put(.chunks, ChunkKey.key(changesKind, range), changes) }
    for place in stride(from: 0, to: stored, by: RowBlock.size) {
      try store.delete(table, RowBlock.key(first + UInt64(place)).bytes)
    }
    for identity in longRows { try store.delete(table, RowBlock.longKey(identity).bytes) }
    return range
  }
}
