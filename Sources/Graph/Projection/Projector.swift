// Makes the projections from changes: the one place that writes any table but the log's own. A
// projection is a function of the log alone, so nothing here may look at a clock, a random source
// or the order of a dictionary.
//
// Bitmaps, counters and groups of neighbours are written when the projector is flushed, once per
// group commit; rows at the end of their transaction; everything else at once. Nothing here is
// refused: what could be was checked before (Preparation.swift).

import Base
import Store

/// Applies changes to the projections within one write transaction of the store.
final class Projector {
  @exclusivity(unchecked) var head: Head
  @exclusivity(unchecked) var symbols: SymbolTable
  @exclusivity(unchecked) var indexes: [IndexRecord]
  @exclusivity(unchecked) var schema: CompiledSchema?
  /// The types that some edge has or had, in their order.
  @exclusivity(unchecked) var edgeTypes: [Symbol]
  /// The last number handed out per key prefix, where it was asked for.
  var keyCounters: [Text: UInt64] = [:]
  var changedCounters: Set<Text> = []
  typealias Bitmaps = [BitmapName: Bitmap]
  @exclusivity(unchecked) var bitmaps: Bitmaps = [:]
  @exclusivity(unchecked) var statistics = PendingStatistics()
  @exclusivity(unchecked) var sketches = OpenSketches()
  /// The block of names that was written last.
  @exclusivity(unchecked) var nameBlock: NameBlock?
  /// Rows of the transaction under way that are not in the store yet.
  @exclusivity(unchecked) var nodeRows = RowBuffer()
  @exclusivity(unchecked) var edgeRows = RowBuffer()
  /// Index entries of new nodes that are held back during a load; `nil` outside of one.
  @exclusivity(unchecked) var entries: [UInt32: EntryBuffer]?
  typealias Groups = [AdjacencyGroupName: AdjacencyGroup]
  @exclusivity(unchecked) var groups: Groups = [:]
  /// A row under construction, reused.
  @exclusivity(unchecked) var row: [UInt8] = []
  /// How many statements about the log this transaction made.
  var trailEntries: UInt32 = 0
  @exclusivity(unchecked) private var catalogue: Catalogue?

  /// The names, schema and indexes that the store had at the start.
  let startingCatalogue: Catalogue

  /// Starts from what the store holds; `known` spares reading names again.
  init(_ reading: Reading, known: Catalogue, layout: GraphLayout) throws {
    head = try Head(reading, layout: layout)
    let current =
      known.isCurrent(for: head) ? known : try Catalogue.load(reading, head, older: known)
    symbols = current.symbols
    indexes = current.indexes
    schema = current.schema
    edgeTypes = current.edgeTypes
    catalogue = current
    startingCatalogue = current
  }

  /// The names, schema and indexes of now, for a view.
  var currentCatalogue: Catalogue {
    if let catalogue { return catalogue }
    let made = Catalogue(
      symbols: symbols, indexes: indexes, schema: schema, edgeTypes: edgeTypes,
      schemaTransaction: head.schemaTransaction)
    catalogue = made
    return made
  }

  /// To be called after any change of names, schema or indexes.
  func forgetCatalogue() { catalogue = nil }

  /// Lends the graph with everything applied so far. It must be flushed first where scans,
  /// statistics or neighbours matter.
  func read<Result>(
    _ store: borrowing WriteTransaction, _ body: (borrowing GraphView) throws -> Result
  ) throws -> Result {
    let view = try GraphView(store.reading, head, currentCatalogue, at: nil)
    return try body(view)
  }

  /// Opens a transaction: what is applied from here on belongs to it.
  func begin(_ transaction: TransactionNumber, at time: Timestamp) {
    head.transaction = transaction
    head.committedAt = time
    trailEntries = 0
  }

  /// Closes the transaction, whose record is in the log: its bounds are what AS OF goes by, its
  /// request is never repeated, and what it filled is sealed.
  func end(_ request: RequestID, _ store: inout WriteTransaction) throws {
    try seal(&store)
    try flushRows(&store)
    var number: [UInt8] = []
    number.appendLittle(head.transaction.rawValue, bytes: 8)
    try store.put(.requests, KeyBuffer.request(request), number)
    let key = MetaKey.bounds(head.transaction)
    let bounds = TransactionBounds(head).bytes
    try store.put(.meta, key, bounds)
  }

  /// Writes what was held back, and the head that says so: the end of a group.
  func flush(_ store: inout WriteTransaction) throws {
    try flushChanges(&store)
    try store.put(.meta, MetaKey.head, head.bytes)
  }

  /// Writes what was held back, for readers within the write transaction: they have the head.
  func flushChanges(_ store: inout WriteTransaction) throws {
    try flushRows(&store)
    try flushEntries(&store)
    try flushBitmaps(&store)
    try flushStatistics(&store)
    try flushGroups(&store)
    for prefix in changedCounters.sorted() {
      var bytes: [UInt8] = []
      bytes.appendLittle(keyCounters[prefix]!, bytes: 8)
      try store.put(.meta, MetaKey.counter(prefix: prefix), bytes)
    }
    changedCounters.removeAll()
  }

  /// Writes the rows that were held back. They are while operations only create: a large
  /// transaction fills whole ranges, whose rows are then never written.
  func flushRows(_ store: inout WriteTransaction) throws {
    try nodeRows.flush(.nodes, &store)
    try edgeRows.flush(.edges, &store)
  }

  /// Whether so many rows are held back that they had better be written.
  var holdsManyRows: Bool { nodeRows.bytes.count + edgeRows.bytes.count > Self.heldBytes }

  private static let heldBytes = 4 << 20

  /// Applies one change to every projection. Who reads rows afterwards flushes them first.
  func apply(_ change: LoggedOperation, _ store: inout WriteTransaction) throws {
    if !change.isCreation {
      try flushRows(&store)
      try flushEntries(&store)
    }
    switch change {
    case .createNode(let node, let labels, let key, let properties):
      try createNode(node, labels, key, properties, &store)
    case .createEdge(let edge, let type, let from, let to, let properties):
      let ends = EdgeEnds(edge: edge, type: try symbol(type, &store), from: from, to: to)
      try createEdge(ends, properties, &store)
    case .setNodeProperty(let node, let property):
      try setProperty(property, of: node, &store)
    case .setEdgeProperty(let edge, let property):
      try setProperty(property, of: edge, &store)
    case .addLabel(let node, let label): try setLabel(label, true, of: node, &store)
    case .removeLabel(let node, let label): try setLabel(label, false, of: node, &store)
    case .deleteNode(let node): try endNode(node, &store)
    case .deleteEdge(let edge): try endEdge(edge, &store)
    case .defineSchema(let type): try defineSchema(type, &store)
    case .createIndex(let definition): try createIndex(definition, &store)
    case .dropIndex(let name): try dropIndex(name, &store)
    case .trail(let entry): try addTrailEntry(entry, &store)
    }
  }

  /// The symbol of a name, made on first use.
  func symbol(_ name: Text, _ store: inout WriteTransaction) throws -> Symbol {
    if let known = symbols[name] { return known }
    let made = Symbol(head.symbolCount)
    let bytes = Array(name.string.utf8)
    try store.put(.symbols, KeyBuffer.symbol(made.rawValue), bytes)
    head.symbolCount += 1
    forgetCatalogue()
    symbols.add(name)
    return made
  }

  /// Properties with symbols, in their order.
  func resolve(
    _ properties: [Property], _ store: inout WriteTransaction
  ) throws -> [(name: Symbol, value: Value)] {
    var resolved: [(name: Symbol, value: Value)] = []
    resolved.reserveCapacity(properties.count + 1)
    for property in properties {
      resolved.append((try symbol(property.name, &store), property.value))
    }
    return resolved
  }
}
