// A load within one write transaction of the store. Rows are read, hashed and turned into columns
// on all processors; this one thread gives symbols and writes. What the rules of a schema, keys or
// unique values decide, and ranges that were begun before, are appended like any other request; so
// are parts with very large values.

import Base
import Store

/// One load under way.
final class BulkLoad {
  private let session: WriteSession
  private let source: any LoadSource
  private let request: TransactionRequest
  private let progress: (_ done: Int, _ total: Int) -> Void
  private var projector: Projector { session.projector }
  private var recordCount: UInt64 = 0
  private var firstTransaction: TransactionNumber?
  private var done = 0
  /// Sorted entries of indexes, by number.
  private var entries: [UInt32: [EntryBuffer]] = [:]
  private var edges: [Symbol: LoadedEdges] = [:]
  /// Whether edges were appended like any other.
  private var hasOrdinaryEdges = false
  /// Where the nodes of the load begin.
  private var firstNode = NodeID(0)
  private var firstEdge = EdgeID(0)

  /// Rows per record, as whole ranges.
  private static let recordRows = 16_384
  /// So many rows are one record where they are appended like any other request.
  private static let rowsAtOnce = 65_536
  /// A part with more bytes is divided, and appended like any other request.
  private static let partBytes = 64 << 20

  init(
    _ reading: Reading, _ graph: Graph, _ source: any LoadSource, _ request: TransactionRequest,
    _ progress: @escaping (_ done: Int, _ total: Int) -> Void
  ) throws {
    session = try WriteSession(reading, graph)
    self.source = source
    self.request = request
    self.progress = progress
  }

  /// Loads everything: the operations of the request first, then nodes, then edges.
  func run(_ store: inout WriteTransaction) throws -> LoadReceipt {
    if let before = try WriteSession.receipt(for: request.requestID, projector, store) {
      return LoadReceipt(
        first: before.transaction, last: before.transaction, committedAt: before.committedAt,
        nodeCount: source.nodeCount, edgeCount: source.edgeCount, wasRepeated: true)
    }
    projector.holdEntries()
    if !request.operations.isEmpty { try append(request.operations, &store) }
    let head = projector.head
    firstNode = NodeID(head.nodeLimit)
    guard head.nodeLimit + UInt64(source.nodeCount) <= NodeID.limit,
      head.edgeLimit + UInt64(source.edgeCount) <= EdgeID.limit
    else { throw StemmaError(.limitReached, "the store has no identities left for so many") }
    try load(&store)
    try projector.putNeighbours(
      edges.map { ($0.key, $0.value) }, from: firstNode, mayHaveRows: hasOrdinaryEdges, &store)
    try session.finish(&store)
    try projector.flush(&store)
    return LoadReceipt(
      first: firstTransaction ?? projector.head.transaction, last: projector.head.transaction,
      committedAt: projector.head.committedAt, nodeCount: source.nodeCount,
      edgeCount: source.edgeCount)
  }

  // MARK: Parts

  /// Whether nothing but the rows decides what they become.
  private var isDirect: Bool {
    projector.schema == nil && !source.hasKeys
      && !projector.indexes.contains { $0.isInForce && $0.definition.isUnique }
  }

  private func load(_ store: inout WriteTransaction) throws {
    let head = projector.head
    let nodes = parts(.nodes, source.nodeCount, head.nodeLimit) { source.byteCount(ofNodes: $0) }
    let edges = parts(.edges, source.edgeCount, head.edgeLimit) { source.byteCount(ofEdges: $0) }
    hasOrdinaryEdges = edges.contains { !$0.isDirect }
    firstEdge = EdgeID(head.edgeLimit)
    if try appendAtOnce(nodes + edges, &store) { return }
    var rest = (nodes + edges)[...]
    while let part = rest.first {
      let direct = rest.prefix { $0.isDirect }
      if direct.isEmpty {
        if part.kind == .edges { try flushEntries(&store) }
        var rows = LoadRows()
        try source.read(part, firstNode, into: &rows)
        try append(try rows.requests(), &store)
        finished(part.rows.count)
        rest = rest.dropFirst()
      } else {
        try loadDirectly(Array(direct), &store)
        rest = rest.dropFirst(direct.count)
      }
    }
    try flushEntries(&store)
  }

  /// Appends what is not much and cannot be loaded directly as one transaction.
  private func appendAtOnce(
    _ parts: [LoadPart], _ store: inout WriteTransaction
  ) throws -> Bool {
    let bytes =
      source.byteCount(ofNodes: 0..<source.nodeCount)
      + source.byteCount(ofEdges: 0..<source.edgeCount)
    guard !isDirect, source.nodeCount + source.edgeCount <= Self.rowsAtOnce,
      bytes <= Self.partBytes
    else { return false }
    var operations: [Operation] = []
    for part in parts {
      var rows = LoadRows()
      try source.read(part, firstNode, into: &rows)
      operations += try rows.requests()
    }
    if !operations.isEmpty { try append(operations, &store) }
    finished(operations.count)
    return true
  }

  /// Divides rows, the first of which gets the identity `limit`, into records.
  private func parts(
    _ kind: LoadPart.Kind, _ count: Int, _ limit: UInt64, _ byteCount: (Range<Int>) -> Int
  ) -> [LoadPart] {
    let size = projector.head.layout.rangeSize
    let rowsPerPart = max(size, Self.recordRows / size * size)
    var result: [LoadPart] = []
    var start = 0
    // Rows up to the end of a range that was begun.
    let begun = Int(limit % UInt64(size))
    if begun > 0 {
      start = min(count, size - begun)
      divide(kind, 0..<start, byteCount, into: &result)
    }
    while start < count {
      let rows = start..<min(count, start + rowsPerPart)
      if isDirect, byteCount(rows) <= Self.partBytes {
        result.append(LoadPart(kind: kind, rows: rows, isDirect: true))
      } else {
        divide(kind, rows, byteCount, into: &result)
      }
      start = rows.upperBound
    }
    return result
  }

  private func divide(
    _ kind: LoadPart.Kind, _ rows: Range<Int>, _ byteCount: (Range<Int>) -> Int,
    into parts: inout [LoadPart]
  ) {
    if rows.isEmpty { return }
    guard rows.count > 1, byteCount(rows) > Self.partBytes else {
      return parts.append(LoadPart(kind: kind, rows: rows, isDirect: false))
    }
    let middle = rows.lowerBound + rows.count / 2
    divide(kind, rows.lowerBound..<middle, byteCount, into: &parts)
    divide(kind, middle..<rows.upperBound, byteCount, into: &parts)
  }

  private func finished(_ rows: Int) {
    done += rows
    progress(done, source.nodeCount + source.edgeCount)
  }

  /// Appends operations like any other request.
  private func append(_ operations: [Operation], _ store: inout WriteTransaction) throws {
    let request = nextRequest(operations)
    try session.makeReadable(for: request, &store)
    let receipt: TransactionReceipt
    do {
      receipt = try session.append(request, when: nil, &store)
    } catch let error as StemmaError {
      throw try placed(error)
    }
    try session.writeRecords(&store)
    guard !receipt.wasRepeated else { throw Self.repeated(receipt.transaction) }
    if firstTransaction == nil { firstTransaction = receipt.transaction }
  }

  /// An error of a row with the row's place in its file; that of a schema goes into the words.
  private func placed(_ error: StemmaError) throws -> StemmaError {
    guard let subject = session.refused else { return error }
    var place: StemmaError.Place?
    if let node = subject.node, node >= firstNode {
      let row = Int(node.rawValue - firstNode.rawValue)
      place = try source.place(ofNode: row, property: subject.property)
    } else if let edge = subject.edge, edge >= firstEdge {
      let row = Int(edge.rawValue - firstEdge.rawValue)
      place = try source.place(ofEdge: row, property: subject.property)
    }
    guard let place else { return error }
    var error = error
    if case .text(let name?, let line, _, _, _)? = error.place {
      error.message += " (\(name), line \(line))"
    }
    error.place = place
    return error
  }

  private static func repeated(_ transaction: TransactionNumber) -> StemmaError {
    StemmaError(
      .writeRejected, "this was loaded before, as transaction \(transaction.rawValue)",
      advice: "nothing is to be done")
  }

  /// The first record has the identifier of the whole, so that a repetition is noticed.
  private func nextRequest(_ operations: [Operation]) -> TransactionRequest {
    var next = request
    next.operations = operations
    next.requestID.low = request.requestID.low &+ recordCount
    recordCount += 1
    return next
  }

  // MARK: Directly

  private func loadDirectly(_ parts: [LoadPart], _ store: inout WriteTransaction) throws {
    let drafts = try drafts(parts.count)
    let (layout, indexes) = (projector.head.layout, projector.indexes)
    let (source, firstNode, firstEdge, rule) = (source, firstNode, firstEdge, session.rule)
    try Pipeline.run(parts.count, window: 3 * Parallel.threads) { index in
      Result {
        let part = parts[index]
        var rows = LoadRows()
        try source.read(part, firstNode, into: &rows)
        try rule?.enforce(rows)
        let first = part.kind == .nodes ? firstNode.rawValue : firstEdge.rawValue
        return try LoadedPart(
          rows, drafts[index], first: first + UInt64(part.rows.lowerBound), layout: layout,
          indexes: indexes)
      }
    } take: { outcome in
      let part = try outcome.get()
      // All nodes are there by then; others go on meanwhile.
      if !part.isNodes { try flushEntries(&store) }
      try take(part, &store)
      finished(part.rowCount)
    }
  }

  /// The beginnings of the next records, in their order.
  private func drafts(_ count: Int) throws -> [RecordDraft] {
    var drafts: [RecordDraft] = []
    var time = projector.head.committedAt
    for index in 0..<count {
      let now = session.surroundings.now()
      time = now > time ? now : Timestamp(microsecondsSinceEpoch: time.rawValue + 1)
      let number = TransactionNumber(projector.head.transaction.rawValue + UInt64(index + 1))
      drafts.append(
        try session.log.draft(
          nextRequest([]), number, at: time, schema: projector.schema, session.surroundings))
    }
    return drafts
  }

  /// Writes what a part became.
  private func take(_ part: LoadedPart, _ store: inout WriteTransaction) throws {
    guard try store.reading.get(.requests, KeyBuffer.request(part.requestID).bytes) == nil else {
      throw Self.repeated(part.transaction)
    }
    projector.begin(part.transaction, at: part.committedAt)
    if firstTransaction == nil { firstTransaction = part.transaction }
    let isNodes = part.isNodes
    for shape in part.rows.shapes { try name(shape, &store) }
    try projector.mark(part.members, ofNodes: isNodes, &store)
    for values in part.values {
      let name = SketchName(
        kind: isNodes ? StatisticKind.nodeValues : StatisticKind.edgeValues,
        name: try projector.symbol(values.name, &store),
        property: try projector.symbol(values.property, &store))
      try projector.merge(values.sketch, into: name, store)
    }
    for (number, buffer) in part.entries.sorted(by: { $0.key < $1.key }) {
      projector.count(.indexEntries, number, Int64(buffer.count))
      try hold(buffer, number, &store)
    }
    for (type, added) in part.edges {
      let symbol = try projector.symbol(type, &store)
      try projector.noteType(symbol, store)
      edges[symbol, default: LoadedEdges()].append(added)
    }
    try projector.put(part, &store)
    try session.log.append(part.transaction, part.record.leaf, part.record.bytes, &store)
    try projector.end(part.requestID, &store)
  }

  /// Gives symbols to the names of a shape, in the order in which operations would.
  private func name(_ shape: RecordShape, _ store: inout WriteTransaction) throws {
    switch shape {
    case .node(let labels, _, _): for label in labels { _ = try projector.symbol(label, &store) }
    case .edge(let type, _): _ = try projector.symbol(type, &store)
    }
    for name in shape.names { _ = try projector.symbol(name, &store) }
    if shape.hasKey { _ = try projector.symbol(Names.key, &store) }
  }

  /// Keeps entries until all of their index are there; but those that come in order, above all
  /// that there are, are put while this thread would wait for others.
  private func hold(
    _ buffer: EntryBuffer, _ number: UInt32, _ store: inout WriteTransaction
  ) throws {
    // What is kept of an index before this one could not be appended any more.
    guard buffer.wasOrdered, !entries.keys.contains(where: { $0 <= number }),
      try buffer.isAboveAll(store)
    else {
      return entries[number, default: []].append(buffer)
    }
    var buffer = buffer
    projector.count(.indexDistinct, number, try buffer.flush(&store))
  }

  /// Puts the entries of new nodes, in the order of their keys.
  private func flushEntries(_ store: inout WriteTransaction) throws {
    let held = projector.takeEntries()
    if held.isEmpty, entries.isEmpty { return }
    for number in Set(held.keys).union(entries.keys).sorted() {
      var parts = entries[number] ?? []
      if var before = held[number] {
        before.sort()
        parts.insert(before, at: 0)
      }
      var merged = LoadEntries.merge(parts)
      projector.count(.indexDistinct, number, try merged.flush(&store))
    }
    entries = [:]
  }
}
