// Writing what a part of a load became: the same rows that projecting its operations one by one
// comes to.

import Base
import Store

extension Projector {
  /// Sets bitmaps and counts of labels or types.
  func mark(
    _ members: [LoadedPart.Members], ofNodes: Bool, _ store: inout WriteTransaction
  ) throws {
    for members in members {
      let symbol = try symbol(members.name, &store)
      let name = BitmapName(
        what: ofNodes ? MemberBitmap.label : MemberBitmap.edgeType, symbol: symbol.rawValue,
        range: members.range)
      try mark(name, members.bits, store)
      count(ofNodes ? .label : .edgeType, symbol.rawValue, Int64(members.count))
    }
  }

  /// Puts the chunks of whole ranges, and holds the rows of the others back.
  func put(_ part: LoadedPart, _ store: inout WriteTransaction) throws {
    let size = UInt64(head.layout.rangeSize)
    var next = part.first
    for range in part.ranges {
      let number = head.layout.range(of: next)
      let kind = part.isNodes ? ChunkKey.nodeColumn : ChunkKey.edgeColumn
      var columns: [(name: Symbol, chunk: [UInt8])] = []
      for column in range.columns {
        columns.append((try symbol(column.name, &store), column.chunk))
      }
      for column in columns.sorted(by: { $0.name < $1.name }) {
        try store.put(.chunks, ChunkKey.key(kind, number, column.name), column.chunk)
      }
      try putHeads(range, number, part, &store)
      next += size
    }
    let limit = part.first + UInt64(part.rowCount)
    if part.isNodes {
      try holdNodes(part, from: next)
      (head.nodeLimit, head.sealedNodes) = (limit, next)
    } else {
      try holdEdges(part, from: next)
      (head.edgeLimit, head.sealedEdges) = (limit, next)
    }
  }

  private func putHeads(
    _ range: LoadRange, _ number: UInt32, _ part: LoadedPart, _ store: inout WriteTransaction
  ) throws {
    if part.isNodes {
      var sets: [[Symbol]] = []
      for set in range.labelSets { sets.append(try set.map { try symbol($0, &store) }.sorted()) }
      let heads = NodeHeads.encode(
        creation: part.transaction, codes: range.setNumbers, labelSets: sets)
      return try store.put(.chunks, ChunkKey.key(ChunkKey.nodeHeads, number), heads)
    }
    var heads = range.edgeHeads
    var types: [Symbol] = []
    for type in range.types { types.append(try symbol(type, &store)) }
    EdgeHeads.setTypes(types, in: &heads)
    try store.put(.chunks, ChunkKey.key(ChunkKey.edgeHeads, number), heads)
  }

  /// Rows of a range that is not full.
  private func holdNodes(_ part: LoadedPart, from identity: UInt64) throws {
    try forEachRow(part, from: identity) { shape, properties, _ in
      guard case .node(let labels, _, _) = shape else { return }
      NodeRow.encode(
        creation: part.transaction, labels: labels.compactMap { symbols[$0] }.sorted(),
        properties: properties, into: &nodeRows.bytes)
    } close: {
      nodeRows.close($0)
    }
  }

  private func holdEdges(_ part: LoadedPart, from identity: UInt64) throws {
    try forEachRow(part, from: identity) { shape, properties, row in
      guard case .edge(let type, _) = shape, let symbol = symbols[type] else { return }
      let ends = EdgeEnds(
        edge: EdgeID(part.first + UInt64(row)), type: symbol, from: part.rows.starts[row],
        to: part.rows.targets[row])
      EdgeRow.encode(
        creation: part.transaction, ends, properties: properties, into: &edgeRows.bytes)
    } close: {
      edgeRows.close($0)
    }
  }

  private func forEachRow(
    _ part: LoadedPart, from identity: UInt64,
    _ body: (RecordShape, [(name: Symbol, value: Value)], Int) throws -> Void,
    close: (UInt64) -> Void
  ) throws {
    let rows = part.rows
    var value = 0
    for row in 0..<rows.count {
      let shape = rows.shapes[Int(rows.rowShapes[row])]
      defer { value += shape.valueCount }
      if part.first + UInt64(row) < identity { continue }
      var properties: [(name: Symbol, value: Value)] = []
      let names = shape.hasKey ? [Names.key] + shape.names : shape.names
      for (index, name) in names.enumerated() {
        guard let symbol = symbols[name] else { continue }
        properties.append((symbol, try rows.value(value + index)))
      }
      properties.sort { $0.name < $1.name }
      try body(shape, properties, row)
      close(part.first + UInt64(row))
    }
  }
}

extension Graph {
  /// Loads rows with one durable commit, all of them or nothing to readers. `request` says who and
  /// why; its operations, which define indexes, come first. The records of the load have the
  /// identifiers that follow that of the request.
  package func load(
    _ source: any LoadSource, _ request: TransactionRequest,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> LoadReceipt {
    try store.write { transaction in
      try withoutActuallyEscaping(progress) { progress in
        try BulkLoad(transaction.reading, self, source, request, progress).run(&transaction)
      }
    }
  }
}
