// Whole transactions within one write transaction of the store: the log record and all projections
// of each, one after the other. Every request is checked completely before its first write.

import Base
import Store

/// Appends transactions to the log and projects them.
struct WriteSession {
  let projector: Projector
  let surroundings: Surroundings

  init(_ reading: Reading, known: Catalogue, _ surroundings: Surroundings) throws {
    projector = try Projector(reading, known: known)
    self.surroundings = surroundings
  }

  /// Checks and carries out one request. Throws before anything is written where it is refused.
  func append(
    _ request: TransactionRequest, when precondition: ((borrowing GraphView) throws -> Void)?,
    _ store: inout WriteTransaction
  ) throws -> TransactionReceipt {
    if let receipt = try Self.receipt(for: request.requestID, projector, store) { return receipt }
    if let precondition {
      try projector.flush(&store)
      try projector.read(store, precondition)
    }
    let preparation = Preparation(projector)
    var receipt = TransactionReceipt(
      transaction: nextTransaction, committedAt: nextTime, nodes: [], edges: [], keys: [],
      wasRepeated: false)
    try prepare(request, preparation, &receipt, store)
    projector.keyCounters = preparation.keyCounters
    projector.begin(receipt.transaction, at: receipt.committedAt)
    for change in preparation.changes { try projector.apply(change, &store) }
    try record(request, preparation.changes, &store)
    return receipt
  }

  private func prepare(
    _ request: TransactionRequest, _ preparation: Preparation,
    _ receipt: inout TransactionReceipt, _ store: borrowing WriteTransaction
  ) throws {
    let view = try GraphView(store.reading, projector.head, projector.currentCatalogue, at: nil)
    for operation in request.operations {
      let applied = try preparation.prepare(operation, view)
      if let node = applied.node {
        receipt.nodes.append(node)
        receipt.keys.append(applied.key)
      }
      if let edge = applied.edge { receipt.edges.append(edge) }
    }
    try preparation.finish(view)
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
    let changes = transaction.preparation.changes
    let receipt = TransactionReceipt(
      transaction: transaction.number, committedAt: projector.head.committedAt,
      nodes: transaction.createdNodes, edges: transaction.createdEdges,
      keys: transaction.createdKeys, wasRepeated: false)
    store = transaction.giveBack()
    let result = try outcome.get()
    if changes.isEmpty { return (result, nil) }
    try record(request, changes, &store)
    try projector.flush(&store)
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

  /// Writes the record of the transaction that was just applied, and closes it.
  func record(
    _ request: TransactionRequest, _ changes: [Change], _ store: inout WriteTransaction
  ) throws {
    var value: [UInt8] = []
    value.appendLittle(projector.head.transaction.rawValue, bytes: 8)
    try store.put(.requests, Self.key(request.requestID), value)
    try projector.end(&store)
  }

  // MARK: Repeated requests

  static func key(_ request: RequestID) -> KeyBuffer {
    var key = KeyBuffer()
    key.add64(request.high)
    key.add64(request.low)
    return key
  }

  /// The receipt of a request that was carried out before.
  static func receipt(
    for request: RequestID, _ projector: Projector, _ store: borrowing WriteTransaction
  ) throws -> TransactionReceipt? {
    let reading = store.reading
    guard let row = try reading.get(.requests, key(request).bytes) else { return nil }
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
