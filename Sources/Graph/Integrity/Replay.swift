// Carries the log out again, record by record, into another store: each is checked for what it
// claims of itself and validated under the schema then in force, as if it were asked for today.

import Base
import Store

/// Replays a log.
struct Replay {
  let target: Projector
  let storeIdentity: [UInt8]
  private var frontier = MerkleFrontier()
  private var lastTime = Timestamp(microsecondsSinceEpoch: .min)

  /// Into an empty store.
  init(into reading: Reading, storeIdentity: [UInt8], layout: GraphLayout) throws {
    target = try Projector(reading, known: .empty, layout: layout)
    self.storeIdentity = storeIdentity
  }

  /// Into a store that holds the beginning of the same log; an empty one gets `layout`.
  init(continuing reading: Reading, storeIdentity: [UInt8], layout: GraphLayout) throws {
    try self.init(into: reading, storeIdentity: storeIdentity, layout: layout)
    frontier = try LogWriter.frontier(reading, size: target.head.transaction.rawValue)
    lastTime = target.head.committedAt
  }

  /// The root over the headers of the records so far.
  var merkleRoot: Digest { frontier.root }

  /// Carries out one record; throws what is wrong with it, as words.
  mutating func carryOut(
    _ bytes: [UInt8], number: TransactionNumber, _ store: inout WriteTransaction
  ) throws {
    let record = try decode(bytes, number)
    lastTime = record.header.committedAt
    if record.withheld.isEmpty {
      do {
        try validate(record, &store)
      } catch let error as StemmaError {
        // What a redaction took away may be what made a later change possible.
        guard try touchesWithheld(record, store) else { throw error }
      }
    }
    target.begin(number, at: record.header.committedAt)
    for operation in record.operations {
      let isPart = !record.withheld.isEmpty
      try target.apply(isPart ? operation.withoutNulls : operation, &store)
    }
    try store.append(.log, LogWriter.logKey(number), bytes)
    try LogWriter.extend(&frontier, by: record.leaf, &store)
    try target.end(record.header.requestID, &store)
    // What is held back is bounded.
    if number.rawValue % Self.transactionsPerFlush == 0 { try target.flush(&store) }
  }

  private static let transactionsPerFlush: UInt64 = 1_000

  /// Writes what was held back; to be called after the last record.
  func finish(_ store: inout WriteTransaction) throws { try target.flush(&store) }

  private func decode(_ bytes: [UInt8], _ number: TransactionNumber) throws -> LogRecord {
    let record: LogRecord
    do {
      record = try LogRecord(bytes: bytes)
    } catch {
      throw Self.fault("record \(number.rawValue) cannot be read: \(error)")
    }
    guard record.bytes == bytes else {
      throw Self.fault("record \(number.rawValue) is not in its one deterministic form")
    }
    guard record.isAuthentic else {
      throw Self.fault("the operations of record \(number.rawValue) are not what its header says")
    }
    let header = record.header
    guard header.transaction == number, header.store == storeIdentity else {
      throw Self.fault("record \(number.rawValue) belongs elsewhere")
    }
    guard header.committedAt > lastTime else {
      throw Self.fault("record \(number.rawValue) is not later than the one before")
    }
    return record
  }

  /// Prepares the operations again; what comes out must be what the log has.
  private func validate(_ record: LogRecord, _ store: inout WriteTransaction) throws {
    let preparation = Preparation(target)
    let operations = record.operations.map { Operation($0) }
    let hasSchema = target.schema != nil
    let first = target.head.nodeLimit
    if operations.contains(where: {
      Preparation.readsNeighbours($0, hasSchema: hasSchema, first: first)
    }) {
      try target.flushGroups(&store)
    }
    let view = try GraphView(store.reading, target.head, target.currentCatalogue, at: nil)
    for operation in operations { _ = try preparation.prepare(operation, view) }
    try preparation.finish(view)
    guard try isSame(preparation.changes, record) else {
      throw Self.fault("record \(number(record)) would be carried out otherwise")
    }
    let schema = preparation.schema?.sourceHash
    guard schema == record.header.schemaHash else {
      throw Self.fault("record \(number(record)) names another schema")
    }
  }

  /// Whether a record changes a node or an edge of which a value is withheld.
  private func touchesWithheld(
    _ record: LogRecord, _ store: borrowing WriteTransaction
  ) throws -> Bool {
    let view = try GraphView(store.reading, target.head, target.currentCatalogue, at: nil)
    var sources: Set<TransactionNumber> = []
    for operation in record.operations {
      switch operation {
      case .setNodeProperty(let node, _), .addLabel(let node, _), .removeLabel(let node, _),
        .deleteNode(let node):
        if let creation = try view.creation(of: node) { sources.insert(creation) }
        sources.formUnion(try view.versions(of: node))
      case .setEdgeProperty(let edge, _), .deleteEdge(let edge):
        if let creation = try view.creation(of: edge) { sources.insert(creation) }
        sources.formUnion(try view.versions(of: edge))
      default: break
      }
    }
    return try sources.contains { try view.record(of: $0)?.withheld.isEmpty == false }
  }

  private func number(_ record: LogRecord) -> UInt64 { record.header.transaction.rawValue }

  /// Whether prepared operations are those of the record. NaN is not equal to itself, so where a
  /// comparison fails the hashes decide.
  private func isSame(_ operations: [LoggedOperation], _ record: LogRecord) throws -> Bool {
    if operations == record.operations { return true }
    guard case .secret(let secret) = record.salts else { return false }
    let again = try LogRecord(header: record.header, secret: secret, operations: operations)
    return again.header.operationsRoot == record.header.operationsRoot
  }

  private static func fault(_ message: String) -> StemmaError {
    StemmaError(.storeDamaged, message, advice: "restore the store from a backup")
  }
}

extension LoggedOperation {
  /// What is created without the properties whose values are withheld: they are as if never given.
  fileprivate var withoutNulls: LoggedOperation {
    switch self {
    case .createNode(let node, let labels, let key, let properties):
      .createNode(
        node, labels: labels, key: key, properties: properties.filter { !$0.value.isNull })
    case .createEdge(let edge, let type, let from, let to, let properties):
      .createEdge(
        edge, type: type, from: from, to: to, properties: properties.filter { !$0.value.isNull })
    default: self
    }
  }
}

extension Operation {
  /// The request that comes to a logged operation.
  init(_ logged: LoggedOperation) {
    self =
      switch logged {
      case .createNode(_, let labels, let key, let properties):
        .createNode(labels: labels, key: key, properties: properties)
      case .createEdge(_, let type, let from, let to, let properties):
        .createEdge(type: type, from: .id(from), to: .id(to), properties: properties)
      case .setNodeProperty(let node, let property):
        .setProperty(of: .node(.id(node)), property)
      case .setEdgeProperty(let edge, let property):
        .setProperty(of: .edge(.id(edge)), property)
      case .addLabel(let node, let label): .addLabel(.id(node), label)
      case .removeLabel(let node, let label): .removeLabel(.id(node), label)
      case .deleteNode(let node): .deleteNode(.id(node), detach: false)
      case .deleteEdge(let edge): .deleteEdge(.id(edge))
      case .defineSchema(let type): .defineSchema(type)
      case .createIndex(let definition): .createIndex(definition)
      case .dropIndex(let name): .dropIndex(name: name)
      case .trail(let entry): .trail(entry)
      }
  }
}
