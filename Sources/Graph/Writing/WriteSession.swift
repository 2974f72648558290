// Whole transactions within one write transaction of the store: the log record and all projections
// of each, one after the other. Every request is checked completely before its first write.

import Base
import Store

/// Appends transactions to the log and projects them. Members of a group commit share one.
final class WriteSession: GroupCompanion {
  let projector: Projector
  let log: LogWriter
  let surroundings: Surroundings
  let rule: WriteRule?
  private let graph: Graph
  private let storeIdentity: [UInt8]
  /// Transactions that are projected and whose records are not in the log yet.
  private var pending: [PendingRecord] = []
  private var hasAppended = false
  /// What the last request that was refused was refused for.
  private(set) var refused: Preparation.Subject?

  /// A record to be made.
  private struct PendingRecord: Sendable {
    var draft: RecordDraft
    var changes: [LoggedOperation]
  }

  /// Starts from what the store of `graph` holds.
  init(_ reading: Reading, _ graph: Graph) throws {
    projector = try Projector(reading, known: graph.knownCatalogue, layout: graph.layout)
    graph.remember(projector.startingCatalogue)
    let (identity, transactions) = (
      graph.store.header.uuid, projector.head.transaction.rawValue
    )
    if let kept = graph.takeKeptProjection(),
      let log = try LogWriter(reading, storeIdentity: identity, transactions: transactions, kept)
    {
      self.log = log
      projector.adopt(kept)
    } else {
      log = try LogWriter(reading, storeIdentity: identity, transactions: transactions)
    }
    self.graph = graph
    surroundings = graph.surroundings
    rule = graph.rule
    storeIdentity = graph.store.header.uuid
  }

  /// Checks and carries out one request. Throws before anything is written where it is refused.
  /// Nothing is whole before `finish`.
  func append(
    _ request: TransactionRequest, when precondition: ((borrowing GraphView) throws -> Void)?,
    _ store: inout WriteTransaction
  ) throws -> TransactionReceipt {
    if let receipt = try Self.receipt(for: request.requestID, projector, store) { return receipt }
    if let precondition {
      try writeRecords(&store)
      try projector.flushChanges(&store)
      try projector.read(store, precondition)
    }
    let preparation = Preparation(projector)
    var receipt = TransactionReceipt(
      transaction: nextTransaction, committedAt: nextTime, nodes: [], edges: [], keys: [],
      wasRepeated: false)
    try prepare(request, preparation, &receipt, store)
    let draft = try draft(request, receipt, preparation)
    store.leaveTrace()
    hasAppended = true
    projector.begin(receipt.transaction, at: receipt.committedAt)
    let changes = preparation.changes
    if changes.count < Self.largeTransaction {
      for change in changes { try projector.apply(change, &store) }
      pending.append(PendingRecord(draft: draft, changes: changes))
      // What is sealed is looked up in the log.
      if projector.fillsRange || pending.count >= Self.pendingRecords { try writeRecords(&store) }
      try projector.end(request.requestID, &store)
      return receipt
    }
    try writeRecords(&store)
    // The record is hashed beside the projections, which do not need it before they are sealed.
    let (_, record) = try Parallel.both {
      Result { try draft.record(changes) }
    } _: {
      for change in changes { try projector.apply(change, &store) }
    }
    try close(try record.get(), &store)
    return receipt
  }

  /// Operations from which a second thread is worth its while.
  private static let largeTransaction = 4_096
  /// Records that are made together, and from how many on several threads.
  private static let pendingRecords = 128
  private static let fewRecords = 8

  /// Makes the records that are pending and appends them to the log.
  func writeRecords(_ store: inout WriteTransaction) throws {
    let records = pending
    pending.removeAll(keepingCapacity: true)
    if records.count < Self.fewRecords {
      for record in records {
        let (made, bytes) = try record.draft.record(record.changes)
        try log.append(made, bytes, &store)
      }
      return
    }
    let made = Parallel.map(records.count) { index in
      Result {
        let (record, bytes) = try records[index].draft.record(records[index].changes)
        return (leaf: record.leaf, bytes: bytes)
      }
    }
    for (index, outcome) in made.enumerated() {
      let record = try outcome.get()
      let number = records[index].draft.header.transaction
      try log.append(number, record.leaf, record.bytes, &store)
    }
  }

  /// Writes everything that was held back; nothing where nothing was appended.
  func finish(_ store: inout WriteTransaction) throws {
    guard hasAppended else { return }
    hasAppended = false
    try writeRecords(&store)
    try end(&store)
  }

  /// Writes what was held back, and leaves what the next transaction can use.
  private func end(_ store: inout WriteTransaction) throws {
    try projector.flush(&store)
    // Where this is not committed after all, the log will not have this end.
    graph.keep(projector.kept(log))
  }

  /// Writes what was held back and preparing a request would read. To be called before the requests
  /// of a group but the first.
  func makeReadable(
    for request: TransactionRequest, _ store: inout WriteTransaction
  ) throws {
    let first = projector.head.nodeLimit
    let hasSchema = projector.schema != nil
    for operation in request.operations
    where Preparation.readsNeighbours(operation, hasSchema: hasSchema, first: first) {
      return try projector.flushGroups(&store)
    }
  }

  private func prepare(
    _ request: TransactionRequest, _ preparation: Preparation,
    _ receipt: inout TransactionReceipt, _ store: borrowing WriteTransaction
  ) throws {
    let view = try GraphView(store.reading, projector.head, projector.currentCatalogue, at: nil)
    refused = nil
    defer { if !preparation.isFinished { refused = preparation.subject } }
    for operation in request.operations {
      let applied = try preparation.prepare(operation, view)
      if let node = applied.node {
        receipt.nodes.append(node)
        receipt.keys.append(applied.key)
      }
      if let edge = applied.edge { receipt.edges.append(edge) }
    }
    try preparation.finish(view)
    try rule?.enforce(preparation.changes, store: storeIdentity, view)
  }

  /// Runs a transaction whose operations are applied as they come; there is no receipt where it
  /// changed nothing, and then `store` must be abandoned.
  func run<Result>(
    _ request: TransactionRequest, _ store: inout WriteTransaction,
    _ body: (inout GraphTransaction) throws -> Result
  ) throws -> (Result, TransactionReceipt?) {
    if try Self.receipt(for: request.requestID, projector, store) != nil {
      throw StemmaError(
        .writeRejected, "this request was carried out before",
        advice: "choose a new request identifier to do it again")
    }
    projector.begin(nextTransaction, at: nextTime)
    var transaction = GraphTransaction(store, projector)
    let outcome = Swift.Result<Result, any Error> {
      for operation in request.operations { try transaction.apply(operation) }
      let result = try body(&transaction)
      try transaction.finish()
      return result
    }
    let preparation = transaction.preparation
    let receipt = TransactionReceipt(
      transaction: transaction.number, committedAt: projector.head.committedAt,
      nodes: transaction.createdNodes, edges: transaction.createdEdges,
      keys: transaction.createdKeys, wasRepeated: false)
    store = transaction.giveBack()
    let result = try outcome.get()
    if preparation.changes.isEmpty { return (result, nil) }
    if let rule {
      try projector.read(store) {
        try rule.enforce(preparation.changes, store: storeIdentity, $0)
      }
    }
    let draft = try draft(request, receipt, preparation)
    try close(try draft.record(preparation.changes), &store)
    try end(&store)
    return (result, receipt)
  }

  var nextTransaction: TransactionNumber {
    TransactionNumber(projector.head.transaction.rawValue + 1)
  }

  /// Strictly later than the transaction before, whatever the clock says.
  var nextTime: Timestamp {
    let now = surroundings.now()
    let last = projector.head.committedAt
    return now > last ? now : Timestamp(microsecondsSinceEpoch: last.rawValue + 1)
  }

  /// The record of a transaction, under the schema in force after it.
  private func draft(
    _ request: TransactionRequest, _ receipt: TransactionReceipt, _ preparation: Preparation
  ) throws -> RecordDraft {
    try log.draft(
      request, receipt.transaction, at: receipt.committedAt, schema: preparation.schema,
      surroundings)
  }

  /// Writes the record of the transaction that was just applied, and closes it.
  private func close(
    _ record: (LogRecord, bytes: [UInt8]), _ store: inout WriteTransaction
  ) throws {
    try log.append(record.0, record.bytes, &store)
    try projector.end(record.0.header.requestID, &store)
  }

  // MARK: Repeated requests

  /// The receipt of a request that was carried out before.
  static func receipt(
    for request: RequestID, _ projector: Projector, _ store: borrowing WriteTransaction
  ) throws -> TransactionReceipt? {
    let reading = store.reading
    guard let row = try reading.get(.requests, KeyBuffer.request(request).bytes) else { return nil }
    guard row.byteCount == 8 else {
      throw StemmaError.damaged("requests", "a request has the wrong length")
    }
    let transaction = TransactionNumber(row.little64(0))
    let bounds = try TransactionBounds(reading, transaction)
    let view = try GraphView(reading, projector.head, projector.currentCatalogue, at: transaction)
    let before = try GraphView(
      reading, projector.head, projector.currentCatalogue,
      at: TransactionNumber(transaction.rawValue - 1))
    let nodes = (before.nodeLimit..<bounds.nodeLimit).map { NodeID($0) }
    return TransactionReceipt(
      transaction: transaction, committedAt: bounds.committedAt, nodes: nodes,
      edges: (before.edgeLimit..<bounds.edgeLimit).map { EdgeID($0) },
      keys: try nodes.map { try view.key(of: $0) }, wasRepeated: true)
  }
}
